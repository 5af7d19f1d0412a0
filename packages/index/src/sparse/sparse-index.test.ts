import type { SparseVector } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SparseIndex } from "./sparse-index.ts";
import { createSparseReference, type SparseReference } from "./sparse-reference.ts";

const TERMS = [0, 1, 2, 3, 9, 2 ** 31, 2 ** 32 - 1];
/** Around the ends of windows, and of the halves of slot numbers. */
const SLOTS = [0, 1, 2, 3, 4, 5, 255, 256, 16_383, 16_384, 65_535, 65_536, 65_537, 131_072];

/** A total order that is not that of the slots: the modulus is a prime above all of them. */
const precedes = (a: number, b: number): boolean => (a * 40_503) % 131_101 < (b * 40_503) % 131_101;

const vectorOf = (weights: fc.Arbitrary<number>): fc.Arbitrary<SparseVector> =>
  fc
    .uniqueArray(fc.record({ id: fc.constantFrom(...TERMS), weight: weights }), { selector: ({ id }) => id })
    .map((terms) => terms.toSorted((a, b) => a.id - b.id))
    .map((terms) => ({
      ids: Uint32Array.from(terms, ({ id }) => id),
      weights: Float32Array.from(terms, ({ weight }) => weight),
    }));

/** Few weights, so that scores tie; or any, so that their sums are rounded. */
const positive = fc.oneof(fc.constantFrom(1, 2, 3), fc.float({ min: 2 ** -40, max: 2 ** 40, noNaN: true }));
const any = fc.oneof(fc.constantFrom(-1, 0, 1, 2), fc.float({ min: -100, max: 100, noNaN: true }));

const historyOf = (weights: fc.Arbitrary<number>) =>
  fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ slot: fc.constantFrom(...SLOTS), vector: vectorOf(weights) }),
      },
      { weight: 1, arbitrary: fc.record({ slot: fc.constantFrom(...SLOTS) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          query: vectorOf(weights),
          k: fc.constantFrom(0, 1, 2, 3, 5, 100),
          refused: fc.subarray(SLOTS),
        }),
      },
    ),
    { minLength: 1, maxLength: 60 },
  );

