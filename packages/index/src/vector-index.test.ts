import {
  EVERYTHING,
  type Filter,
  type NexusError,
  type PointPayload,
  type VectorPoint,
  type VectorQuery,
} from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceIndex } from "./reference.ts";
import { createVectorIndex } from "./vector-index.ts";

const ids = fc.constantFrom("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7");
const weight = fc.integer({ min: -2, max: 4 });

const sparseVector = fc
  .uniqueArray(fc.record({ id: fc.constantFrom(1, 2, 3, 7, 4_294_967_295), weight }), {
    selector: ({ id }) => id,
    maxLength: 4,
  })
  .map((terms) => {
    const sorted = terms.toSorted((a, b) => a.id - b.id);
    return {
      ids: Uint32Array.from(sorted, ({ id }) => id),
      weights: Float32Array.from(sorted, ({ weight }) => weight),
    };
  });

const dense = fc.tuple(weight, weight, weight).map((values) => Float32Array.from(values));

const payload = (id: fc.Arbitrary<string>): fc.Arbitrary<PointPayload> =>
  fc.record({
    id,
    addedSeq: fc.nat(3),
    version: fc.nat(5),
    userId: fc.constantFrom(undefined, "ana", "ben"),
    sessionId: fc.constantFrom(undefined, "s1", "s2"),
    language: fc.constant("en"),
    createdAt: fc.nat(2),
    recordedAt: fc.constant(0),
    updatedAt: fc.constant(0),
    metadata: fc.record({ n: fc.nat(3) }),
  });

/** One memory with one to three chunks; some lack the dense vector. */
const memory: fc.Arbitrary<VectorPoint[]> = fc
  .tuple(
    payload(ids),
    fc.array(fc.tuple(fc.option(dense, { nil: undefined }), sparseVector), { minLength: 1, maxLength: 3 }),
  )
  .map(([payload, chunks]) =>
    chunks.map(([values, sparse], chunkIndex) => ({
      pointId: `${payload.id}-${chunkIndex}`,
      chunkIndex,
      vectors: values ? { e: values } : {},
      sparse,
      payload,
    })),
  );

const clause: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    field: fc.constant("userId"),
    operator: fc.constant("eq" as const),
    value: fc.constantFrom("ana", "ben", "eve", null),
  }),
  fc.record({
    field: fc.constant("sessionId"),
    operator: fc.constant("eq" as const),
    value: fc.constantFrom("s1", "s2", null),
  }),
  fc.record({ field: fc.constant("metadata.n"), operator: fc.constant("gte" as const), value: fc.nat(3) }),
);
const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant(EVERYTHING),
  clause,
  fc.array(clause, { maxLength: 3 }).map((all) => ({ all: [{ all }] })),
  fc.array(clause, { maxLength: 2 }).map((any) => ({ any })),
  clause.map((not) => ({ not })),
);

const query: fc.Arbitrary<VectorQuery> = fc.record({
  by: fc.oneof(
    dense.map((values) => ({ dense: { name: "e", values } })),
    sparseVector.map((sparse) => ({ sparse })),
  ),
  filter,
  among: fc.option(fc.array(ids, { maxLength: 4 }), { nil: undefined }),
  limit: fc.nat(6),
  beside: fc.option(fc.nat(2), { nil: undefined }),
});

const operation = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(memory, { minLength: 1, maxLength: 3 }).map((groups) => ({ upsert: groups.flat() })),
  },
  { weight: 1, arbitrary: fc.array(ids, { maxLength: 3 }).map((remove) => ({ remove })) },
  { weight: 4, arbitrary: query.map((search) => ({ search })) },
);

