/** What the index bench believes: its vectors, its exact answers and its recall. */

import { describe, expect, it } from "vitest";
import { type Dataset, recallOf, vectorOf } from "./dataset.ts";
import { clustered, uniform } from "./generate.ts";
import { bruteForce } from "./truth.ts";

const SIZES = { count: 200, questions: 20, dimension: 17 };

describe("generated vectors", () => {
  it.each([clustered, uniform])("have unit length and come again ($name)", (make) => {
    const { rows, queries } = make(SIZES);
    for (const { vectors } of [rows, queries])
      for (let i = 0; i < vectors.length / SIZES.dimension; i++) {
        const length = Math.hypot(...vectorOf({ vectors, dimension: SIZES.dimension }, i));
        expect(length).toBeCloseTo(1, 6);
      }
    expect(make(SIZES).rows.vectors).toEqual(rows.vectors);
  });

  it("hold no query among the rows", () => {
    const { rows, queries } = clustered(SIZES);
    const best = bruteForce({ rows, queries, k: 1 });
    for (let q = 0; q < SIZES.questions; q++) expect(best[q * 2 + 1]).toBeLessThan(0.999);
  });
});

describe("exact answers", () => {
  it("are a sort of all rows' inner products, best first", () => {
    const { rows, queries } = uniform(SIZES);
    const best = bruteForce({ rows, queries, k: 10 });
    for (let q = 0; q < SIZES.questions; q++) {
      const query = vectorOf(queries, q);
      const scores = Array.from({ length: SIZES.count }, (_, row) =>
        vectorOf(rows, row).reduce((sum, value, i) => sum + value * query[i]!, 0),
      );
      const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, 10);
      expect(Array.from({ length: 10 }, (_, i) => best[(q * 10 + i) * 2])).toEqual(order);
    }
  });

  it("leave out the rows that a filter leaves out", () => {
    const { rows, queries } = uniform(SIZES);
    const best = bruteForce({ rows, queries, k: 10 }, (row) => row % 2 === 1);
    expect(best.filter((_, i) => i % 2 === 0).every((row) => row % 2 === 1)).toBe(true);
  });
});

describe("recall", () => {
  it("counts a row as close as the k-th, and one row once", () => {
    // Rows 0, 1 and 2 are equal; the exact two are 0 and 1, and 2 is as good.
    const rows = { vectors: Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1), dimension: 2 };
    const queries = { vectors: Float32Array.of(1, 0), dimension: 2 };
    const truth = { k: 2, ids: Int32Array.of(0, 1), least: Float64Array.of(1) };
    const dataset: Dataset = { kind: "uniform", name: "", count: 4, questions: 1, dimension: 2, rows, queries, truth };
    expect(recallOf(dataset, 0, [0, 2])).toBe(1);
    expect(recallOf(dataset, 0, [0, 0])).toBe(0.5);
    expect(recallOf(dataset, 0, [0, 3])).toBe(0.5);
    expect(recallOf(dataset, 0, [])).toBe(0);
  });
});
