import { describe, expect, test } from "vitest";
import { bestOf, dot, recallOf, taken, unitVectors } from "../../../../test/support/dense-rows.ts";
import { seeded } from "../../../../test/support/random.ts";
import { createDenseSegment } from "../dense.node.ts";
import type { DenseSegment } from "./dense-segment.ts";
import { NONE } from "./columns.ts";
import { adoptGraph, saveGraph } from "./graph-image.ts";

const D = 16;

interface Named {
  readonly segment: DenseSegment;
  /** By row. */
  readonly names: Map<number, string>;
  readonly vectors: Map<number, Float32Array>;
}

/** Rows named by the place of their vector, in the order of `places`. */
function build(vectors: readonly Float32Array[], places: readonly number[], m?: number): Named {
  const segment = createDenseSegment({ dimension: vectors[0]!.length, ...(m && { m }), efConstruction: 64 });
  const named: Named = { segment, names: new Map(), vectors: new Map() };
  for (const place of places) {
    const row = segment.add(vectors[place]!);
    named.names.set(row, `p${place}`);
    named.vectors.set(row, vectors[place]!);
  }
  return named;
}

const save = async ({ segment, names }: Named): Promise<Uint8Array> =>
  (await saveGraph(segment, (row) => names.get(row)!))!;
const adopt = ({ segment, names }: Named, bytes: Uint8Array): boolean =>
  adoptGraph(segment, bytes, (row) => (segment.has(row) ? names.get(row) : undefined));

function recall({ segment, vectors }: Named): number {
  const live = new Map([...vectors].filter(([row]) => segment.has(row)));
  let sum = 0;
  for (const query of unitVectors(20, D, 99)) {
    const hits = segment.search(query, { k: 10, plan: "graph" });
    const found = taken(hits);
    for (const { row, score } of found) expect(score).toBeCloseTo(dot(live.get(row)!, query), 5);
    sum += recallOf(found, bestOf(live, query, 10)) / 20;
  }
  return sum;
}

const count = (length: number): number[] => Array.from({ length }, (_, i) => i);
const shuffled = (length: number): number[] => {
  const random = seeded(5);
  return count(length)
    .map((place) => [random(), place] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, place]) => place);
};

describe("a graph as bytes", async () => {
  const vectors = unitVectors(1_500, D, 1);
  const first = build(vectors, count(1_500));
  first.segment.link();
  const image = await save(first);

  test("another segment with the rows in another order adopts it and finds the same, without linking anything", async () => {
    const second = build(vectors, shuffled(1_500));
    expect(adopt(second, image)).toBe(true);
    expect(second.segment.graph.waiting).toBe(0);
    for (const query of unitVectors(20, D, 2)) {
      const names = [first, second].map(({ segment, names }) =>
        taken(segment.search(query, { k: 10, plan: "graph" })).map(({ row, score }) => [names.get(row), score]),
      );
      expect(names[1]).toEqual(names[0]);
    }
    expect((await save(second)).length).toBe(image.length);
  });

  test("rows that are gone, new or changed: the rest is adopted, the new ones wait, all are found", () => {
    const changed = unitVectors(1_600, D, 1).map((vector, i) => (i < 1_500 ? vector : unitVectors(1, D, i)[0]!));
    for (let i = 0; i < 50; i++) changed[i] = unitVectors(1, D, 5_000 + i)[0]!;
    const second = build(
      changed,
      shuffled(1_600).filter((place) => place < 50 || place >= 250),
    );
    expect(adopt(second, image)).toBe(true);
    expect(second.segment.graph.waiting).toBe(150);
    expect(recall(second)).toBeGreaterThanOrEqual(0.95);
    second.segment.link();
    expect(recall(second)).toBeGreaterThanOrEqual(0.95);
  });

  test("a segment that has linked rows of its own refuses it, and all its rows are found", () => {
    const second = build(vectors, shuffled(1_500));
    second.segment.link(150);
    expect(adopt(second, image)).toBe(false);
    second.segment.link();
    expect(recall(second)).toBeGreaterThanOrEqual(0.95);
  });

  test("a graph whose entry was removed, and whose dead are not repaired, is saved so that it can be adopted", async () => {
    const old = build(vectors, count(1_500));
    old.segment.link();
    old.segment.remove(old.segment.columns.entry);
    for (let row = 0; row < 60; row++) old.segment.remove(row);
    old.segment.link();
    const second = build(
      vectors,
      count(1_500).filter((row) => old.segment.has(row)),
    );
    expect(adopt(second, await save(old))).toBe(true);
    expect(recall(second)).toBeGreaterThanOrEqual(0.95);
  });

  test("an image of another dimension, of other links a row, or of other rows is refused and changes nothing", async () => {
    const others = [
      build(unitVectors(100, 8, 3), count(100)),
      build(vectors, count(1_500), 8),
      build(unitVectors(1_500, D, 4), count(1_500)),
      build(vectors, count(700)),
    ];
    for (const other of others) {
      expect(adopt(other, image)).toBe(false);
      expect(other.segment.graph.waiting).toBe(other.names.size);
    }
    expect(await saveGraph(others[0]!.segment, String)).toBeUndefined();
  });

  test("bytes at any offset of their buffer are read", () => {
    const shifted = new Uint8Array(image.length + 3);
    shifted.set(image, 3);
    const second = build(vectors, count(1_500));
    expect(adopt(second, shifted.subarray(3))).toBe(true);
    // A buffer of Node's own, whose `slice` copies nothing.
    const third = build(vectors, count(1_500));
    expect(adopt(third, Buffer.from(shifted.buffer).subarray(3))).toBe(true);
  });
});