describe("vector index", () => {
  test("any history of upserts, removals and searches answers as the plainest index does", () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 30 }), (operations) => {
        const index = createVectorIndex();
        const reference = createReferenceIndex();
        for (const step of operations) {
          if ("upsert" in step) for (const each of [index, reference]) each.upsert(step.upsert);
          else if ("remove" in step) for (const each of [index, reference]) each.remove(step.remove);
          else expect(index.search(step.search)).toEqual(reference.search(step.search));
          const all = Uint32Array.of(1, 2, 3, 7, 9, 4_294_967_295);
          expect(index.terms(all)).toEqual(reference.terms(all));
          expect(index.describe().points).toBe(reference.terms(all).points);
        }
      }),
      { numRuns: 500, seed: 42 },
    );
  });

  test("3,000 memories of 40 dimensions, half of them replaced and a third removed, answer as the plainest index does", () => {
    const random = lcg(7);
    const index = createVectorIndex();
    const reference = createReferenceIndex();
    for (let i = 0; i < 4_500; i++) {
      const points = [large(`m${i % 3_000}`, random), large(`m${i % 3_000}`, random, 1)];
      for (const each of [index, reference]) each.upsert(points);
    }
    const removed = Array.from({ length: 1_000 }, (_, i) => `m${3 * i}`);
    for (const each of [index, reference]) each.remove(removed);
    for (const user of ["u1", "u2", undefined]) {
      const { vectors, sparse } = large("query", random);
      const filter = user === undefined ? EVERYTHING : ({ field: "userId", operator: "eq", value: user } as const);
      for (const by of [{ dense: { name: "e", values: vectors.e! } }, { sparse }]) {
        const expected = reference.search({ by, filter, limit: 20 });
        // The oracle sums in f64, the kernels in f32.
        expect(index.search({ by, filter, limit: 20 })).toEqual(
          expected.map((hit) => ({ ...hit, score: expect.closeTo(hit.score, 5) as number })),
        );
      }
    }
  });

  test("a batch with one wrong vector changes nothing", () => {
    const index = createVectorIndex();
    index.upsert([point("a", [1, 0])]);
    expect(codeOf(() => index.upsert([point("b", [0, 1]), point("c", [1, 0, 0])]))).toBe("vector.dimension_mismatch");
    expect(codeOf(() => index.upsert([point("b", [0, 1]), point("c", [1, Number.NaN])]))).toBe("vector.not_finite");
    expect(codeOf(() => index.upsert([point("b", [])]))).toBe("vector.dimension_mismatch");
    const query = { filter: EVERYTHING, limit: 9 };
    expect(codeOf(() => index.search({ ...query, by: { dense: { name: "e", values: Float32Array.of(1) } } }))).toBe(
      "vector.dimension_mismatch",
    );
    expect(index.search({ ...query, by: { dense: { name: "e", values: Float32Array.of(1, 0) } } })).toHaveLength(1);
    expect(index.describe()).toMatchObject({ points: 1, memories: 1 });
  });

  test("a named vector whose last row is gone may return with another dimension", () => {
    const index = createVectorIndex();
    index.upsert([point("a", [1, 0])]);
    index.remove(["a"]);
    index.upsert([point("a", [1, 0, 0])]);
    expect(index.dimensions.get("e")).toBe(3);
  });
});

function point(id: string, values: readonly number[]): VectorPoint {
  return {
    pointId: id,
    chunkIndex: 0,
    vectors: { e: Float32Array.from(values) },
    sparse: { ids: Uint32Array.of(1), weights: Float32Array.of(1) },
    payload: { id, addedSeq: 1, version: 1, language: "en", createdAt: 0, recordedAt: 0, updatedAt: 0, metadata: {} },
  };
}

function large(id: string, random: () => number, chunkIndex: number = 0): VectorPoint {
  const terms = new Set(Array.from({ length: 12 }, () => Math.floor(400 * random() ** 2)));
  const sorted = Uint32Array.from(terms).sort();
  const { payload } = point(id, []);
  return {
    pointId: `${id}-${chunkIndex}`,
    chunkIndex,
    vectors: { e: Float32Array.from({ length: 40 }, () => random() - 0.5) },
    sparse: { ids: sorted, weights: Float32Array.from(sorted, random) },
    payload: { ...payload, userId: `u${Math.floor(3 * random())}`, addedSeq: Math.floor(1e6 * random()) },
  };
}

function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as NexusError).code;
  }
}
