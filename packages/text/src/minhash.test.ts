import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { estimateJaccard, MINHASHES, minhash } from "./minhash.ts";

const word = fc.string({
  unit: fc.constantFrom("a", "e", "i", "n", "o", "r", "s", "t", "k", "l", "m", "d", "u", "p", "z"),
  minLength: 1,
  maxLength: 8,
});
const pair = fc
  .tuple(fc.array(fc.tuple(word, word), { minLength: 20, maxLength: 80 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([words, kept]) => {
    const same = Math.round(words.length * kept);
    return [
      words.map(([one]) => one).join(" "),
      words.map(([one, other], i) => (i < same ? one : other)).join(" "),
    ] as const;
  });

function shingles(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 2 }, (_, i) => text.slice(i, i + 3)));
}

function jaccard(a: string, b: string): number {
  const left = shingles(a);
  const right = shingles(b);
  const both = left.intersection(right).size;
  return both / (left.size + right.size - both);
}

describe("minhash", () => {
  it("estimates the Jaccard similarity of 3-character shingles within 5 standard deviations", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const exact = jaccard(a, b);
        const error = Math.abs(estimateJaccard(minhash(a), minhash(b)) - exact);
        expect(error).toBeLessThanOrEqual(5 * Math.sqrt((exact * (1 - exact)) / MINHASHES) + 1e-9);
      }),
      { numRuns: 500, seed: 42 },
    );
  });

  it("errs over 2 000 pairs as 128 independent hashes do: mean 0 ± .003, squared error 0.85…1.15 of the binomial's", () => {
    let bias = 0;
    let squared = 0;
    const pairs = fc.sample(pair, { numRuns: 2_000, seed: 7 });
    for (const [a, b] of pairs) {
      const exact = jaccard(a, b);
      const error = estimateJaccard(minhash(a), minhash(b)) - exact;
      bias += error / pairs.length;
      squared += (error * error) / ((exact * (1 - exact)) / MINHASHES || 1) / pairs.length;
    }
    expect(Math.abs(bias)).toBeLessThan(0.003);
    expect(squared).toBeGreaterThan(0.85);
    expect(squared).toBeLessThan(1.15);
  });

  it("is the same whatever the case, the white space and the composition", () => {
    const parts = fc.constantFrom("Straße", "ΟΔΟΣ", "école", "ﬁn", "日本", "İzmir", "Ünal", "👋🏽", "x²");
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 12 }), fc.constantFrom("\n", "  ", " \t "), (all, gap) => {
        const signature = minhash(all.join(" "));
        expect(minhash(` ${all.join(gap)}${gap}`)).toEqual(signature);
        expect(minhash(all.join(" ").normalize("NFD"))).toEqual(signature);
        expect(minhash(all.join(" ").toUpperCase())).toEqual(signature);
      }),
    );
  });

  it("tells short texts apart, and takes any text", () => {
    expect(estimateJaccard(minhash("a"), minhash("b"))).toBe(0);
    expect(estimateJaccard(minhash("ab"), minhash("ba"))).toBe(0);
    expect(estimateJaccard(minhash("👍"), minhash("👎"))).toBe(0);
    expect(minhash("")).toEqual(minhash(" \n"));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(estimateJaccard(minhash(text), minhash(text))).toBe(1);
        expect(minhash(text)).toHaveLength(MINHASHES);
      }),
    );
  });

  it("never estimates too high by more than .15 where a text has more shingles than are hashed", () => {
    const characters = Array.from({ length: 40_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000)));
    const long = characters.join("");
    for (const part of [0.5, 0.8, 0.95]) {
      const cut = long.slice(0, long.length * part);
      const exact = jaccard(long, cut);
      expect(estimateJaccard(minhash(long), minhash(cut))).toBeLessThanOrEqual(exact + 0.15);
    }
    expect(estimateJaccard(minhash(long), minhash(`${long}。`))).toBeGreaterThan(0.95);
  });
});