describe("a damaged graph of 6 rows", async () => {
  const vectors = unitVectors(6, D, 8);
  const whole = build(vectors, count(6), 2);
  whole.segment.link();
  const image = await save(whole);
  const query = unitVectors(1, D, 9)[0]!;
  let reader = fresh();

  function fresh(): Named {
    const made = build(vectors, count(6).reverse(), 2);
    made.segment.remove(3);
    return made;
  }

  function expectUsable(bytes: Uint8Array, what: string): void {
    const { segment, vectors } = reader;
    const adopted = adopt(reader, bytes);
    const waiting = segment.graph.waiting;
    if (!adopted) expect(waiting, what).toBe(5);
    for (const plan of ["graph", "exact"] as const) {
      const found = taken(segment.search(query, { k: 6, plan }));
      for (const { row, score } of found) {
        expect(row, what).not.toBe(3);
        expect(score, what).toBeCloseTo(dot(vectors.get(row)!, query), 5);
      }
      if (plan === "exact") expect(found.length, what).toBe(5);
    }
    if (adopted) reader = fresh();
  }

  test("cut at any length it is refused", () => {
    for (let length = 0; length < image.length; length++) {
      expectUsable(image.slice(0, length), `${length} bytes`);
      expect(reader.segment.columns.entry).toBe(NONE);
    }
  });

  test("with any byte changed it is refused, or searches give right scores", () => {
    for (let at = 0; at < image.length; at++) {
      // The high bytes of the number of rows: the last test has them.
      if (at === 14 || at === 15) continue;
      const damaged = image.slice();
      damaged[at]! ^= at % 3 === 0 ? 0xff : 1 << (at % 8);
      expectUsable(damaged, `byte ${at}`);
    }
  });

  test("an entry that is no place in the image is refused", () => {
    const damaged = image.slice();
    new Uint32Array(damaged.buffer)[4] = 5_000;
    expect(adopt(build(vectors, count(6), 2), damaged)).toBe(false);
  });

  test("a number of rows that the bytes cannot hold is refused before memory is taken for them", () => {
    const damaged = image.slice();
    new Uint32Array(damaged.buffer)[3] = 2 ** 24;
    const second = build(vectors, count(6), 2);
    const before = process.memoryUsage().arrayBuffers;
    expect(adopt(second, damaged)).toBe(false);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });
});
