import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LSH_BANDS, lshTerms } from "./lsh.ts";
import { minhash } from "./minhash.ts";

const TRIALS = 4_000;

/** Numbers of a linear congruential generator, so that the simulation is the same each time. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

/** The share of pairs of signatures whose hashes are equal with probability `similarity` that share an id. */
function meeting(similarity: number): number {
  const random = randoms(42);
  let met = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const left = Uint32Array.from({ length: 128 }, random);
    const right = left.map((value) => (random() / 2 ** 32 < similarity ? value : random()));
    if (share(lshTerms(left), lshTerms(right))) met++;
  }
  return met / TRIALS;
}

function share(a: Uint32Array, b: Uint32Array): boolean {
  return a.some((id) => b.includes(id));
}

describe("lshTerms", () => {
  it.each([
    [0.8, 0.98, 1],
    [0.7, 0.9, 1],
    [0.3, 0, 0.05],
    [0.1, 0, 0.002],
  ])("lets texts of similarity %f meet with p between %f and %f", (similarity, least, most) => {
    const found = meeting(similarity);
    expect(found).toBeGreaterThanOrEqual(least);
    expect(found).toBeLessThanOrEqual(most);
  });

  it("gives a text 14 ids, each band its own, and the same each time", () => {
    const same = new Uint32Array(128).fill(7);
    expect(new Set(lshTerms(same)).size).toBe(LSH_BANDS);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(lshTerms(minhash(text))).toEqual(lshTerms(minhash(text)));
        expect(lshTerms(minhash(text))).toHaveLength(LSH_BANDS);
      }),
    );
  });

  it("lets a text meet itself with a word changed, and no text about something else", () => {
    const text =
      "The north wall of the greenhouse was repainted in May, before Ana moved the tomatoes and the herbs outside.";
    const edited = text.replace("May", "June");
    const other = "My brother booked two tickets for the night train to Lisbon.";
    expect(share(lshTerms(minhash(text)), lshTerms(minhash(edited)))).toBe(true);
    expect(share(lshTerms(minhash(text)), lshTerms(minhash(other)))).toBe(false);
  });
});
