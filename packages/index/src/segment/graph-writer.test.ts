import { describe, expect, test } from "vitest";
import { indexModule } from "../wasm.node.ts";
import { dot, unitVectors } from "../../../../test/support/dense-rows.ts";
import { createDenseSegment } from "../dense.node.ts";
import { DEAD, FREE, LINKED, WAITING } from "./columns.ts";
import type { DenseSegment } from "./dense-segment.ts";
import { orderForLinking, repairInSteps } from "./graph-work.ts";
import { instantiate, type SegmentInstance } from "./instance.ts";
import { Scratch } from "./scratch.ts";

const D = 8;

function segmentOf(count: number): DenseSegment {
  const segment = createDenseSegment({ dimension: D, efConstruction: 32 });
  for (const vector of unitVectors(count, D, 1)) segment.add(vector);
  return segment;
}

/** What a thread holds: another instance, with scratch of its own. */
function otherInstance(segment: DenseSegment): SegmentInstance {
  const { memory, columns, dimension, m, efConstruction } = segment;
  const scratch = new Scratch(memory, columns, { dimension, m, efConstruction });
  scratch.fitRows(columns.rows);
  const wasm = instantiate(indexModule(), memory.memory, () => false);
  wasm.attach(columns.segmentAt, scratch.at);
  return wasm;
}

const states = ({ columns }: DenseSegment, rows: readonly number[]): number[] =>
  rows.map((row) => columns.stateOf(row));

describe("graph writer", () => {
  test("a new row waits; it can be found at once; linking it here takes it off the list", () => {
    const segment = segmentOf(3);
    expect([...segment.graph.waitingRows()]).toEqual([0, 1, 2]);
    expect(states(segment, [0, 1, 2])).toEqual([WAITING, WAITING, WAITING]);
    expect(segment.search(unitVectors(1, D, 1)[0]!, { k: 1 }).rows[0]).toBe(0);
    expect(segment.link(2)).toBe(2);
    expect(segment.graph.waiting).toBe(1);
    expect(segment.link()).toBe(1);
    expect(states(segment, [0, 1, 2])).toEqual([LINKED, LINKED, LINKED]);
    expect(segment.link()).toBe(0);
  });

  test("only one holds the work: nobody else is given any before it is finished, whole or in part", () => {
    const segment = segmentOf(11);
    segment.link(1);
    const { graph } = segment;
    const work = graph.begin(4)!;
    expect([...work.link]).toEqual([1, 2, 3, 4]);
    expect(graph.begin()).toBeUndefined();
    const { version } = graph;
    graph.finish({ linked: [1, 2], repaired: false });
    expect(graph.version).toBeGreaterThan(version);
    expect(graph.waiting).toBe(8);
    expect([...graph.begin(4)!.link]).toContain(3);
  });

  test("a waiting row that is removed is free for the next; a linked one is dead until repair; one being linked as well", () => {
    const segment = segmentOf(200);
    segment.remove(7);
    expect(states(segment, [7])).toEqual([FREE]);
    expect(segment.add(unitVectors(1, D, 2)[0]!)).toBe(7);
    segment.link();
    const work = (segment.add(unitVectors(1, D, 3)[0]!), segment.graph.begin()!);
    segment.remove(work.link[0]!);
    expect(states(segment, [work.link[0]!])).toEqual([DEAD]);
    segment.graph.finish({ linked: work.link, repaired: false });
    for (let row = 0; row < 100; row++) segment.remove(row);
    expect(states(segment, [0, 99])).toEqual([DEAD, DEAD]);
    segment.link();
    expect(states(segment, [0, 99, work.link[0]!, 100])).toEqual([FREE, FREE, FREE, LINKED]);
  });

  test("repair that was stopped leaves the dead dead; the next one frees them", () => {
    const segment = segmentOf(300);
    segment.link();
    for (let row = 0; row < 100; row++) segment.remove(row);
    const work = segment.graph.begin()!;
    expect(work.repair).toBe(true);
    segment.graph.finish({ linked: [], repaired: false });
    expect(states(segment, [0, 99])).toEqual([DEAD, DEAD]);
    segment.link();
    expect(states(segment, [0, 99])).toEqual([FREE, FREE]);
  });

  test("work that linked rows and failed before it said so: its rows may be removed, the rest is linked and found", () => {
    for (const linked of [1, 20]) {
      const segment = segmentOf(600);
      const wasm = otherInstance(segment);
      if (linked > 1) segment.link(1);
      const work = segment.graph.begin(linked)!;
      for (const row of work.link) wasm.linkRow(row, segment.efConstruction);
      segment.graph.finish({ linked: [], repaired: false });
      segment.remove(segment.columns.entry);
      for (const row of work.link) segment.remove(row);
      segment.link();
      let lost = 0;
      for (const [row, values] of unitVectors(600, D, 1).entries()) {
        if (!segment.has(row)) continue;
        if (segment.search(values, { k: 1, plan: "graph" }).rows[0] !== row) lost++;
      }
      expect(lost).toBe(0);
    }
  });

  test("rows that die while another instance repairs, and rows that come in place of those it freed: searches of the graph stay whole", () => {
    const segment = segmentOf(1_500);
    segment.link();
    const vectors = new Map(unitVectors(1_500, D, 1).entries());
    const fresh = unitVectors(6_000, D, 4)[Symbol.iterator]();
    for (let round = 0; round < 8; round++) {
      const rows = [...vectors.keys()];
      const drop = (from: number, to: number): void => {
        for (const row of rows.slice(from, to)) {
          segment.remove(row);
          vectors.delete(row);
        }
      };
      drop(0, 150);
      const wasm = otherInstance(segment);
      for (let work = segment.graph.begin(); work; work = segment.graph.begin()) {
        for (const row of orderForLinking(wasm, work.link)) wasm.linkRow(row, segment.efConstruction);
        let repaired = false;
        if (work.repair) {
          for (const step of repairInSteps(segment.columns.rows)) {
            step(wasm);
            drop(150, 200);
          }
          repaired = true;
        }
        segment.graph.finish({ linked: work.link, repaired });
      }
      for (let i = 0; i < 200; i++) {
        const values = fresh.next().value as Float32Array;
        vectors.set(segment.add(values), values);
      }
      let lost = 0;
      for (const [row, values] of [...vectors].slice(0, 300)) {
        const hits = segment.search(values, { k: 10, plan: "graph", efSearch: 128 });
        expect(hits.count).toBe(10);
        if (hits.rows[0] !== row) lost++;
        for (let i = 0; i < 10; i++) expect(hits.scores[i]).toBeCloseTo(dot(vectors.get(hits.rows[i]!)!, values), 5);
      }
      expect(lost, `round ${round}`).toBeLessThanOrEqual(1);
    }
  });
});
