import type { NexusError, VectorHit } from "@nexus/core";
import { beforeAll, describe, expect, test } from "vitest";
import { batchOf, idOf, idsOf, pointOf, queryOf } from "../../../test/support/dense-points.ts";
import { bestOf, byPlace, unitVectors } from "../../../test/support/dense-rows.ts";
import { createVectorIndex, type VectorIndex } from "./vector-index.ts";

const D = 16;
const N = 16_500;

function find(index: VectorIndex, values: Float32Array, limit: number = 10): VectorHit[] {
  return index.search(queryOf(values, limit));
}

/** Links all that waits, as writers do where there is no thread. */
function settle(index: VectorIndex): void {
  const [a, b] = unitVectors(2, D, 77);
  for (let i = 0; i < N / 4 + 200; i++) index.upsert([pointOf(idOf(900_000 + (i % 2)), i % 4 < 2 ? a! : b!)]);
  index.remove([idOf(900_000), idOf(900_001)]);
}

describe("the dense side of a vector index with a graph", () => {
  const vectors = unitVectors(N, D, 1);
  const queries = unitVectors(20, D, 2);
  const index = createVectorIndex();

  beforeAll(async () => {
    await index.load(batchOf(vectors));
    settle(index);
  });

  function recall(other: VectorIndex, scale: number = 1): number {
    let found = 0;
    for (const query of queries) {
      const best = new Set(bestOf(byPlace(vectors), query, 10).map(({ row }) => idOf(row)));
      found +=
        idsOf(
          find(
            other,
            query.map((x) => x * scale),
          ),
        ).filter((id) => best.has(id)).length / 10;
    }
    return found / queries.length;
  }

  test("recall@10 ≥ 0.95 on vectors spread evenly", () => expect(recall(index)).toBeGreaterThanOrEqual(0.95));

  test.each([0.01, 3, 100])("a query of length %d finds what one of unit length finds", (scale) => {
    expect(recall(index, scale)).toBeGreaterThanOrEqual(0.95);
  });

  test("the graph's bytes, taken over by another index with the points in another order, serve it at once", async () => {
    const graphs = await index.graphs();
    expect([...graphs.keys()]).toEqual(["e"]);
    const other = createVectorIndex({ graphs: false });
    const half = N / 2;
    await other.load(batchOf(vectors.slice(half), half));
    await other.load(batchOf(vectors.slice(0, half)));
    expect(other.adoptGraph("e", graphs.get("e")!)).toBe(true);
    expect(recall(other)).toBeGreaterThanOrEqual(0.95);
    expect(other.adoptGraph("f", graphs.get("e")!)).toBe(false);
  });

  test("points that came after the graph was saved are found beside those that it knows, before and after they are linked", async () => {
    const other = createVectorIndex({ graphs: false });
    await other.load(batchOf(vectors));
    const added = unitVectors(300, D, 3);
    await other.load(batchOf(added, N));
    expect(other.adoptGraph("e", (await index.graphs()).get("e")!)).toBe(true);
    for (const when of ["waiting", "linked"]) {
      for (const [i, vector] of added.entries()) expect(idsOf(find(other, vector, 3)), when).toContain(idOf(N + i));
      other.buildGraphs();
      for (let i = 0; i < 200; i++) other.upsert([pointOf(idOf(900_000), unitVectors(1, D, i)[0]!)]);
    }
  });

  test("the graph's version changes when a point of it is removed, since its bytes do", async () => {
    const [version, bytes] = [index.graphVersion(), (await index.graphs()).get("e")!];
    index.remove([idOf(9_000)]);
    expect((await index.graphs()).get("e")).not.toEqual(bytes);
    expect(index.graphVersion()).not.toBe(version);
    index.upsert([pointOf(idOf(9_000), vectors[9_000]!)]);
  });
});

