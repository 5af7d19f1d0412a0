import { describe, expect, test } from "vitest";
import { unitVectors } from "../../../../test/support/dense-rows.ts";
import { createDenseSegment } from "../dense.node.ts";
import { NONE } from "./columns.ts";
import type { DenseSegment, SegmentQuery } from "./dense-segment.ts";

const D = 20;

function segmentOf(count: number, linked: number = 0): DenseSegment {
  const segment = createDenseSegment({ dimension: D, efConstruction: 32 });
  for (const vector of unitVectors(count, D, 1)) segment.add(vector);
  if (linked > 0) segment.link(linked);
  return segment;
}

function expectSame(segment: DenseSegment, queries: readonly Float32Array[], options: SegmentQuery): void {
  const { rows, scores } = segment.searchMany(Float32Array.from(queries.flatMap((query) => [...query])), options);
  const { k } = options;
  expect(rows.length).toBe(queries.length * k);
  for (const [i, query] of queries.entries()) {
    const one = segment.search(query, options);
    const none = k - one.count;
    const expected = [...one.rows.subarray(0, one.count), ...Array.from({ length: none }, () => NONE)];
    expect([...rows.subarray(i * k, (i + 1) * k)]).toEqual(expected);
    expect([...scores.subarray(i * k, i * k + one.count)]).toEqual([...one.scores.subarray(0, one.count)]);
  }
}

describe("several queries at once", () => {
  test.each([0, 1, 15, 16, 17, 35])(
    "%i queries are answered as each is by itself, with every plan and filter",
    (count) => {
      const segment = segmentOf(3_000, 2_900);
      const queries = unitVectors(count, D, 2);
      for (const plan of ["auto", "exact", "binary", "graph"] as const) {
        expectSame(segment, queries, { k: 10, plan });
        expectSame(segment, queries, { k: 3, plan, accept: (row) => row % 7 === 0 });
        expectSame(segment, queries, { k: 3, plan, filter: new Uint32Array(94).fill(0x1111_1111) });
        expectSame(segment, queries, { k: 5, plan, rescore: 7 });
      }
      expectSame(segment, queries, { k: 10, plan: "exact", prefix: 16 });
      expectSame(segment, queries, { k: 200, plan: "exact" });
      expectSame(segment, queries, { k: 10 });
    },
  );

  test("few rows, no rows, and more results asked for than there are rows", () => {
    const queries = unitVectors(5, D, 3);
    for (const count of [0, 1, 40, 1_100]) {
      const segment = segmentOf(count);
      expectSame(segment, queries, { k: 1_200, plan: "exact" });
      for (let row = 0; row < count; row++) segment.remove(row);
      expectSame(segment, queries, { k: 4, plan: "exact" });
    }
  });

  test("more results than a pool of candidates usually holds", () => {
    expectSame(segmentOf(6_000), unitVectors(2, D, 4), { k: 5_000, plan: "exact" });
  });

  test("no results asked for: nothing is found, and no byte of the rows changes", () => {
    const segment = segmentOf(2_000);
    const queries = unitVectors(17, D, 5);
    expectSame(segment, queries, { k: 3, plan: "exact" });
    const { segmentAt } = segment.columns;
    const before = segment.memory.u8.slice(segmentAt);
    expectSame(segment, queries, { k: 0, plan: "exact" });
    const after = segment.memory.u8.slice(segmentAt);
    const head = segment.columns.headAt(0) - segmentAt;
    const values = segment.columns.valuesAt(1_023) - segmentAt;
    for (const [from, to] of [
      [0, 512],
      [head, head + 1_024 * segment.columns.headBytes],
      [values - 1_023 * 4 * D, values],
    ] as const) {
      expect(after.subarray(from, to)).toEqual(before.subarray(from, to));
    }
    expectSame(segment, queries, { k: 3, plan: "exact" });
  });

  test("searches by themselves between batches do not disturb them, nor rows added in between", () => {
    const segment = segmentOf(1_500);
    const queries = unitVectors(18, D, 6);
    for (const vector of unitVectors(30, D, 7)) {
      expectSame(segment, queries, { k: 4, plan: "exact" });
      segment.add(vector);
      expect(segment.search(vector, { k: 1 }).rows[0]).toBe(segment.columns.rows - 1);
    }
  });
});
