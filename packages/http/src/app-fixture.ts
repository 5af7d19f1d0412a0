/** Test support: the app over a memory service that records what it is asked and answers with fixed values. */

import type { CacheStore, EmbedRequest, Entity, Job, Json, Memory } from "@nexus/core";
import type { KeyVerdict } from "@nexus/core/authority";
import type { Context, Explanation, ExportItem, MemoryService, ProcessResponse, RecallResponse } from "@nexus/memory";
import { createSigner, createTelemetry, createUserTokens, type UserTokens } from "@nexus/platform";
import { createApp } from "./app.ts";
import { createTestCredentials } from "./credentials-fixture.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";
import type { AppDependencies } from "./dependencies.ts";
import { createTestEmbeddings } from "./embeddings-fixture.ts";
import type { App } from "./resource.ts";

export const ID = "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
export const NOW = Date.parse("2026-05-01T10:00:00Z");

export const storedMemory: Memory = {
  id: ID,
  content: "Ana flies to Lisbon",
  contentHash: "00",
  userId: "u1",
  language: "en",
  status: "active",
  metadata: { topic: "travel" },
  tokenCount: 5,
  chunkCount: 1,
  pendingCount: 0,
  createdAt: new Date(NOW),
  recordedAt: new Date(NOW),
  updatedAt: new Date(NOW),
  version: 3,
  changedBy: "key",
  seq: 3,
  addedSeq: 1,
};

const storedJob: Job = {
  id: ID,
  kind: "forget",
  status: "queued",
  attemptCount: 0,
  runAt: new Date(NOW),
  progress: { done: 0, total: 2 },
  payload: {},
  createdAt: new Date(NOW),
};

const recalled: RecallResponse = {
  queryId: "q",
  results: [
    {
      memory: storedMemory,
      score: 0.8,
      confidence: 0.9,
      sources: ["dense"],
      factors: { semantic: 1, keyword: 0, recency: 0, quality: 0, domain: 0, preference: 0, agreement: 1 },
      explanation: "",
      spans: [],
    },
  ],
  confidence: 0.9,
  path: "smart",
  escalations: [],
  analysis: {
    domain: "general",
    complexity: "simple",
    cacheProbability: 0,
    hasReference: false,
    language: "en",
    capped: false,
  },
  cache: { tier: null, semantic: false, ageMs: null, seq: null },
  skipped: [],
  latencyMs: 1,
  timings: { analyse: 0, embed: 0, search: 0, fuse: 0, network: 0, cold: 0 },
  usage: { llmTokens: 0 },
};

const processed: ProcessResponse = { ...recalled, remembered: { event: "none", reason: "question" }, seqs: [] };

const storedEntity: Entity = {
  partition: "u1",
  id: ID,
  type: "person",
  name: "Ana",
  nameKey: "ana",
  aliases: [],
  frequency: 2,
  firstSeenAt: new Date(NOW),
  lastSeenAt: new Date(NOW),
};

const explained: Explanation = {
  included: false,
  sources: [],
  weights: { semantic: 1, keyword: 0, recency: 0, quality: 0, domain: 0, preference: 0 },
  explanation: "It expired on 2026-05-01.",
  reasons: [{ code: "expired", at: new Date(NOW), sentence: "It expired on 2026-05-01." }],
  evidence: { terms: [], neighbours: [], entities: [], replacedBy: [] },
  accuracyTier: "hot",
};

const emptyContext: Context = {
  text: "",
  items: [],
  totalTokens: 0,
  tokenizer: "nexus-words-1",
  levelDistribution: { immediate: 0, recent: 0, longTerm: 0 },
  avgRelevance: 0,
  cacheHits: 0,
  totalSearched: 0,
  skipped: [],
};

const seqs = [{ partition: "u1", seq: 3 }];

/** Keys by what they may do. */
const KEYS: Readonly<Record<string, KeyVerdict>> = {
  "read-key": { keyId: "k-read", tenant: "t1", grants: ["read"], ratePerMinute: 1_000 },
  "write-key": { keyId: "k-write", tenant: "t1", grants: ["read", "write"], ratePerMinute: 1_000 },
  "admin-key": { keyId: "k-admin", tenant: "t1", grants: ["admin"], ratePerMinute: 1_000 },
  "slow-key": { keyId: "k-slow", tenant: "t1", grants: ["read"], ratePerMinute: 2 },
};

export interface Fixture {
  readonly app: App;
  readonly tokens: UserTokens;
  /** Every call of the service: the method and its arguments. */
  readonly calls: { readonly method: string; readonly args: readonly unknown[] }[];
  /** What the embedding service was asked. */
  readonly embedded: EmbedRequest[];
  readonly logs: Record<string, unknown>[];
  readonly time: { now: number };
  readonly metrics: () => string;
  /** Sends JSON as the admin, unless headers say otherwise. */
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
}

interface FixtureOptions {
  readonly service?: Partial<MemoryService>;
  readonly deps?: Partial<AppDependencies>;
}

