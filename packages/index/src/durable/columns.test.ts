import type { PointPayload, VectorPoint } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ColumnBatch } from "../column-batch.ts";
import { catalogJson, parseCatalog } from "./catalog.ts";
import { batchOf, gather } from "./columns.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const numbers = (length: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true });

/** Payloads with any fields absent, few and many distinct words, and any JSON within. */
const payload: fc.Arbitrary<PointPayload> = fc
  .record(
    {
      id: text,
      externalId: maybe(text),
      userId: maybe(fc.constantFrom("ana", "ben", "\ud800")),
      sessionId: maybe(fc.constantFrom("s1", "s2")),
      language: fc.constant("en"),
      createdAt: fc.integer(),
      recordedAt: fc.integer(),
      updatedAt: fc.integer(),
      validFrom: maybe(fc.integer()),
      metadata: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })),
      addedSeq: fc.nat(),
      version: fc.nat(),
    },
    { requiredKeys: ["id", "language", "createdAt", "recordedAt", "updatedAt", "metadata", "addedSeq", "version"] },
  )
  .map((fields) => JSON.parse(JSON.stringify(fields)) as PointPayload);

const memory: fc.Arbitrary<VectorPoint[]> = fc
  .tuple(
    payload,
    fc.array(
      fc.tuple(text, fc.nat(9), maybe(numbers(3)), maybe(numbers(2)), fc.uniqueArray(fc.nat(), { maxLength: 4 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  )
  .map(([payload, points]) =>
    points.map(([pointId, chunkIndex, three, two, ids]) => ({
      pointId,
      chunkIndex,
      vectors: { ...(three && { three }), ...(two && { two }) },
      sparse: { ids: Uint32Array.from(ids), weights: Float32Array.from(ids, (id) => id / 7) },
      payload,
    })),
  );
const memories = fc.array(memory, { maxLength: 8 });

describe("columns", () => {
  test("points become columns and points again, unchanged", () => {
    fc.assert(
      fc.property(memories, (given) => {
        expect([...pointsOf(batchOf(given))]).toEqual(given);
      }),
    );
  });

  test("gathered parts hold what was live in them, in order", () => {
    const part = memories.chain((given) =>
      fc.record({
        given: fc.constant(given),
        live: fc.array(fc.boolean(), { minLength: given.length, maxLength: given.length }),
      }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const gathered = gather(
          parts.map(({ given, live }) => ({ batch: batchOf(given), live: Uint8Array.from(live, Number) })),
        );
        expect([...pointsOf(gathered)]).toEqual(parts.flatMap(({ given, live }) => given.filter((_, i) => live[i])));
        expect(gathered.vectors.every(({ points }) => points.length > 0)).toBe(true);
      }),
    );
  });

  test("parts whose vectors differ in dimension are refused", () => {
    const one = (dimension: number): VectorPoint[] => [
      {
        pointId: "p",
        chunkIndex: 0,
        vectors: { e: new Float32Array(dimension) },
        sparse: { ids: new Uint32Array(), weights: new Float32Array() },
        payload: {
          id: "m",
          language: "en",
          createdAt: 0,
          recordedAt: 0,
          updatedAt: 0,
          metadata: {},
          addedSeq: 0,
          version: 1,
        },
      },
    ];
    expect(() => gather([{ batch: batchOf([one(2)]) }, { batch: batchOf([one(3)]) }])).toThrow(/dimensions/);
    expect(() => batchOf([one(2), one(3)])).toThrow(/dimensions/);
  });
});

describe("catalog", () => {
  test("payloads, ids and chunks come back as they were, whichever fields are absent", () => {
    fc.assert(
      fc.property(memories, fc.array(text), (given, removed) => {
        const batch = batchOf(given);
        const catalog = parseCatalog(catalogJson(batch, removed));
        expect(catalog.memories).toEqual(batch.memories);
        expect(catalog.removed).toEqual(removed);
        expect(catalog.points).toBe(given.flat().length);
        expect(catalog.terms).toBe(batch.sparse.ids.length);
      }),
    );
  });
});

/** The points of each memory of a batch. */
function* pointsOf({ memories, vectors, sparse }: ColumnBatch): Iterable<VectorPoint[]> {
  const rows = vectors.map(() => 0);
  let number = 0;
  for (const { payload, points } of memories) {
    yield points.map(({ pointId, chunkIndex }) => {
      const own: Record<string, Float32Array> = {};
      for (const [which, { name, dimension, points, values }] of vectors.entries()) {
        if (points[rows[which]!] !== number) continue;
        const start = rows[which]!++ * dimension;
        own[name] = values.slice(start, start + dimension);
      }
      const [from, to] = [sparse.offsets[number]!, sparse.offsets[number + 1]!];
      number++;
      return {
        pointId,
        chunkIndex,
        vectors: own,
        sparse: { ids: sparse.ids.slice(from, to), weights: sparse.weights.slice(from, to) },
        payload,
      };
    });
  }
}
