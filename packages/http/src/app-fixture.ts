/** Test support: the app over a memory service that records what it is asked and answers with fixed values. */

import type { CacheStore, Job, Json, Memory } from "@nexus/core";
import type { KeyVerdict } from "@nexus/core/authority";
import type { MemoryService, ProcessResponse, RecallResponse } from "@nexus/memory";
import { createTelemetry } from "@nexus/platform";
import { createApp } from "./app.ts";
import { HTTP_DEFAULTS } from "./defaults.ts";
import type { AppDependencies } from "./dependencies.ts";
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
  /** Every call of the service: the method and its arguments. */
  readonly calls: { readonly method: string; readonly args: readonly unknown[] }[];
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
  const logs: Fixture["logs"] = [];
  const time = { now: NOW };
  const clock = { now: () => time.now, monotonic: () => time.now };
  const telemetry = createTelemetry({
    clock,
    level: "debug",
    write: (line) => logs.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = createApp({
    memory: recording(calls, options.service),
    verifyKey: (key) => Promise.resolve(KEYS[key]),
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
    calls,
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
    forget: (_writer, id) => Promise.resolve({ id, seqs }),
    countMatching: () => Promise.resolve(7),
    forgetMany: () => Promise.resolve(storedJob),
    recall: () => Promise.resolve(recalled),
    process: () => Promise.resolve(processed),
    job: () => Promise.resolve(storedJob),
    jobs: () => Promise.resolve({ items: [storedJob], nextCursor: null }),
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
  };
}
