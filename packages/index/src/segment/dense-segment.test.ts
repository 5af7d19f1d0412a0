import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestOf, byPlace, dot, recallOf, taken, unit, unitVectors } from "../../../../test/support/dense-rows.ts";
import { seeded } from "../../../../test/support/random.ts";
import { createDenseSegment } from "../dense.node.ts";
import type { DenseSegment } from "./dense-segment.ts";

/** Quarters: products and sums are exact in f32, so that scores are compared without an allowance. */
const quarter = fc.integer({ min: -4, max: 4 }).map((n) => n / 4);

const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ add: fc.array(quarter, { minLength: 5, maxLength: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ link: fc.constantFrom(1, 7, Infinity) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      search: fc.array(quarter, { minLength: 5, maxLength: 5 }),
      k: fc.constantFrom(0, 1, 3, 10, 200),
      plan: fc.constantFrom("auto", "exact", "binary", "graph" as const),
      modulo: fc.constantFrom(1, 2, 5),
    }),
  },
);

describe("dense segment", () => {
  test("any history of adding, removing, linking and searching finds what brute force finds; the graph nothing that is not there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(operation, { maxLength: 60 }), (dimension, steps) => {
        const segment = createDenseSegment({ dimension, m: 4, efConstruction: 16 });
        const model = new Map<number, Float32Array>();
        for (const step of steps) {
          if ("add" in step) {
            const values = Float32Array.from(step.add.slice(0, dimension));
            const row = segment.add(values);
            expect(model.has(row)).toBe(false);
            model.set(row, values);
          } else if ("remove" in step) {
            segment.remove(step.remove);
            model.delete(step.remove);
          } else if ("link" in step) segment.link(step.link);
          else searchAll(segment, model, { ...step, search: Float32Array.from(step.search.slice(0, dimension)) });
          expect(segment.count).toBe(model.size);
        }
      }),
      { numRuns: 300, seed: 42 },
    );
  });

  test("3,000 rows, some removed and added again: exactly the best k by codes and rescoring, ties by the lower row", () => {
    const vectors = unitVectors(3_000, 24, 1);
    const segment = createDenseSegment({ dimension: 24 });
    const model = byPlace(vectors);
    for (const vector of vectors) segment.add(vector);
    for (let row = 0; row < 3_000; row += 3) {
      segment.remove(row);
      model.delete(row);
    }
    // Every one of these is there twice: equal scores.
    for (const vector of vectors.slice(0, 500)) model.set(segment.add(vector), vector);
    for (const query of unitVectors(20, 24, 2)) {
      for (const k of [1, 10, 60]) {
        const found = taken(segment.search(query, { k, plan: "exact" }));
        expectBest(found, bestOf(model, query, k));
      }
    }
  });

  test("a filter is honoured by every plan, as a function and as bits", () => {
    const vectors = unitVectors(3_000, 16, 3);
    const segment = createDenseSegment({ dimension: 16, efConstruction: 48 });
    for (const vector of vectors) segment.add(vector);
    segment.link();
    for (const modulo of [2, 10, 100]) {
      const accept = (row: number): boolean => row % modulo === 0;
      const filter = new Uint32Array(Math.ceil(3_000 / 32));
      for (let row = 0; row < 3_000; row += modulo) filter[row >>> 5]! |= 1 << (row & 31);
      const accepted = new Map([...byPlace(vectors)].filter(([row]) => accept(row)));
      for (const query of unitVectors(5, 16, modulo)) {
        const best = bestOf(accepted, query, 10);
        for (const plan of ["auto", "exact", "graph", "binary"] as const) {
          const [asked, byBits] = [{ accept }, { filter }].map((how) =>
            taken(segment.search(query, { k: 10, plan, ...how })),
          );
          expect(byBits).toEqual(asked);
          expect(asked!.every(({ row }) => accept(row))).toBe(true);
          if (plan === "auto" || plan === "exact") expectBest(asked!, best);
          if (plan === "graph") expect(recallOf(asked!, best)).toBeGreaterThanOrEqual(0.9);
        }
      }
      expect(segment.search(vectors[1]!, { k: 10, accept: () => false }).count).toBe(0);
    }
  });

  test("a prefix of any width, odd or wider than the vectors, gives exact scores; with every plan", () => {
    const vectors = unitVectors(2_000, 40, 4).map((values) => unit(values.map((value, i) => value / (1 + i))));
    const segment = createDenseSegment({ dimension: 40, efConstruction: 48 });
    for (const vector of vectors) segment.add(vector);
    segment.link();
    for (const plan of ["exact", "binary", "graph"] as const) {
      for (const prefix of [1, 16, 17, 32, 39, 40, 64, 1_000]) {
        let recall = 0;
        for (const query of vectors.slice(0, 10)) {
          const found = taken(segment.search(query, { k: 10, prefix, plan }));
          for (const { row, score } of found) expect(score).toBeCloseTo(dot(vectors[row]!, query), 5);
          recall += recallOf(found, bestOf(byPlace(vectors), query, 10)) / 10;
        }
        expect(recall, `${plan}, prefix ${prefix}`).toBeGreaterThanOrEqual(0.9);
      }
    }
  });

  test("rows of a list are scored exactly; those that are not there are passed over, whatever their number", () => {
    const vectors = unitVectors(1_500, 8, 5);
    const segment = createDenseSegment({ dimension: 8 });
    for (const vector of [...vectors, ...vectors]) segment.add(vector);
    segment.remove(7);
    const random = seeded(6);
    const list = Uint32Array.from(new Set(Array.from({ length: 400 }, () => Math.floor(random() * 3_000))));
    const model = new Map(Array.from(list, (row) => [row, vectors[row % 1_500]!] as const));
    model.delete(7);
    for (const query of unitVectors(5, 8, 7)) {
      expectBest(taken(segment.searchRows(query, list, { k: 25 })), bestOf(model, query, 25));
      expect(segment.searchRows(query, list, { k: 10_000 }).count).toBe(model.size);
      expect(segment.searchRows(query, Uint32Array.of(), { k: 3 }).count).toBe(0);
      const odd = taken(segment.searchRows(query, Uint32Array.of(7, 3, 3_000, 70_000), { k: 9 }));
      expect(odd.map(({ row }) => row)).toEqual([3]);
    }
    expect(segment.searchRows(vectors[0]!, Uint32Array.of(0, 4_294_967_295), { k: 9 }).count).toBe(1);
  });

  test("an empty segment, one row, and rows that were never linked answer every plan, as often as they are asked", () => {
    const segment = createDenseSegment({ dimension: 3 });
    const query = Float32Array.of(1, 0, 0);
    for (const plan of ["auto", "exact", "binary", "graph"] as const)
      expect(segment.search(query, { k: 5, plan }).count).toBe(0);
    expect(segment.link()).toBe(0);
    segment.add(query);
    for (const plan of ["auto", "exact", "binary", "graph", "graph"] as const) {
      expect(taken(segment.search(query, { k: 5, plan })), plan).toEqual([{ row: 0, score: 1 }]);
    }
  });
});

