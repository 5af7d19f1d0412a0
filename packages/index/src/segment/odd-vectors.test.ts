import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestOf, byPlace, dot, recallOf, taken, unit, unitVectors } from "../../../../test/support/dense-rows.ts";
import { createDenseSegment } from "../dense.node.ts";
import type { DenseSegment } from "./dense-segment.ts";

const PLANS = ["exact", "binary", "graph"] as const;

function segmentOf(vectors: readonly Float32Array[]): DenseSegment {
  const segment = createDenseSegment({ dimension: vectors[0]!.length, efConstruction: 48 });
  for (const vector of vectors) segment.add(vector);
  segment.link();
  return segment;
}

describe("vectors that are out of the ordinary", () => {
  test("1,500 zero vectors among 3,000: they score 0, the others are found; a zero query scores 0 everywhere", () => {
    const vectors = unitVectors(3_000, 12, 1).map((vector, i) => (i % 2 === 0 ? new Float32Array(12) : vector));
    const segment = segmentOf(vectors);
    for (const query of unitVectors(5, 12, 2)) {
      expect(
        recallOf(taken(segment.search(query, { k: 10, plan: "exact" })), bestOf(byPlace(vectors), query, 10)),
      ).toBe(1);
      expect(
        segment.search(
          query.map((x) => -x),
          { k: 3_000, plan: "exact" },
        ).count,
      ).toBe(3_000);
    }
    for (const plan of PLANS) {
      const found = taken(segment.search(new Float32Array(12), { k: 10, plan }));
      expect(found.map(({ score }) => score + 0)).toEqual(Array.from({ length: 10 }, () => 0));
    }
  });

  test("4,000 equal vectors and 5 better ones: the better ones first, then the lowest rows", () => {
    const same = unitVectors(1, 20, 3)[0]!;
    const vectors = [
      ...Array.from({ length: 4_000 }, () => same),
      ...Array.from({ length: 5 }, (_, i) => same.map((x) => x * (1.1 + i))),
    ];
    const segment = createDenseSegment({ dimension: 20 });
    for (const vector of vectors) segment.add(vector);
    const found = taken(segment.search(same, { k: 10, plan: "exact" })).map(({ row }) => row);
    expect(found).toEqual([4_004, 4_003, 4_002, 4_001, 4_000, 0, 1, 2, 3, 4]);
  });

  test("one huge component: scores stay exact, and the order of what is far from the rest is kept", () => {
    const vectors = unitVectors(3_000, 64, 4).map((vector, i) =>
      unit(vector.map((x, at) => (at === 5 ? 3 + (i % 7) : x))),
    );
    const segment = segmentOf(vectors);
    for (const [i, query] of vectors.slice(0, 10).entries()) {
      for (const plan of PLANS) {
        for (const { row, score } of taken(segment.search(query, { k: 10, plan })))
          expect(score).toBeCloseTo(dot(vectors[row]!, query), 5);
      }
      expect(segment.searchRows(query, Uint32Array.from(vectors.keys()), { k: 1 }).rows[0]).toBe(i);
    }
  });

  test("tiny, huge and mixed magnitudes are found by scans as brute force finds them", () => {
    const scales = [1e-30, 1e-12, 1, 1e6, 1e15];
    const vectors = unitVectors(2_000, 9, 5).map((vector, i) => vector.map((x) => x * scales[i % 5]!));
    const segment = segmentOf(vectors);
    for (const query of unitVectors(5, 9, 6)) {
      const found = taken(segment.search(query, { k: 10, plan: "exact" }));
      expect(found.map(({ row }) => row)).toEqual(bestOf(byPlace(vectors), query, 10).map(({ row }) => row));
    }
  });

  test("vectors that lean to one side: a prefix does not lower what graph and bits find", () => {
    const vectors = unitVectors(3_000, 64, 7).map((vector, i) => unit(vector.map((x) => x * (1 + (i % 9)) + 0.25)));
    const segment = segmentOf(vectors);
    for (const plan of ["graph", "binary"] as const) {
      const [whole, cut] = [undefined, 16].map((prefix) => {
        let recall = 0;
        for (const query of vectors.slice(0, 30)) {
          const found = taken(segment.search(query, { k: 10, plan, ...(prefix !== undefined && { prefix }) }));
          recall += recallOf(found, bestOf(byPlace(vectors), query, 10)) / 30;
        }
        return recall;
      });
      expect(cut! - whole!, `${plan}: ${whole} without, ${cut} with`).toBeGreaterThanOrEqual(-0.02);
    }
  });

  test("any finite vectors of up to 70 dimensions: no plan gives a row twice, a wrong score or NaN", () => {
    const number = fc.oneof(
      fc.constantFrom(0, -0, 1, -1),
      fc.float({ noNaN: true, min: Math.fround(-1e15), max: Math.fround(1e15) }),
    );
    const rows = fc
      .integer({ min: 1, max: 70 })
      .chain((dimension) =>
        fc.array(fc.array(number, { minLength: dimension, maxLength: dimension }), { minLength: 2, maxLength: 12 }),
      );
    fc.assert(
      fc.property(rows, (numbers) => {
        const [query, ...vectors] = numbers.map((row) => Float32Array.from(row));
        const segment = segmentOf(vectors);
        for (const plan of PLANS) {
          const found = taken(segment.search(query!, { k: 20, plan }));
          expect(new Set(found.map(({ row }) => row)).size).toBe(found.length);
          for (const { row, score } of found) {
            const allowance = 1e-5 * dot(vectors[row]!.map(Math.abs), query!.map(Math.abs)) + 1e-37;
            expect(Math.abs(score - dot(vectors[row]!, query!))).toBeLessThanOrEqual(allowance);
          }
          if (plan === "exact") expect(found.length).toBe(vectors.length);
        }
      }),
      { numRuns: 150, seed: 42 },
    );
  });
});
