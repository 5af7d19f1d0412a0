/** Makes a client of one server and key. */

import { accessClient } from "./access.ts";
import type { NexusClient } from "./client.ts";
import { createTokens, noTokens } from "./consistency.ts";
import { embeddingsClient } from "./embeddings.ts";
import { NexusClientError } from "./errors.ts";
import type { CallOptions, ForgetRequest, RecallRequest, RememberInput, WriteOptions } from "./requests.ts";
import type {
  ContextAnswer,
  EraseJob,
  Explanation,
  Forgotten,
  Job,
  MemoryPage,
  Patched,
  ProcessAnswer,
  Rated,
  Remembered,
  SearchAnswer,
  Undone,
} from "./responses.ts";
import { RETRIES, type RetryPolicy } from "./retry.ts";
import { type Fetch, type Runtime, webRuntime } from "./runtime.ts";
import { transferClient } from "./transfer.ts";
import { type Call, createTransport } from "./transport.ts";
import { vectorGenerationsClient } from "./vector-generations.ts";
import { waitForJob } from "./wait-for-job.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

export interface ClientOptions {
  /** Where the server is: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** An API key; the server's health and documentation need none. */
  readonly key?: string | undefined;
  /** The platform's own if left out; an app in the same process can be called through it. */
  readonly fetch?: Fetch | undefined;
  /** For a whole call, retries included; 30 s if left out. */
  readonly timeoutMs?: number | undefined;
  /** Bounds of the retries; `{ retries: 0 }` turns them off. */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** False: do not send the latest consistency token of a user with its reads. */
  readonly consistency?: boolean | undefined;
  /** What tests replace. */
  readonly runtime?: Partial<Runtime> | undefined;
}

