import { describe, expect, test } from "vitest";
import { GRAPH_ROWS, MOST_CANDIDATES, planSearch } from "./planner.ts";
import { acceptOf, selectivityOf } from "./row-filter.ts";

const linkedAll = (rows: number): { rows: number; linked: number; waiting: number } => ({
  rows,
  linked: rows,
  waiting: 0,
});

describe("planner", () => {
  test("few rows are scanned, many are searched by the graph", () => {
    const query = { efSearch: 128, selectivity: 1 };
    expect(planSearch(linkedAll(1_000), query).way).toBe("exact");
    expect(planSearch(linkedAll(GRAPH_ROWS), query)).toEqual({ way: "graph", ef: 128 });
    expect(planSearch(linkedAll(1_000_000), query)).toEqual({ way: "graph", ef: 128 });
    expect(planSearch(linkedAll(0), query).way).toBe("exact");
  });

  test("without linked rows there is no graph; many that wait cost more than it saves", () => {
    const query = { efSearch: 128, selectivity: 1 };
    expect(planSearch({ rows: 100_000, linked: 0, waiting: 100_000 }, query).way).toBe("exact");
    expect(planSearch({ rows: 100_000, linked: 70_000, waiting: 30_000 }, query).way).toBe("exact");
    expect(planSearch({ rows: 100_000, linked: 90_000, waiting: 10_000 }, query).way).toBe("graph");
  });

  test("a filter asks for more candidates: by 1/√share, and an eighth of efSearch must be accepted; until a scan is the better way", () => {
    const rows = linkedAll(1_000_000);
    expect(planSearch(rows, { efSearch: 100, selectivity: 0.5 })).toEqual({ way: "graph", ef: 142 });
    expect(planSearch(rows, { efSearch: 100, selectivity: 0.1 })).toEqual({ way: "graph", ef: 317 });
    expect(planSearch(rows, { efSearch: 100, selectivity: 0.01 })).toEqual({ way: "graph", ef: 1_250 });
    expect(planSearch(rows, { efSearch: 100, selectivity: 0 }).way).toBe("exact");
    expect(planSearch(rows, { efSearch: MOST_CANDIDATES + 1, selectivity: 1 }).way).toBe("exact");
  });
});

describe("row filter", () => {
  const bits = Uint32Array.of(0b1010, 0x8000_0000);

  test("bits say which rows; rows behind their end are refused; a function goes before them", () => {
    const accept = acceptOf({ filter: bits })!;
    expect([0, 1, 2, 3, 31, 62, 63, 64, 1_000].filter(accept)).toEqual([1, 3, 63]);
    expect(acceptOf({})).toBeUndefined();
    expect([1, 2].filter(acceptOf({ filter: bits, accept: (row) => row === 2 })!)).toEqual([2]);
  });

  test("the share that is let through is counted for bits, and guessed from live rows for a function", () => {
    const live = (): boolean => true;
    expect(selectivityOf({ filter: bits }, 100, live)).toBe(0.03);
    expect(selectivityOf({ filter: Uint32Array.of(0xffff_ffff) }, 8, live)).toBe(1);
    expect(selectivityOf({}, 100, live)).toBe(1);
    expect(selectivityOf({ accept: () => false }, 0, live)).toBe(1);
    expect(selectivityOf({ accept: (row) => row < 5_000 }, 10_000, live)).toBeCloseTo(0.5, 1);
    expect(selectivityOf({ accept: (row) => row < 5_000 }, 10_000, (row) => row >= 5_000)).toBe(0);
    expect(selectivityOf({ accept: live }, 10_000, () => false)).toBe(1);
  });
});