export function createFixture(options: FixtureOptions = {}): Fixture {
  const calls: Fixture["calls"] = [];
  const embedded: EmbedRequest[] = [];
  const logs: Fixture["logs"] = [];
  const time = { now: NOW };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const tokens = createUserTokens({ signers: createSigner([new Uint8Array(32).fill(9)]).verifiers, clock });
  const telemetry = createTelemetry({
    clock,
    level: "debug",
    write: (line) => logs.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = createApp({
    memory: recording(calls, options.service),
    embeddings: createTestEmbeddings(embedded),
    credentials: createTestCredentials(KEYS, { tokens, clock }),
    tokens,
    telemetry,
    metrics: () => telemetry.exposition(),
    clock,
    ids: { next: () => "made-id" },
    cache: createMapCache(),
    health: () => Promise.resolve({ records: { status: "ok", latencyMs: 1, breaker: "closed" } }),
    version: "1.2.3",
    clientIp: (request) => request.headers.get("x-test-ip") ?? "192.0.2.1",
    draining: () => false,
    recall: { processK: 8, searchK: 10, budgetMs: 250, maxStalenessMs: 1_000 },
    settings: HTTP_DEFAULTS,
    ...options.deps,
  });
  return {
    app,
    tokens,
    calls,
    embedded,
    logs,
    time,
    metrics: () => telemetry.exposition(),
    send: async (method, path, body, headers) =>
      app.request(path, {
        method,
        headers: {
          authorization: "Bearer admin-key",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
  };
}

function recording(calls: Fixture["calls"], overrides: Partial<MemoryService> = {}): MemoryService {
  const service: MemoryService = {
    remember: (_writer, memories) =>
      Promise.resolve({
        results: memories.map(() => ({ id: ID, event: "added" as const, relatedId: null, error: null })),
        seqs,
        projected: true,
      }),
    rememberLater: () => Promise.resolve(storedJob),
    get: () => Promise.resolve(storedMemory),
    history: () => Promise.resolve([]),
    list: () => Promise.resolve({ items: [storedMemory], nextCursor: "next" }),
    patch: () => Promise.resolve({ memory: { ...storedMemory, version: 4 }, seqs }),
    invalidate: () => Promise.resolve({ memory: { ...storedMemory, version: 4, status: "invalidated" }, seqs }),
    undoMerges: () => Promise.resolve({ memory: storedMemory, restored: [ID], seqs }),
    forget: (_writer, id) => Promise.resolve({ id, seqs }),
    exportItems: () => exported(),
    importItems: (_writer, items) => Promise.resolve(items.map(() => ({ event: "imported" as const }))),
    countMatching: () => Promise.resolve(7),
    forgetMany: () => Promise.resolve(storedJob),
    eraseUser: () => Promise.resolve({ ...storedJob, kind: "erase" }),
    recall: () => Promise.resolve(recalled),
    process: () => Promise.resolve(processed),
    rate: () => Promise.resolve({ id: ID, seqs }),
    resetProfile: () => Promise.resolve(seqs),
    resetWeights: () => Promise.resolve(),
    trends: () => Promise.resolve([]),
    patterns: () => Promise.resolve([]),
    context: () => Promise.resolve(emptyContext),
    explain: () => Promise.resolve(explained),
    entities: () => Promise.resolve({ items: [storedEntity], nextCursor: null, ranked: true }),
    entity: () => Promise.resolve({ entity: storedEntity, relations: [], companions: [], memoryIds: [ID] }),
    graph: () => Promise.resolve({ nodes: [storedEntity], edges: [] }),
    job: () => Promise.resolve(storedJob),
    jobs: () => Promise.resolve({ items: [storedJob], nextCursor: null }),
    models: () => Promise.resolve({ refused: [], last: 0 }),
    switchModels: () => Promise.resolve({ refused: [], last: 0 }),
    token: (_scope, written) => (written.length === 0 ? null : "cv1.token"),
    ...overrides,
  };
  return new Proxy(service, {
    get(target, method: keyof MemoryService) {
      return (...args: unknown[]) => {
        calls.push({ method, args });
        return (target[method] as (...given: unknown[]) => unknown)(...args);
      };
    },
  });
}

// oxlint-disable-next-line require-await -- an iterable like that of a store
async function* exported(): AsyncGenerator<ExportItem, void, undefined> {
  yield { kind: "memory", row: storedMemory };
}

/** A cache without an end of life: the windows' keys hold their time. */
function createMapCache(): CacheStore {
  const entries = new Map<string, Json>();
  return {
    get: (scope, keys) => Promise.resolve(keys.map((key) => entries.get(`${scope.tenant}:${key}`))),
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    update(scope, key, { add = {} }) {
      const fields = { ...(entries.get(`${scope.tenant}:${key}`) as Record<string, number> | undefined) };
      for (const [field, by] of Object.entries(add)) fields[field] = (fields[field] ?? 0) + by;
      entries.set(`${scope.tenant}:${key}`, fields);
      return Promise.resolve(fields);
    },
    clear: () => Promise.resolve(0),
  };
}
