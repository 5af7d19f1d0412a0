/**
 * The TypeScript client of Memory Nexus: typed `fetch`, no runtime dependencies, for Node, browsers and workers.
 *
 *     import { createClient } from "@nexus/client";
 *
 *     const nexus = createClient({ url: "http://127.0.0.1:8787", key: process.env.NEXUS_API_KEY });
 *
 *     await nexus.remember({ userId: "ana", content: "I moved to the flat on Quay Street in March" });
 *
 *     const { results } = await nexus.search({ userId: "ana", query: "where do I live?" });
 *     for (const { score, memory, explanation } of results) console.log(score, memory, explanation);
 *
 *     await nexus.forgetMany({ userId: "ana" }).then((job) => nexus.waitForJob(job.id));
 *
 * A search sees what this client wrote before it: the latest consistency token of each user goes with every read.
 * Failures are `NexusClientError`s with the server's `code`; writes carry an idempotency key, so a retry never writes twice.
 */

export type { Key, KeyPage, KeyRequest, KeysRequest, NewKey, TokenRequest, UserToken } from "./access.ts";
export type { NexusClient } from "./client.ts";
export { type ClientOptions, createClient } from "./create-client.ts";
export type { EmbeddingModels, Embeddings, EmbedInput, EmbedRequest } from "./embeddings.ts";
export { type ClientCode, NexusClientError } from "./errors.ts";
export type {
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
  Messages,
  NewMemory,
  PatchOptions,
  PatternsRequest,
  ProcessRequest,
  RecallRequest,
  RememberInput,
  Scope,
  SearchRequest,
  TrendsRequest,
  WaitOptions,
  WriteOptions,
} from "./requests.ts";
export type {
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
  Problem,
  ProcessAnswer,
  Rated,
  Readiness,
  Remembered,
  SearchAnswer,
  Trends,
  Undone,
} from "./responses.ts";
export type { Fetch, Runtime } from "./runtime.ts";
export type { ExportRequest, ImportReport } from "./transfer.ts";
export type { VectorAction, VectorGenerations } from "./vector-generations.ts";