function searchAll(
  segment: DenseSegment,
  model: ReadonlyMap<number, Float32Array>,
  asked: {
    readonly search: Float32Array;
    readonly k: number;
    readonly plan: "auto" | "exact" | "binary" | "graph";
    readonly modulo: number;
  },
): void {
  const accept = (row: number): boolean => row % asked.modulo === 0;
  const accepted = new Map([...model].filter(([row]) => accept(row)));
  const found = taken(
    segment.search(asked.search, { k: asked.k, plan: asked.plan, ...(asked.modulo > 1 && { accept }) }),
  );
  const best = bestOf(accepted, asked.search, asked.k);
  if (asked.plan === "auto" || asked.plan === "exact") expect(found).toEqual(best.map(positiveZero));
  expect(new Set(found.map(({ row }) => row)).size).toBe(found.length);
  expect(found.length).toBeLessThanOrEqual(best.length);
  for (const { row, score } of found) expect(score).toBe(dot(accepted.get(row)!, asked.search));
}

function positiveZero({ row, score }: { row: number; score: number }): { row: number; score: number } {
  return { row, score: score + 0 };
}

function expectBest(
  found: readonly { row: number; score: number }[],
  best: readonly { row: number; score: number }[],
): void {
  expect(found.map(({ row }) => row)).toEqual(best.map(({ row }) => row));
  for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(best[i]!.score, 5);
}
