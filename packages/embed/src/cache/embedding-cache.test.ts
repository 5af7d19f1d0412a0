import { EVICTION_NAMES, silent } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CachedVector, createEmbeddingCache, type EmbeddingCacheOptions } from "./embedding-cache.ts";
import { embeddingKey, tenantTag } from "./key.ts";

const SPACE = { tenant: "a", model: "e1", revision: "1", precision: "q8" };

function vectorOf(n: number, dimension = 4): CachedVector {
  return { vector: new Float32Array(dimension).fill(n), tokens: n, truncated: false };
}

function open(options: Partial<EmbeddingCacheOptions> = {}) {
  const clock = { at: 1_000, now: () => clock.at, monotonic: () => clock.at };
  const counted: string[] = [];
  const telemetry = {
    ...silent,
    count: (name: string, labels = {}) => void counted.push([name, ...Object.values(labels)].join(" ")),
  };
  const cache = createEmbeddingCache({
    clock,
    telemetry,
    policy: "lru",
    maxEntries: 3,
    maxBytes: 1_000_000,
    ttlSeconds: 0,
    ...options,
  });
  return { cache, clock, counted };
}

describe("embedding cache", () => {
  it("gives back what was put there, and no change of a caller's to it or to what was put", () => {
    const { cache } = open();
    const put = vectorOf(1);
    cache.set("k", put);
    put.vector.fill(9);
    cache.get("k")!.vector.fill(8);
    expect(cache.get("k")).toEqual(vectorOf(1));
  });

  for (const policy of EVICTION_NAMES) {
    it(`${policy} keeps within entries and bytes, counts what it does and answers only with what was put last`, () => {
      const steps = fc.array(
        fc.record({
          key: fc.integer({ min: 0, max: 9 }),
          set: fc.boolean(),
          dimension: fc.integer({ min: 1, max: 300 }),
        }),
        { maxLength: 150 },
      );
      fc.assert(
        fc.property(steps, (played) => {
          const { cache } = open({ policy, maxEntries: 4, maxBytes: 5_000 });
          const put = new Map<string, CachedVector>();
          let [hits, asked] = [0, 0];
          for (const [n, { key, set, dimension }] of played.entries()) {
            const name = `k${key}`;
            if (set) {
              put.set(name, vectorOf(n, dimension));
              cache.set(name, put.get(name)!);
            } else {
              asked++;
              const found = cache.get(name);
              if (found) expect(found, name).toEqual(put.get(name));
              hits += found ? 1 : 0;
            }
            const { entries, bytes } = cache.stats();
            expect(entries).toBeLessThanOrEqual(4);
            expect(bytes).toBeLessThanOrEqual(5_000);
          }
          const { hits: counted, misses } = cache.stats();
          expect([counted, misses]).toEqual([hits, asked - hits]);
        }),
      );
    });
  }

  it("ends an entry after its time, and still has it for when the model is not to be had", () => {
    const { cache, clock } = open({ ttlSeconds: 10 });
    cache.set("k", vectorOf(1));
    clock.at += 9_999;
    expect(cache.get("k")).toBeDefined();
    clock.at += 1;
    expect(cache.get("k")).toBeUndefined();
    expect(cache.get("k", { ended: true })).toEqual(vectorOf(1));
  });

  it("does not take in what is larger than all of it", () => {
    const { cache } = open({ maxBytes: 5_000 });
    cache.set("small", vectorOf(1));
    cache.set("large", vectorOf(2, 2_000));
    expect(cache.get("large")).toBeUndefined();
    expect(cache.get("small")).toBeDefined();
  });

  it("tells telemetry of hits, misses and evictions", () => {
    const { cache, counted } = open({ maxEntries: 1 });
    cache.set("a", vectorOf(1));
    cache.set("b", vectorOf(2));
    cache.get("a");
    cache.get("b");
    expect(counted).toEqual([
      "cache_evictions_total embedding entries",
      "embed_cache_total miss",
      "embed_cache_total hit",
    ]);
  });

  it("forgets one tenant's entries and no other's", async () => {
    const { cache } = open();
    const [mine, other] = await Promise.all(
      ["a", "b"].map((tenant) => embeddingKey({ modality: "text", content: "same" }, { ...SPACE, tenant })),
    );
    cache.set(mine!, vectorOf(1));
    cache.set(other!, vectorOf(2));
    expect(await cache.forget("a")).toBe(1);
    expect(cache.get(mine!)).toBeUndefined();
    expect(cache.get(other!)).toEqual(vectorOf(2));
  });
});

