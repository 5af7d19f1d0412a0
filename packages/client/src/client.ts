/** The client's methods: one for each route. */

import type { AccessClient } from "./access.ts";
import type { EmbeddingsClient } from "./embeddings.ts";
import type {
  CallOptions,
  ContextRequest,
  EntitiesRequest,
  ExplainRequest,
  FeedbackRequest,
  ForgetRequest,
  GraphRequest,
  InvalidateRequest,
  JobsRequest,
  ListRequest,
  MemoryPatch,
  PatchOptions,
  PatternsRequest,
  ProcessRequest,
  RememberInput,
  SearchRequest,
  TrendsRequest,
  WaitOptions,
  WriteOptions,
} from "./requests.ts";
import type {
  ContextAnswer,
  EntityPage,
  EntityView,
  EraseJob,
  Explanation,
  Forgotten,
  Graph,
  Health,
  History,
  Job,
  JobPage,
  Memory,
  MemoryPage,
  Patched,
  Patterns,
  ProcessAnswer,
  Rated,
  Readiness,
  Remembered,
  SearchAnswer,
  Trends,
  Undone,
} from "./responses.ts";
import type { TransferClient } from "./transfer.ts";
import type { VectorGenerationsClient } from "./vector-generations.ts";

/** Every method throws `NexusClientError`, or the reason of its `signal`. */
export interface NexusClient extends AccessClient, EmbeddingsClient, TransferClient, VectorGenerationsClient {
  /**
   * Keeps memories; each has its own result, in the order sent.
   *
   *     await nexus.remember({ userId: "ana", content: "I am allergic to nuts" });
   *     await nexus.remember([{ userId: "ana", content: "one" }, { userId: "ben", content: "two" }]);
   *     await nexus.remember({ userId: "ana", sessionId: "s1", messages: [{ role: "user", content: "hello" }] });
   *
   * throws   memory.empty, memory.too_large, memory.time_invalid, memory.exists, body.*, idempotency.mismatch
   */
  remember(input: RememberInput, options?: WriteOptions): Promise<Remembered>;
  /** The same as a job, which is on disk when this resolves. */
  rememberLater(input: RememberInput, options?: WriteOptions): Promise<Job>;
  /** Recalls what a text is about, and keeps the text if `remember` says so. */
  process(request: ProcessRequest, options?: WriteOptions): Promise<ProcessAnswer>;
  /** Recalls without side effects; without a `userId` it covers the whole tenant, which takes an admin key. */
  search(request: SearchRequest, options?: CallOptions): Promise<SearchAnswer>;
  /** The memories that bear on a query, as one text of at most `maxTokens` for a prompt. */
  context(request: ContextRequest, options?: CallOptions): Promise<ContextAnswer>;
  /** Why a memory was, or was not, in an answer. throws query.not_found, memory.not_found */
  explain(request: ExplainRequest, options?: CallOptions): Promise<Explanation>;
  /** Whom and what a user's memories name, most often named first. */
  entities(request?: EntitiesRequest, options?: CallOptions): Promise<EntityPage>;
  /** An entity with its relations. throws entity.not_found */
  entity(id: string, request?: { readonly userId?: string | undefined }, options?: CallOptions): Promise<EntityView>;
  /** What surrounds an entity. throws entity.not_found */
  graph(request: GraphRequest, options?: CallOptions): Promise<Graph>;
  /** throws  memory.not_found */
  get(id: string, options?: CallOptions): Promise<Memory>;
  /** One page, newest first. A page may be shorter than `limit` and still have a successor. */
  list(request?: ListRequest, options?: CallOptions): Promise<MemoryPage>;
  /**
   * All pages from the request's cursor on. `timeoutMs` is for each page.
   *
   *     for await (const { items } of nexus.pages({ userId: "ana" })) console.log(items.length);
   */
  pages(request?: ListRequest, options?: CallOptions): AsyncGenerator<MemoryPage, void, undefined>;
  /** throws  memory.not_found, memory.version_conflict */
  patch(id: string, patch: MemoryPatch, options?: PatchOptions): Promise<Patched>;
  /** Ends a memory's validity and keeps its history. throws memory.not_found, memory.time_invalid, memory.version_conflict */
  invalidate(id: string, request: InvalidateRequest, options?: PatchOptions): Promise<Patched>;
  /** Gives back what a memory merged or superseded. throws memory.not_found, memory.merge_not_found */
  undoMerges(id: string, options?: WriteOptions): Promise<Undone>;
  /** Deletes a memory with its history. `userId` says whose it is, for the consistency of that user's reads. */
  forget(id: string, options?: WriteOptions & { readonly userId?: string | undefined }): Promise<Forgotten>;
  /** A job that forgets all that matches and was there before it. */
  forgetMany(request: ForgetRequest, options?: WriteOptions): Promise<Job>;
  /** A job that erases all that is kept of a user; once it is done, `result` is the receipt. Takes an admin key. */
  eraseUser(userId: string, options?: WriteOptions): Promise<EraseJob>;
  /** How many memories `forgetMany` would forget; forgets none. */
  countMatching(request: ForgetRequest, options?: CallOptions): Promise<number>;
  /** A memory's versions, oldest first. */
  history(id: string, options?: CallOptions): Promise<History>;
  /** Rates an answer or one memory in it. `userId` says whose it was, for the consistency of that user's reads. throws query.not_found, memory.not_found */
  feedback(request: FeedbackRequest, options?: WriteOptions & { readonly userId?: string | undefined }): Promise<Rated>;
  /** What recurs in a user's memories, the most frequent first. */
  patterns(request?: PatternsRequest, options?: CallOptions): Promise<Patterns>;
  /** What comes up more often than in the day, week or month before, the most surprising first. */
  trends(request?: TrendsRequest, options?: CallOptions): Promise<Trends>;
  /** throws  job.not_found */
  job(id: string, options?: CallOptions): Promise<Job>;
  /** One page of jobs, newest first. */
  jobs(request?: JobsRequest, options?: CallOptions): Promise<JobPage>;
  /** The job once it is done; `timeoutMs` is 10 minutes if left out. throws the code that the job failed with, client.timeout */
  waitForJob(id: string, options?: WaitOptions): Promise<Job>;
  /** Whether the server lives. */
  health(options?: CallOptions): Promise<Health>;
  /** Whether the server and each of its dependencies are ready; not being ready is an answer, no error. */
  ready(options?: CallOptions): Promise<Readiness>;
  /** Metrics as Prometheus text; off loopback it takes an admin key. */
  metrics(options?: CallOptions): Promise<string>;
  /** The OpenAPI 3.1 document of this server. */
  openapi(options?: CallOptions): Promise<Record<string, unknown>>;
}
