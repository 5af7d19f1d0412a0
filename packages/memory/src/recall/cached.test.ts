import { systemScopes } from "@nexus/core/authority";
import type { TenantScope } from "@nexus/core";
import { createMemoryCache } from "@nexus/stores";
import { describe, expect, it } from "vitest";
import { memoryRow } from "../../../../test/support/record-rows.ts";
import { recallRequest } from "../../../../test/support/memory-world.ts";
import type { RecallResponse } from "../requests.ts";
import { cacheKey, readCached, writeCached } from "./cached.ts";

const [scope] = systemScopes("test", ["a"]) as [TenantScope];
let now = 1_000_000;
const clock = { now: () => now, monotonic: () => now };
const cache = createMemoryCache({ clock, maxEntries: 100, maxBytes: 1_000_000 });

function response(times: { expiresAt?: Date; validFrom?: Date; validTo?: Date }): RecallResponse {
  return {
    queryId: "q1.x",
    results: [
      {
        memory: memoryRow("m", times),
        score: 0.5,
        confidence: 0.5,
        sources: ["dense"],
        factors: { semantic: 0, keyword: 0, recency: 0, quality: 0, domain: 0, preference: 0, agreement: 1 },
        explanation: "x",
        spans: [],
      },
    ],
    confidence: 0.5,
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
    cache: { tier: null, semantic: false, ageMs: null, seq: 3 },
    skipped: [],
    latencyMs: 1,
    timings: { analyse: 0, embed: 0, search: 0, fuse: 0, network: 0, cold: 0 },
    usage: { llmTokens: 0 },
  };
}

const write = (stored: RecallResponse, began = now): Promise<void> =>
  writeCached(scope, "qw:k", { seq: 3, began, response: stored }, { cache, clock, ttlSeconds: 3_600 });
const read = (seq = 3): Promise<RecallResponse | undefined> => readCached(scope, "qw:k", seq, { cache, clock });

describe("an entry", () => {
  it("comes back as it was, its times as dates, again and again", async () => {
    const times = { expiresAt: new Date(now + 5_000), validFrom: new Date(now - 5_000) };
    await write(response(times));
    for (let i = 0; i < 2; i++) expect((await read())?.results).toEqual(response(times).results);
  });

  it("serves its own sequence only, neither an older nor a newer one", async () => {
    await write(response({}));
    expect([await read(2), await read(4)]).toEqual([undefined, undefined]);
  });

  it.each(["expiresAt", "validFrom", "validTo"] as const)("ends at %s, not 1 ms before", async (field) => {
    await write(response({ [field]: new Date(now + 100) }));
    now += 99;
    expect(await read()).toBeDefined();
    now += 1;
    expect(await read()).toBeUndefined();
  });

  it("whose memory expired between its search and its writing is never served", async () => {
    const began = now;
    now += 2;
    await write(response({ expiresAt: new Date(began + 1) }), began);
    expect(await read()).toBeUndefined();
  });

  it("is not held up by boundaries that had passed before", async () => {
    await write(response({ validFrom: new Date(now - 1), validTo: new Date(now) }));
    expect(await read()).toBeDefined();
  });
});

describe("the key", () => {
  const key = (fields: object = {}, versions = "v"): string | undefined =>
    cacheKey(recallRequest("heron", fields), versions);

  it("is 128 bits, equal for equal requests whatever their budget, token, signal and patience", () => {
    expect(key()).toMatch(/^qw:[0-9a-f]{32}$/);
    const hurried = { budgetMs: 1, maxStalenessMs: 0, consistency: "cv1.x", signal: AbortSignal.timeout(1) };
    expect(key(hurried)).toBe(key());
  });

  it("differs with all that an answer depends on", () => {
    const requests = [
      {},
      { query: "herons" },
      { userId: "ben" },
      { agentId: "g" },
      { sessionId: "s" },
      { k: 3 },
      { mode: "full" },
      { minScore: 0.1 },
      { minConfidence: 0.1 },
      { explain: true },
      { filter: { any: [] } },
    ];
    expect(new Set([...requests.map((fields) => key(fields)), key({}, "w")]).size).toBe(requests.length + 1);
  });

  it("is none for reads across users, of a past moment, and of more than 50 results", () => {
    for (const fields of [{ userId: undefined }, { asOf: new Date(0) }, { k: 51 }]) expect(key(fields)).toBeUndefined();
    expect(key({ k: 50 })).toBeDefined();
  });
});