describe("the cache's key", () => {
  const text = fc.string({ unit: "binary", maxLength: 12 });
  const options = fc.record(
    { instruction: fc.option(text, { nil: undefined }), role: fc.constantFrom("query", "passage", undefined) },
    { requiredKeys: [] },
  );
  const inputs = fc.oneof(
    fc.tuple(text, options).map(([content, more]) => ({ modality: "text", content, ...more }) as const),
    fc
      .record({ content: text, language: fc.option(text, { nil: undefined }) })
      .map((fields) => ({ modality: "code", ...fields }) as const),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => ({ modality: "image", bytes }) as const),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => ({ modality: "audio", bytes }) as const),
    fc
      .record({ samples: fc.float32Array({ maxLength: 3 }), sampleRate: fc.nat(3), channels: fc.nat(2) })
      .map((fields) => ({ modality: "audio", ...fields }) as const),
  );
  const spaces = fc.record({ tenant: text, model: text, revision: text, precision: text });
  /** What the key has to tell apart, written another way. */
  const told = (input: object, space: object): string =>
    JSON.stringify([
      Object.entries({
        role: "passage",
        ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
      })
        .map(([name, value]) => [name, ArrayBuffer.isView(value) ? [...new Uint8Array(value.buffer)] : value])
        .filter(([name]) => name !== "role" || ("modality" in input && input.modality === "text"))
        .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      space,
    ]);

  it("is the same exactly where tenant, model, revision, precision, options and input are", async () => {
    await fc.assert(
      fc.asyncProperty(inputs, spaces, inputs, spaces, async (one, space, other, otherSpace) => {
        const [a, b] = [await embeddingKey(one, space), await embeddingKey(other, otherSpace)];
        expect(a === b).toBe(told(one, space) === told(other, otherSpace));
        expect(await embeddingKey(structuredClone(one), { ...space })).toBe(a);
      }),
      { numRuns: 500 },
    );
  });

  it("differs when any one part differs", async () => {
    const base = { modality: "text", content: "x", instruction: "i", role: "query" } as const;
    const keys = await Promise.all([
      embeddingKey(base, SPACE),
      ...Object.keys(SPACE).map((part) => embeddingKey(base, { ...SPACE, [part]: "other" })),
      embeddingKey({ ...base, content: "y" }, SPACE),
      embeddingKey({ ...base, instruction: "j" }, SPACE),
      embeddingKey({ ...base, instruction: undefined }, SPACE),
      embeddingKey({ ...base, role: "passage" }, SPACE),
      embeddingKey({ modality: "code", content: "x" }, SPACE),
      embeddingKey({ ...base, content: "xi", instruction: "" }, SPACE),
      embeddingKey({ ...base, content: "\ud800" }, SPACE),
      embeddingKey({ ...base, content: "\ud801" }, SPACE),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("is 80 hexadecimal digits that begin with the tenant's tag, for small and for large inputs", async () => {
    for (const content of ["x", "x".repeat(1_000_000)]) {
      const key = await embeddingKey({ modality: "text", content }, SPACE);
      expect(key).toMatch(/^[0-9a-f]{80}$/);
      expect(key.startsWith(tenantTag("a"))).toBe(true);
    }
  });
});
