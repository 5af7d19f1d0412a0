import * as fc from "fast-check";
import { expect, it } from "vitest";
import { cacheProbability } from "./cache-probability.ts";

it("adds 0.3 of the tenant's hit rate to the cues, and stays within 0…1", () => {
  const plain = { hasReference: false, isRepetition: false, wordCount: 9 };
  expect(cacheProbability(plain, 0.5)).toBeCloseTo(0.15, 10);
  expect(cacheProbability({ hasReference: true, isRepetition: true, wordCount: 3 }, 1)).toBeCloseTo(1, 10);
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      fc.double({ noNaN: true }),
      (hasReference, isRepetition, n, rate) => {
        const found = cacheProbability({ hasReference, isRepetition, wordCount: n }, rate);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1 + 1e-12);
      },
    ),
  );
});