export function createClient(options: ClientOptions): NexusClient {
  const runtime: Runtime = { ...webRuntime, ...options.runtime, ...(options.fetch && { fetch: options.fetch }) };
  const transport = createTransport({
    url: options.url,
    key: options.key,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    retry: { ...RETRIES, ...options.retry },
    runtime,
  });
  const tokens = options.consistency === false ? noTokens : createTokens();

  const get = <T>(path: string, options: CallOptions = {}, call: Partial<Call> = {}) =>
    transport.json<T>({ method: "GET", path, repeatable: true, ...bounds(options), ...call });

  /** A POST that changes nothing may be repeated like a GET. */
  const ask = <T>(path: string, body: unknown, options: CallOptions = {}) =>
    transport.json<T>({ method: "POST", path, body, repeatable: true, ...bounds(options) });

  const write = <T>(method: Call["method"], path: string, body: unknown, options: WriteOptions = {}, headers = {}) => {
    const key = options.idempotencyKey === undefined ? runtime.newKey() : options.idempotencyKey;
    const all = key === null ? headers : { ...headers, "idempotency-key": key };
    return transport.json<T>({ method, path, body, headers: all, repeatable: key !== null, ...bounds(options) });
  };

  /** Sends the user's latest token along; one that the server has stopped taking is dropped, and the read sent again. */
  async function consistently<B extends Pick<RecallRequest, "userId" | "consistency">, T>(
    body: B,
    send: (body: B) => Promise<T>,
  ): Promise<T> {
    const token = body.consistency === undefined ? tokens.of(body.userId) : undefined;
    if (token === undefined) return send(body);
    try {
      return await send({ ...body, consistency: token });
    } catch (error) {
      if (!(error instanceof NexusClientError && error.code === "consistency.invalid")) throw error;
      tokens.drop(token);
      return send(body);
    }
  }

  const client: NexusClient = {
    ...accessClient(transport),
    ...embeddingsClient(transport),
    ...transferClient(transport),
    ...vectorGenerationsClient(transport),

    async remember(input, options) {
      const answer = await write<Remembered>("POST", "/api/memories", rememberBody(input), options);
      tokens.keep(answer.consistency, usersOf(input));
      return answer;
    },

    async rememberLater(input, options) {
      const body = { ...rememberBody(input), async: true };
      return (await write<{ job: Job }>("POST", "/api/memories", body, options)).job;
    },

    async process(request, options) {
      const answer = await consistently(request, (body) =>
        body.remember === false
          ? ask<ProcessAnswer>("/api/process", body, options)
          : write<ProcessAnswer>("POST", "/api/process", body, options),
      );
      tokens.keep(answer.consistency, [request.userId]);
      return answer;
    },

    search: (request, options) => consistently(request, (body) => ask<SearchAnswer>("/api/search", body, options)),

    context: (request, options) => consistently(request, (body) => ask<ContextAnswer>("/api/context", body, options)),

    explain: (request, options) =>
      "queryId" in request
        ? ask<Explanation>("/api/explain", request, options)
        : consistently(request, (body) => ask<Explanation>("/api/explain", body, options)),
    entities: (request = {}, options) => get("/api/entities", options, { query: { ...request } }),
    entity: (id, { userId } = {}, options) =>
      get(`/api/entities/${encodeURIComponent(id)}`, options, { query: { userId } }),
    graph: (request, options) => get("/api/graph", options, { query: { ...request } }),

    get: (id, options) => get(memoryPath(id), options),

    list: (request = {}, options) => ask<MemoryPage>("/api/memories/query", request, options),

    async *pages(request = {}, options) {
      let page = await client.list(request, options);
      yield page;
      while (page.nextCursor !== null) {
        page = await client.list({ ...request, cursor: page.nextCursor }, options);
        yield page;
      }
    },

    async patch(id, patch, options) {
      const headers = options?.ifVersion === undefined ? {} : { "if-match": `"${options.ifVersion}"` };
      const answer = await write<Patched>("PATCH", memoryPath(id), patch, options, headers);
      tokens.keep(answer.consistency, [answer.userId]);
      return answer;
    },

    async invalidate(id, request, options) {
      const headers = options?.ifVersion === undefined ? {} : { "if-match": `"${options.ifVersion}"` };
      const answer = await write<Patched>("POST", `${memoryPath(id)}/invalidate`, request, options, headers);
      tokens.keep(answer.consistency, [answer.userId]);
      return answer;
    },

    async undoMerges(id, options) {
      const answer = await write<Undone>("POST", `${memoryPath(id)}/merges/undo`, undefined, options);
      tokens.keep(answer.consistency, [answer.userId]);
      return answer;
    },

    async forget(id, options) {
      const answer = await write<Forgotten>("DELETE", memoryPath(id), undefined, options);
      tokens.keep(answer.consistency, [options?.userId]);
      return answer;
    },

    async forgetMany(request, options) {
      return (await write<{ job: Job }>("DELETE", "/api/memories", request, options)).job;
    },

    async eraseUser(userId, options) {
      const path = `/api/users/${encodeURIComponent(userId)}`;
      return (await write<{ job: EraseJob }>("DELETE", path, undefined, options)).job;
    },

    async countMatching(request: ForgetRequest, options = {}) {
      const body = { ...request, dryRun: true };
      const call = { method: "DELETE", path: "/api/memories", body, repeatable: true } as const;
      return (await transport.json<{ count: number }>({ ...call, ...bounds(options) })).count;
    },

    history: (id, options) => get(`${memoryPath(id)}/history`, options),
    async feedback(request, options) {
      const answer = await write<Rated>("POST", "/api/feedback", request, options);
      tokens.keep(answer.consistency, [options?.userId]);
      return answer;
    },

    patterns: (request = {}, options) => get("/api/patterns", options, { query: { ...request } }),
    trends: (request = {}, options) => get("/api/trends", options, { query: { ...request } }),
    job: (id, options) => get(`/api/jobs/${encodeURIComponent(id)}`, options),
    jobs: ({ limit, cursor } = {}, options) => get("/api/jobs", options, { query: { limit, cursor } }),
    waitForJob: (id, options = {}) => waitForJob((options) => client.job(id, options), runtime, { id, ...options }),
    health: (options) => get("/health", options),
    // 503 is how a server says that it is not ready.
    ready: (options) => get("/health/ready", options, { accept: [503] }),
    metrics: (options = {}) =>
      transport.text({ method: "GET", path: "/metrics", repeatable: true, ...bounds(options) }),
    openapi: (options) => get("/openapi.json", options),
  };
  return client;
}

function bounds({ signal, timeoutMs }: CallOptions): CallOptions {
  return { signal, timeoutMs };
}

function memoryPath(id: string): string {
  return `/api/memories/${encodeURIComponent(id)}`;
}

function isMany(input: RememberInput): input is Extract<RememberInput, readonly unknown[]> {
  return Array.isArray(input);
}

function rememberBody(input: RememberInput): object {
  return isMany(input) ? { memories: input } : input;
}

function usersOf(input: RememberInput): readonly (string | null | undefined)[] {
  return isMany(input) ? input.map(({ userId }) => userId) : [input.userId];
}
