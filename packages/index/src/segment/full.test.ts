import { NexusError } from "@nexus/core";
import { describe, expect, test } from "vitest";
import { bestOf, byPlace, taken, unitVectors } from "../../../../test/support/dense-rows.ts";
import { createDenseSegment } from "../dense.node.ts";
import type { DenseSegment } from "./dense-segment.ts";

/** Steps of a page: what is left at the end differs. */
const BUDGETS = Array.from({ length: 4 }, (_, i) => 1.75 * 2 ** 20 + i * 65_536);

describe.each(BUDGETS)("a segment that may not grow beyond %i bytes", (maxBytes) => {
  test("the row that does not fit is refused with index.full; all before it are still found by every plan", () => {
    const vectors = unitVectors(6_000, 16, 1);
    const segment = createDenseSegment({ dimension: 16, maxBytes });
    const added = fill(segment, vectors);
    expect(added).toBeGreaterThan(1_024);
    expect(added).toBeLessThan(6_000);
    expect(segment.count).toBe(added);
    expect(segment.memory.stats().reservedBytes).toBeLessThanOrEqual(maxBytes);
    const model = byPlace(vectors.slice(0, added));
    for (const query of unitVectors(3, 16, 2)) {
      const best = bestOf(model, query, 10).map(({ row }) => row);
      expect(rowsOf(segment, query, "exact")).toEqual(best);
      expect(rowsOf(segment, query, "binary").length).toBe(10);
    }
    // A removed row leaves room for another.
    segment.remove(5);
    expect(segment.add(vectors[5]!)).toBe(5);
    expect(() => segment.add(vectors[6]!)).toThrow(NexusError);
  });

  test("a search that asks for more than there is memory for is refused, and the next ones find what they should", () => {
    const vectors = unitVectors(6_000, 16, 3);
    const segment = createDenseSegment({ dimension: 16, maxBytes });
    const model = byPlace(vectors.slice(0, fill(segment, vectors)));
    const query = unitVectors(1, 16, 4)[0]!;
    const best = bestOf(model, query, 10).map(({ row }) => row);
    for (let again = 0; again < 3; again++) {
      // Whether it is refused or answered: nothing may be written where there is no room.
      expectFullOrRows(() => segment.search(query, { k: 1_000, plan: "exact" }).count, 1_000);
      expectFullOrRows(() => segment.search(query, { k: 300, plan: "binary" }).count, 300);
      expect(rowsOf(segment, query, "exact")).toEqual(best);
    }
    for (const row of model.keys()) expect(segment.has(row)).toBe(true);
    for (const { row, score } of taken(segment.search(query, { k: 10, plan: "exact" }))) {
      expect(score).toBeCloseTo(bestOf(new Map([[row, vectors[row]!]]), query, 1)[0]!.score, 5);
    }
  });

  test("a batch of queries that there is no memory for is refused each time, and what is stored stays as it was", () => {
    const vectors = unitVectors(6_000, 16, 5);
    const segment = createDenseSegment({ dimension: 16, maxBytes });
    const model = byPlace(vectors.slice(0, fill(segment, vectors)));
    const queries = Float32Array.from(unitVectors(4, 16, 6).flatMap((query) => [...query]));
    const query = queries.slice(0, 16);
    const best = bestOf(model, query, 10).map(({ row }) => row);
    for (let again = 0; again < 3; again++) {
      expectFullOrRows(() => segment.searchMany(queries, { k: 1_000, plan: "exact" }).rows.length, 4_000);
      expect(rowsOf(segment, query, "exact")).toEqual(best);
    }
  });

  test("linking without memory for the upper levels is refused or done, and searches go on", () => {
    const vectors = unitVectors(6_000, 16, 7);
    const segment = createDenseSegment({ dimension: 16, maxBytes, efConstruction: 16 });
    const model = byPlace(vectors.slice(0, fill(segment, vectors)));
    expectFullOrRows(() => segment.link(500), 500);
    expectFullOrRows(() => segment.link(500), 500);
    const query = unitVectors(1, 16, 8)[0]!;
    expect(rowsOf(segment, query, "exact")).toEqual(bestOf(model, query, 10).map(({ row }) => row));
  });
});

test.each(BUDGETS.map((bytes) => bytes + 8 * 2 ** 20))(
  "rows up to the last byte of %i, and only then the first search: it finds them, and so does the graph",
  (maxBytes) => {
    const segment = createDenseSegment({ dimension: 2, maxBytes });
    const added = fill(
      segment,
      Array.from({ length: 60_000 }, (_, i) => Float32Array.of(Math.cos(i), Math.sin(i))),
    );
    expect(added).toBeGreaterThan(32_768);
    for (const plan of ["exact", "binary", "graph"] as const) {
      const hits = segment.search(Float32Array.of(Math.cos(77), Math.sin(77)), { k: 1, plan });
      expect(hits.scores[0]).toBeCloseTo(1, 5);
    }
  },
);

/** Adds until there is no room; how many were added. */
function fill(segment: DenseSegment, vectors: readonly Float32Array[]): number {
  let added = 0;
  try {
    for (; added < vectors.length; added++) expect(segment.add(vectors[added]!)).toBe(added);
  } catch (error) {
    expect((error as NexusError).code).toBe("index.full");
  }
  return added;
}

function rowsOf(segment: DenseSegment, query: Float32Array, plan: "exact" | "binary"): number[] {
  return taken(segment.search(query, { k: 10, plan })).map(({ row }) => row);
}

function expectFullOrRows(work: () => number, expected: number): void {
  try {
    expect(work()).toBe(expected);
  } catch (error) {
    expect((error as NexusError).code).toBe("index.full");
  }
}