describe("the dense side of a vector index", () => {
  test.each([1, 7, 8, 9, 50])(
    "of 40 equal points around the limit of %i, those with the lower ids are found, whatever their rows",
    (limit) => {
      const same = unitVectors(1, D, 40)[0]!;
      for (const others of [100, 1_500]) {
        const vectors = [
          ...unitVectors(others, D, 4).map((vector) => vector.map((x) => x / 2)),
          ...Array.from({ length: 40 }, () => same),
        ];
        const better = Array.from({ length: 5 }, (_, i) => same.map((x) => x * (1 + i / 1_000)));
        const index = createVectorIndex();
        for (const [i, vector] of vectors.entries()) index.upsert([pointOf(idOf(9_999 - i), vector)]);
        for (const [i, vector] of better.entries()) index.upsert([pointOf(idOf(20_000 + i), vector)]);
        const order = [4, 3, 2, 1, 0].map((i) => idOf(20_000 + (i === 0 ? 0 : i)));
        const equal = Array.from({ length: 40 }, (_, i) => idOf(9_999 - (others + 39) + i));
        const expected = [...order.slice(0, 4), ...[...equal, order[4]!].toSorted()].slice(0, Math.min(limit, 45));
        expect(idsOf(find(index, same, limit)).slice(0, 45)).toEqual(expected);
      }
    },
  );

  test("loading a batch gives the index that upserting its points one by one gives", async () => {
    const vectors = unitVectors(1_300, D, 5);
    const [loaded, upserted] = [createVectorIndex(), createVectorIndex()];
    await loaded.load(batchOf(vectors));
    for (const [i, vector] of vectors.entries()) upserted.upsert([pointOf(idOf(i), vector)]);
    for (const index of [loaded, upserted]) {
      index.remove([idOf(3), idOf(1_299)]);
      index.upsert([pointOf(idOf(5), vectors[3]!)]);
    }
    for (const query of unitVectors(10, D, 6)) expect(find(loaded, query, 25)).toEqual(find(upserted, query, 25));
    expect(loaded.describe().points).toBe(upserted.describe().points);
    expect(loaded.dimensions.get("e")).toBe(D);
  });

  test("a batch that does not fit is refused with index.full and changes nothing; the next that fits is taken", async () => {
    const index = createVectorIndex({ maxVectorBytes: 2 ** 21 });
    const vectors = unitVectors(20_000, D, 7);
    await index.load(batchOf(vectors.slice(0, 2_000)));
    const before = index.describe();
    const many = vectors.map((vector, i) => pointOf(idOf(i), vector));
    expect(codeOf(() => index.upsert(many))).toBe("index.full");
    expect(index.describe().points).toBe(before.points);
    expect(find(index, vectors[1_999]!, 1)[0]!.memoryId).toBe(idOf(1_999));
    const wide = {
      ...pointOf(idOf(800_000), vectors[0]!),
      vectors: { e: vectors[0]!, f: new Float32Array(200_000).fill(0.1) },
    };
    expect(codeOf(() => index.upsert([wide]))).toBe("index.full");
    expect(index.has(idOf(800_000))).toBe(false);
    expect(index.dimensions.get("f")).toBeUndefined();
    index.upsert(many.slice(0, 10));
    expect(index.describe().points).toBe(2_000);
  });

  test("writes go on to the last byte: each is refused whole or done whole, also while writers build the graph", async () => {
    const vectors = unitVectors(40_000, D, 8);
    const index = createVectorIndex({ maxVectorBytes: 6.25 * 2 ** 20 });
    await index.load(batchOf(vectors.slice(0, 16_300)));
    let last = 16_300;
    for (let refused = 0; refused < 5 && last < 40_000; last++) {
      const code = codeOf(() => index.upsert([pointOf(idOf(last), vectors[last]!)]));
      expect(code === undefined || code === "index.full").toBe(true);
      if (code) refused++;
      expect(index.has(idOf(last))).toBe(code === undefined);
    }
    expect(last).toBeLessThan(40_000);
    index.remove([idOf(1), idOf(2)]);
    expect(find(index, vectors[17]!, 1)[0]!.memoryId).toBe(idOf(17));
    // All score alike: the first by their ids.
    expect(idsOf(find(index, new Float32Array(D), 3))).toEqual([idOf(0), idOf(3), idOf(4)]);
  });
});

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as NexusError).code;
  }
}