describe("sparse index", () => {
  for (const [name, weights] of [
    ["positive weights", positive],
    ["weights of any sign", any],
  ] as const) {
    test(`any history with ${name} answers as reading every point does`, () => {
      fc.assert(
        fc.property(historyOf(weights), (history) => {
          const index = new SparseIndex();
          const reference = createSparseReference();
          for (const step of history) {
            if ("query" in step) {
              expectSame(index, reference, step.query, { k: step.k, accept: (slot) => !step.refused.includes(slot) });
            } else {
              for (const each of [index, reference]) {
                each.remove(step.slot);
                if ("vector" in step) each.add(step.slot, step.vector);
              }
            }
          }
          for (const id of TERMS) expect(index.frequency(id)).toBe(reference.frequency(id));
        }),
        { numRuns: 400, seed: 42 },
      );
    });
  }

  test("lists of thousands of postings, thinned out and filled again in other places, answer as reading every point does", () => {
    const random = lcg(3);
    const index = new SparseIndex();
    const reference = createSparseReference();
    const add = (slot: number): void => {
      const vector = skewed(random);
      for (const each of [index, reference]) each.add(slot, vector);
    };
    const remove = (slot: number): void => {
      for (const each of [index, reference]) each.remove(slot);
    };
    const compare = (): void => {
      for (const k of [1, 10, 100, 5_000]) {
        expectSame(index, reference, skewed(random), { k, accept: (slot) => slot % 3 !== 0 });
        expectSame(index, reference, skewed(random), { k, accept: () => true });
      }
    };
    for (let slot = 0; slot < 20_000; slot += 4) add(slot);
    compare();
    for (let slot = 4; slot < 20_000; slot += 4) if (random() < 0.95) remove(slot);
    compare();
    for (let slot = 19_999; slot > 0; slot -= 4) add(slot);
    for (let slot = 65_000; slot < 66_000; slot++) add(slot);
    compare();
    for (let slot = 0; slot < 66_000; slot++) remove(slot);
    compare();
    for (const id of skewed(random).ids) expect(index.frequency(id)).toBe(0);
  });

  test("terms from common to rare over 60,000 slots: 40 queries read less than half of the lists and give what reading all of them gives", () => {
    const random = lcg(5);
    const shares = [0.5, 0.001, 1, 0.01, 0.3, 0.0005];
    const index = new SparseIndex();
    for (let slot = 0; slot < 60_000; slot++) {
      const ids = Uint32Array.from(shares.keys()).filter((id) => random() < shares[id]!);
      index.add(slot, { ids, weights: Float32Array.from(ids, () => 1 + random() ** 4) });
    }
    let [read, cost] = [0, 0];
    // Weights of very different sizes: their sums are rounded, and differ by the order of adding.
    for (let i = 0; i < 40; i++) {
      const ids = Uint32Array.from(shares.keys()).filter(() => random() < 0.8);
      const query = { ids, weights: Float32Array.from(ids, (id) => (0.5 + random() - Math.log(shares[id]!)) ** 4) };
      const k = [1, 3, 10, 30][i % 4]!;
      const scored: { slot: number; score: number }[] = [];
      index.scan(query, (slot, score) => scored.push({ slot, score }));
      const best = scored.sort((a, b) => b.score - a.score || (precedes(a.slot, b.slot) ? -1 : 1)).slice(0, k);
      expect(index.top(query, { k, accept: () => true, precedes })).toEqual(best);
      read += index.read;
      cost += index.cost(query);
    }
    expect(read).toBeLessThan(cost / 2);
  });

  test("filling and emptying 200 times takes no more memory than three times", () => {
    const index = new SparseIndex();
    const random = lcg(11);
    const vectors = Array.from({ length: 600 }, () => {
      const { ids, weights } = skewed(random);
      return { ids: Uint32Array.of(...ids, 1_000), weights: Float32Array.of(...weights, 1) };
    });
    const sizes = Array.from({ length: 200 }, () => {
      vectors.forEach((vector, i) => index.add((i * 7) % 600, vector));
      for (let slot = 0; slot < 600; slot++) index.remove(slot);
      return index.bytes;
    });
    expect(new Set(sizes.slice(2)).size).toBe(1);
  });

  test("a rare term and a common one: most of the common one's 50,000 postings stay unread", () => {
    const index = new SparseIndex();
    const both = { ids: Uint32Array.of(1, 2), weights: Float32Array.of(1, 1) };
    const common = { ids: Uint32Array.of(1), weights: Float32Array.of(1) };
    for (let slot = 0; slot < 50_000; slot++) index.add(slot, slot % 500 === 0 ? both : common);
    const query = { ids: Uint32Array.of(1, 2), weights: Float32Array.of(0.01, 6) };
    const top = index.top(query, { k: 10, accept: () => true, precedes: (a, b) => a < b });
    expect(top.map(({ slot }) => slot)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500]);
    expect(index.cost(query)).toBe(50_100);
    expect(index.read).toBeLessThan(20_000);
  });

  test("blocks whose maxima are low are left out", () => {
    const index = new SparseIndex();
    const late = 16_384 * 3;
    for (let slot = 0; slot < late; slot++) {
      index.add(slot, { ids: Uint32Array.of(1), weights: Float32Array.of(slot < 1_000 ? 2 : 1) });
    }
    index.top({ ids: Uint32Array.of(1), weights: Float32Array.of(1) }, { k: 10, accept: () => true, precedes });
    expect(index.read).toBe(16_384);
  });

  test("a filter is asked once for a slot, and only for one that would enter", () => {
    const index = new SparseIndex();
    for (let slot = 0; slot < 40_000; slot++) {
      index.add(slot, { ids: Uint32Array.of(7), weights: Float32Array.of(1 + (slot === 20_000 ? 1 : 0)) });
    }
    const asked: number[] = [];
    const accept = (slot: number): boolean => asked.push(slot) > 2;
    const query = { ids: Uint32Array.of(7), weights: Float32Array.of(1) };
    const top = index.top(query, { k: 3, accept, precedes: (a, b) => a < b });
    expect(top.map(({ slot }) => slot)).toEqual([20_000, 2, 3]);
    expect(asked).toEqual([0, 1, 2, 3, 4, 20_000]);
  });
});

interface Choice {
  readonly k: number;
  readonly accept: (slot: number) => boolean;
}

function expectSame(index: SparseIndex, reference: SparseReference, query: SparseVector, { k, accept }: Choice): void {
  const all = reference.scored(query);
  const best = all
    .filter(({ slot }) => accept(slot))
    .sort((a, b) => b.score - a.score || (precedes(a.slot, b.slot) ? -1 : 1))
    .slice(0, k);
  expect(index.top(query, { k, accept, precedes })).toEqual(best);
  const scanned: { slot: number; score: number }[] = [];
  index.scan(query, (slot, score) => scanned.push({ slot, score }));
  expect(scanned.sort((a, b) => a.slot - b.slot)).toEqual(all);
  expect(index.cost(query)).toBe(query.ids.reduce((sum, id) => sum + reference.frequency(id), 0));
  for (const slot of SLOTS) {
    expect(index.weightsOf(query.ids)(slot)).toEqual(reference.weights(slot, query.ids));
  }
}

/** Some terms in most vectors, some in few; weights tie now and then. */
function skewed(random: () => number): SparseVector {
  const ids = Uint32Array.from(new Set(Array.from({ length: 8 }, () => Math.floor(200 * random() ** 3)))).sort();
  return { ids, weights: Float32Array.from(ids, () => (random() < 0.3 ? 1 : 0.1 + 2 * random())) };
}

function lcg(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}
