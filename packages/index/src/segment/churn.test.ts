import { describe, expect, test } from "vitest";
import {
  bestOf,
  byPlace,
  clusteredVectors,
  recallOf,
  taken,
  unitVectors,
} from "../../../../test/support/dense-rows.ts";
import { seeded } from "../../../../test/support/random.ts";
import { createDenseSegment } from "../dense.node.ts";
import type { DenseSegment } from "./dense-segment.ts";

const D = 32;

describe("a graph under churn", () => {
  test("half removed and as many added, 8 rounds: recall@10 ≥ 0.95, every linked row is found by its own vector, bytes stay flat", () => {
    const random = seeded(1);
    const fresh = clusteredVectors(12_000, { dimension: D, clusters: 40, spread: 0.6, seed: 2 })[Symbol.iterator]();
    const segment = createDenseSegment({ dimension: D, efConstruction: 96 });
    const model = new Map<number, Float32Array>();
    fill(segment, model, { count: 2_000, from: fresh });
    segment.link();
    const used: number[] = [];
    for (let round = 0; round < 8; round++) {
      for (const row of model.keys()) if (random() < 0.5) take(segment, model, row);
      segment.link();
      fill(segment, model, { count: 2_000 - model.size, from: fresh });
      segment.link();
      expect(recall(segment, model)).toBeGreaterThanOrEqual(0.95);
      expect(lost(segment, model)).toBe(0);
      used.push(segment.memory.stats().usedBytes);
    }
    expect(segment.columns.rows).toBeLessThan(2_400);
    expect(used.at(-1)! - used[2]!).toBeLessThanOrEqual(65_536);
  });

  test("a row that is used again keeps its level: after 30 rounds less than one row in eight is on an upper level", () => {
    const segment = createDenseSegment({ dimension: 4, efConstruction: 16 });
    const vectors = unitVectors(1_000, 4, 3);
    for (let round = 0; round < 30; round++) {
      const rows = vectors.map((vector) => segment.add(vector));
      segment.link();
      for (const row of rows) segment.remove(row);
      segment.link();
    }
    const rows = segment.columns.rows;
    expect(rows).toBeLessThan(2_200);
    const upper = Array.from({ length: rows }, (_, row) => segment.columns.levelOf(row)).filter((level) => level > 0);
    // One in m = 16 is expected.
    expect(upper.length / rows).toBeLessThan(1 / 8);
  });

  test("all rows replaced between two linkings: the new ones are all found", () => {
    const segment = createDenseSegment({ dimension: D });
    const model = new Map<number, Float32Array>();
    const vectors = unitVectors(2_000, D, 4);
    fill(segment, model, { count: 2_000, from: vectors[Symbol.iterator]() });
    segment.link();
    for (const row of model.keys()) take(segment, model, row);
    fill(segment, model, { count: 2_000, from: vectors[Symbol.iterator]() });
    segment.link();
    expect(recall(segment, model)).toBeGreaterThanOrEqual(0.95);
    expect(lost(segment, model)).toBe(0);
  });

  test("a cluster of 150 among 4,000 is removed and added again, too few to be repaired: the new rows are all found", () => {
    const segment = createDenseSegment({ dimension: D });
    const model = new Map<number, Float32Array>();
    const cluster = clusteredVectors(150, { dimension: D, clusters: 1, spread: 0.2, seed: 5 });
    fill(segment, model, { count: 3_850, from: unitVectors(3_850, D, 6)[Symbol.iterator]() });
    fill(segment, model, { count: 150, from: cluster[Symbol.iterator]() });
    segment.link();
    for (const row of model.keys()) if (row >= 3_850) take(segment, model, row);
    const before = new Set(model.keys());
    fill(segment, model, { count: 150, from: cluster[Symbol.iterator]() });
    segment.link();
    const added = new Map([...model].filter(([row]) => !before.has(row)));
    expect(added.size).toBe(150);
    expect(lost(segment, added)).toBe(0);
  });

  test("40 linked rows replaced, too few for a repair: the new ones are all found", () => {
    const segment = createDenseSegment({ dimension: 8 });
    const model = new Map<number, Float32Array>();
    const vectors = unitVectors(40, 8, 7);
    fill(segment, model, { count: 40, from: vectors[Symbol.iterator]() });
    segment.link();
    for (const row of model.keys()) take(segment, model, row);
    fill(segment, model, { count: 40, from: vectors[Symbol.iterator]() });
    segment.link();
    expect(lost(segment, model)).toBe(0);
  });

  test("1,500 equal rows among 3,000: those that differ are still found", () => {
    const segment = createDenseSegment({ dimension: D });
    const same = unitVectors(1, D, 8)[0]!;
    const vectors = unitVectors(1_500, D, 9).flatMap((vector) => [same, vector]);
    for (const vector of vectors) segment.add(vector);
    segment.link();
    const others = new Map([...byPlace(vectors)].filter(([row]) => row % 2 === 1));
    expect(lost(segment, others)).toBeLessThanOrEqual(15);
  });
});

function fill(
  segment: DenseSegment,
  model: Map<number, Float32Array>,
  { count, from }: { readonly count: number; readonly from: Iterator<Float32Array> },
): void {
  for (let i = 0; i < count; i++) {
    const values = from.next().value as Float32Array;
    const row = segment.add(values);
    expect(model.has(row)).toBe(false);
    model.set(row, values);
  }
}

function take(segment: DenseSegment, model: Map<number, Float32Array>, row: number): void {
  segment.remove(row);
  model.delete(row);
}

function recall(segment: DenseSegment, model: ReadonlyMap<number, Float32Array>): number {
  const queries = unitVectors(25, segment.dimension, 99);
  let sum = 0;
  for (const query of queries) {
    const hits = segment.search(query, { k: 10, plan: "graph" });
    expect(hits.plan).toBe("graph");
    const found = taken(hits);
    expect(found.every(({ row }) => model.has(row))).toBe(true);
    sum += recallOf(found, bestOf(model, query, 10));
  }
  return sum / queries.length;
}

/** Rows that a search of the graph for their own vector does not find, nor one that is as close. */
function lost(segment: DenseSegment, rows: ReadonlyMap<number, Float32Array>): number {
  let count = 0;
  for (const [row, values] of rows) {
    const found = taken(segment.search(values, { k: 10, plan: "graph", efSearch: 256 }));
    if (!found.some((hit) => hit.row === row || hit.score > 0.99999)) count++;
  }
  return count;
}
