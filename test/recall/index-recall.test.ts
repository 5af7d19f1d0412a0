/** Shares of the exact best that each way of searching finds, with the way that was taken. Vectors in topics, as embeddings are; seed 42. */

import { createDenseSegment, type SegmentQuery } from "@nexus/index/dense";
import { beforeAll, describe, expect, test } from "vitest";
import { bestOf, byPlace, clusteredVectors, recallOf, taken, unit } from "../support/dense-rows.ts";
import { seeded } from "../support/random.ts";

const N = 5_000;
const D = 96;
const QUERIES = 40;

const all = clusteredVectors(N + QUERIES, { dimension: D, clusters: 200, spread: 0.9, seed: 42 }).map(leading);
const vectors = all.slice(0, N);
const queries = all.slice(N);
const segment = createDenseSegment({ dimension: D });

beforeAll(() => {
  for (const vector of vectors) segment.add(vector);
  segment.link();
});

/** Weight on the leading dimensions, as models trained for prefixes have. */
function leading(values: Float32Array): Float32Array {
  return unit(values.map((value, i) => value / (1 + i / 24)));
}

function recallAt10(
  options: Omit<SegmentQuery, "k">,
  plan: string,
  accept: (row: number) => boolean = () => true,
): number {
  const accepted = new Map([...byPlace(vectors)].filter(([row]) => accept(row)));
  let recall = 0;
  for (const query of queries) {
    const hits = segment.search(query, { k: 10, ...options });
    expect(hits.plan).toBe(plan);
    const found = taken(hits);
    expect(found.every(({ row }) => accept(row))).toBe(true);
    recall += recallOf(found, bestOf(accepted, query, 10));
  }
  return recall / QUERIES;
}

describe(`recall@10 at n = ${N}, d = ${D}`, () => {
  test("exact: 1, also where the plan is left open, since a pass over so few rows is cheap", () => {
    expect(recallAt10({ plan: "exact" }, "exact")).toBe(1);
    expect(recallAt10({}, "exact")).toBe(1);
  });

  test("binary, rescored: ≥ 0.99", () => expect(recallAt10({ plan: "binary" }, "binary")).toBeGreaterThanOrEqual(0.99));

  test.each([
    [32, 0.9],
    [64, 0.97],
    [128, 0.99],
  ])("graph with efSearch = %i: ≥ %d", (efSearch, least) => {
    expect(recallAt10({ plan: "graph", efSearch }, "graph")).toBeGreaterThanOrEqual(least);
  });

  test("a graph search scores less than a fifth of the rows", () => {
    const { plan, distances } = segment.search(queries[0]!, { k: 10, plan: "graph", efSearch: 64 });
    expect(plan).toBe("graph");
    expect(distances).toBeLessThan(N / 5);
  });

  test.each([
    [48, 0.99],
    [32, 0.97],
    [16, 0.75],
  ])("prefix of %i dimensions, rescored: ≥ %d", (prefix, least) => {
    expect(recallAt10({ prefix }, "exact")).toBeGreaterThanOrEqual(least);
  });

  test("a wider prefix or more that is rescored finds no less", () => {
    const [narrow, wide, more] = [
      { prefix: 16, rescore: 40 },
      { prefix: 48, rescore: 40 },
      { prefix: 16, rescore: 800 },
    ].map((options) => recallAt10(options, "exact"));
    expect(wide!).toBeGreaterThanOrEqual(narrow!);
    expect(more!).toBeGreaterThanOrEqual(narrow!);
  });

  describe.each([0.01, 0.1, 0.5])("under a filter that lets a share of %d through", (share) => {
    const random = seeded(100 * share);
    const passes = Uint8Array.from({ length: N }, () => (random() < share ? 1 : 0));
    const accept = (row: number): boolean => passes[row] === 1;
    const filter = new Uint32Array(Math.ceil(N / 32));
    for (let row = 0; row < N; row++) if (accept(row)) filter[row >>> 5]! |= 1 << (row & 31);

    test("exact: 1, by function and by bits", () => {
      expect(recallAt10({ accept }, "exact", accept)).toBe(1);
      expect(recallAt10({ filter }, "exact", accept)).toBe(1);
    });

    test("graph: ≥ 0.98; where it finds too few it gives way to the scan", () => {
      const plans = new Set<string>();
      const accepted = new Map([...byPlace(vectors)].filter(([row]) => accept(row)));
      let recall = 0;
      for (const query of queries) {
        // As many candidates more as are refused: what the planner asks for where it chooses the graph.
        const hits = segment.search(query, { k: 10, plan: "graph", efSearch: Math.min(4_000, 64 / share), accept });
        plans.add(hits.plan);
        expect(hits.count).toBe(10);
        recall += recallOf(taken(hits), bestOf(accepted, query, 10)) / QUERIES;
      }
      expect(recall).toBeGreaterThanOrEqual(0.98);
      if (share >= 0.1) expect([...plans]).toEqual(["graph"]);
    });
  });
});
