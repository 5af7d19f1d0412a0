import { describe, expect, test } from "vitest";
import { unitVectors } from "../../../../test/support/dense-rows.ts";
import { createDenseSegment } from "../dense.node.ts";
import { prefixFor } from "./prefix.ts";

const wide = { dimension: 1_536, rows: 1_000, k: 10 };

describe("the dimensions that a scan compares", () => {
  test.each([
    ["thorough: all", wide, { queryLength: 5, msLeft: 1, thorough: true }, 1_536],
    ["many results: all", { ...wide, k: 51 }, { queryLength: 200, msLeft: 100 }, 1_536],
    ["a short query for few results: 256", wide, { queryLength: 19, msLeft: 100 }, 256],
    ["a short query for more results goes by the time", { ...wide, k: 11 }, { queryLength: 19, msLeft: 15 }, 768],
    ["15 ms left: 768", wide, { queryLength: 20, msLeft: 15 }, 768],
    ["5 ms left: 384", wide, { queryLength: 20, msLeft: 14.9 }, 384],
    ["less: 256", wide, { queryLength: 20, msLeft: 4.9 }, 256],
    ["a step down where 768 would take 38 of 20 ms", { ...wide, rows: 1e6 }, { queryLength: 99, msLeft: 20 }, 256],
    ["one step where 768 would take 11.5 of 20 ms", { ...wide, rows: 3e5 }, { queryLength: 99, msLeft: 20 }, 384],
    ["never more than the vectors have", { ...wide, dimension: 100 }, { queryLength: 99, msLeft: 20 }, 100],
  ] as const)("%s", (_, of, budget, expected) => {
    expect(prefixFor(of, budget)).toBe(expected);
  });

  test("a scan under a budget compares a prefix and scores in full: values behind it decide among the rescored", () => {
    const segment = createDenseSegment({ dimension: 512 });
    const vectors = unitVectors(1_500, 512, 1);
    for (const vector of vectors) segment.add(vector);
    const query = vectors[7]!;
    const full = segment.search(query, { k: 1, plan: "exact" }).scores[0];
    const hits = segment.search(query, { k: 1, plan: "exact", prefix: { queryLength: 5, msLeft: 10 } });
    expect([hits.rows[0], hits.scores[0]]).toEqual([7, full]);
  });
});
