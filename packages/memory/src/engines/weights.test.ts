import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../../../test/support/random.ts";
import { FACTOR_NAMES, scoreOf } from "../fusion/fuse.ts";
import type { Factors } from "../requests.ts";
import { learnWeights, type RatedFactors, weightsOf } from "./weights.ts";

const defaults: Factors = {
  semantic: 0.35,
  keyword: 0.25,
  recency: 0.2,
  quality: 0.1,
  domain: 0.05,
  preference: 0.05,
};
const factorsOf = (value: (name: keyof Factors) => number): Factors =>
  Object.fromEntries(FACTOR_NAMES.map((name) => [name, value(name)])) as unknown as Factors;

/** Answers of ten memories with random factors; a user likes those above the median in `liked` and dislikes the others. */
function madeRatings(count: number, liked: keyof Factors, seed: number): RatedFactors[] {
  const next = seeded(seed);
  return Array.from({ length: count }, () => {
    const contrast = factorsOf(() => next() - 0.5);
    return { rating: contrast[liked] > 0 ? 1 : -1, contrast };
  });
}

/** NDCG@10 of made queries of 30 memories of which the 5 highest in `liked` are wanted. */
function ndcg(weights: Factors, liked: keyof Factors, seed: number): number {
  const next = seeded(seed);
  let total = 0;
  const queries = 200;
  for (let q = 0; q < queries; q++) {
    const memories = Array.from({ length: 30 }, () => factorsOf(() => next()));
    const wanted = new Set(memories.toSorted((a, b) => b[liked] - a[liked]).slice(0, 5));
    const ranked = memories.toSorted((a, b) => scoreOf(b, weights, 1) - scoreOf(a, weights, 1)).slice(0, 10);
    const gain = ranked.reduce((sum, one, i) => sum + (wanted.has(one) ? 1 / Math.log2(i + 2) : 0), 0);
    const best = [0, 1, 2, 3, 4].reduce((sum, i) => sum + 1 / Math.log2(i + 2), 0);
    total += gain / best;
  }
  return total / queries;
}

const sum = (weights: Factors): number => FACTOR_NAMES.reduce((all, name) => all + weights[name], 0);

describe("learnt weights", () => {
  it.each(["semantic", "keyword", "recency"] as const)(
    "raise NDCG@10 on queries they were not learnt from by ≥ .05 when users always prefer %s",
    (liked) => {
      const learnt = learnWeights(defaults, madeRatings(200, liked, 1)) ?? defaults;
      expect(learnt[liked]).toBeGreaterThan(defaults[liked]);
      expect(ndcg(learnt, liked, 99)).toBeGreaterThan(ndcg(defaults, liked, 99) + 0.05);
    },
  );

  it("stay within ± 50 % of the defaults, ≥ 0, with a sum of 1, whatever the ratings", () => {
    const part = fc.double({ min: -1, max: 1, noNaN: true });
    const one = fc.record({
      rating: fc.constantFrom(-1, -0.5, 0, 0.5, 1),
      contrast: fc.tuple(part, part, part, part, part, part).map((parts) => {
        const values = parts.values();
        return factorsOf(() => values.next().value ?? 0);
      }),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 60, maxLength: 90 }), (ratings) => {
        const learnt = learnWeights(defaults, ratings);
        if (!learnt) return;
        expect(sum(learnt)).toBeCloseTo(1, 6);
        for (const name of FACTOR_NAMES) {
          expect(learnt[name]).toBeGreaterThanOrEqual(0.5 * defaults[name] - 1e-9);
          expect(learnt[name]).toBeLessThanOrEqual(1.5 * defaults[name] + 1e-9);
        }
      }),
    );
  });

  it("move further towards a factor the more ratings speak for it", () => {
    const all = madeRatings(400, "recency", 3);
    const few = learnWeights(defaults, all.slice(0, 60)) ?? defaults;
    const many = learnWeights(defaults, all) ?? defaults;
    expect(few.recency).toBeGreaterThan(defaults.recency);
    expect(many.recency).toBeGreaterThanOrEqual(few.recency);
  });

  it("are not learnt from fewer than 50 ratings, nor from ratings without a rule", () => {
    expect(learnWeights(defaults, madeRatings(49, "recency", 1))).toBeUndefined();
    const next = seeded(5);
    const lawless = madeRatings(400, "recency", 4).map((one) => ({ ...one, rating: next() < 0.5 ? -1 : 1 }));
    const learnt = learnWeights(defaults, lawless) ?? defaults;
    for (const name of FACTOR_NAMES) expect(Math.abs(learnt[name] - defaults[name])).toBeLessThan(0.1);
  });
});

it("a tenant's weights hold for the defaults that they were learnt from only", () => {
  const weights = { ...defaults, semantic: 0.3, keyword: 0.3 };
  const setting = { name: "weights", value: { weights, defaults }, version: 1, updatedAt: new Date(0) };
  expect(weightsOf(setting as never, defaults)).toEqual(weights);
  expect(weightsOf(setting as never, { ...defaults, recency: 0.1, quality: 0.2 })).toMatchObject({ quality: 0.2 });
  expect(weightsOf(undefined, defaults)).toBe(defaults);
  expect(weightsOf({ name: "weights", value: { since: 1 }, version: 2, updatedAt: new Date(0) }, defaults)).toBe(
    defaults,
  );
});
