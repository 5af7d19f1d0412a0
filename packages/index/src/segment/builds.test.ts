import { describe, expect, test } from "vitest";
import { bestOf, byPlace, dot, recallOf, taken, unitVectors } from "../../../../test/support/dense-rows.ts";
import { indexModule } from "../wasm.node.ts";
import { DenseSegment } from "./dense-segment.ts";

const ROWS = 1_200;

describe.each([1, 3, 5, 16, 17, 100, 128, 384, 1_536])("dimension %i", (dimension) => {
  const vectors = unitVectors(ROWS, dimension, dimension);
  const queries = unitVectors(4, dimension, 1_000 + dimension);
  const best = queries.map((query) => bestOf(byPlace(vectors), query, 10));
  const segments = new Map<string, DenseSegment>();

  function segmentOf(build: "relaxed" | "strict"): DenseSegment {
    const known = segments.get(build);
    if (known) return known;
    const segment = new DenseSegment({ dimension, module: indexModule(build), efConstruction: 64 });
    for (const vector of vectors) segment.add(vector);
    segment.link();
    segments.set(build, segment);
    return segment;
  }

  test.each(["relaxed", "strict"] as const)("the %s build finds with every plan what brute force finds", (build) => {
    const segment = segmentOf(build);
    const recalls: Record<string, number> = { exact: 0, binary: 0, graph: 0 };
    for (const [i, query] of queries.entries()) {
      for (const plan of ["exact", "binary", "graph"] as const) {
        const found = taken(segment.search(query, { k: 10, plan, efSearch: 256 }));
        for (const { row, score } of found) expect(score).toBeCloseTo(dot(vectors[row]!, query), 5);
        recalls[plan]! += recallOf(found, best[i]!) / queries.length;
      }
    }
    expect(recalls.exact).toBe(1);
    expect(Math.min(recalls.graph!, recalls.binary!), JSON.stringify(recalls)).toBeGreaterThanOrEqual(0.9);
  });

  // Of one dimension all score alike but for their sign: there rounding would decide.
  if (dimension === 1) return;
  test("both builds give the same rows, exactly and by the graph", () => {
    for (const query of queries) {
      for (const plan of ["exact", "graph"] as const) {
        const expected = taken(segmentOf("strict").search(query, { k: 10, plan }));
        const found = taken(segmentOf("relaxed").search(query, { k: 10, plan }));
        expect(found.map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
        for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(expected[i]!.score, 5);
      }
    }
  });
});
