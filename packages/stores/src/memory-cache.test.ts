import { type Clock, type Labels, silent, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { describe, expect, it } from "vitest";

import { createMemoryCache } from "./memory-cache.ts";

const clock: Clock = { now: () => 0, monotonic: () => 0 };
const [a, b] = systemScopes("test", ["a", "b"]) as [TenantScope, TenantScope];

function counting() {
  const counts: Record<string, number> = {};
  const count = (name: string, labels: Labels = {}): void => {
    const series = `${name} ${labels["result"] ?? labels["reason"] ?? ""}`;
    counts[series] = (counts[series] ?? 0) + 1;
  };
  return { counts, telemetry: { ...silent, count } };
}

describe("createMemoryCache", () => {
  it("evicts the least recently used entry over all tenants above maxEntries", async () => {
    const { counts, telemetry } = counting();
    const cache = createMemoryCache({ clock, maxEntries: 3, maxBytes: 10_000, telemetry });
    const set = async (scope: TenantScope, key: string) => await cache.set(scope, [{ key, value: 1, ttlSeconds: 9 }]);
    await set(a, "1");
    await set(b, "1");
    await set(a, "2");
    await cache.get(a, ["1"]);
    await set(b, "2");
    expect(await cache.get(a, ["1", "2"])).toEqual([1, 1]);
    expect(await cache.get(b, ["1", "2"])).toEqual([undefined, 1]);
    expect(counts).toEqual({ "cache_evictions_total entries": 1 });
  });

  it("evicts from above 90 % of maxBytes down to 80 %, oldest first", async () => {
    const { counts, telemetry } = counting();
    const cache = createMemoryCache({ clock, maxEntries: 1_000, maxBytes: 10_000, telemetry });
    const keys = Array.from({ length: 91 }, (_, i) => `${i}`.padStart(4, "0"));
    // A name of 3 + 4 units (length, colon, tenant, key) and a value of 93: 100 an entry.
    for (const key of keys) await cache.set(a, [{ key, value: "x".repeat(91), ttlSeconds: 9 }]);
    const left = (await cache.get(a, keys)).map((value) => value !== undefined);
    expect(left.indexOf(true)).toBe(11);
    expect(left.filter(Boolean)).toHaveLength(80);
    expect(counts["cache_evictions_total bytes"]).toBe(11);
  });

  it("does not keep a value too large for the cache, nor an older value under its key", async () => {
    const cache = createMemoryCache({ clock, maxEntries: 10, maxBytes: 1_000 });
    await cache.set(a, [{ key: "k", value: 1, ttlSeconds: 9 }]);
    await cache.set(a, [{ key: "k", value: "x".repeat(900), ttlSeconds: 9 }]);
    expect(await cache.get(a, ["k"])).toEqual([undefined]);
  });
});
