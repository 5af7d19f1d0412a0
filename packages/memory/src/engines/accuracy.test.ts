import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracyOf, qualityOf, type QualityParts, rerated } from "./accuracy.ts";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const HOUR_MS = 3_600_000;

describe("the tier", () => {
  it.each([
    [0, "hot", 1.3],
    [24 * HOUR_MS, "hot", 1.3],
    [24 * HOUR_MS + 1, "warm", 1.15],
    [168 * HOUR_MS, "warm", 1.15],
    [168 * HOUR_MS + 1, "cold", 0.9],
    [-5 * 60_000, "hot", 1.3],
  ] as const)("of a memory %i ms old is %s, with a boost of %d", (age, tier, boost) => {
    expect(accuracyOf({ createdAt: NOW - age, quality: 0.7 }, NOW)).toEqual({ tier, boost, quality: 0.7 });
  });

  it("is told from the begin of validity where there is one", () => {
    const old = NOW - 400 * HOUR_MS;
    expect(accuracyOf({ createdAt: old, validFrom: NOW }, NOW).tier).toBe("hot");
    expect(accuracyOf({ createdAt: NOW, validFrom: old }, NOW).tier).toBe("cold");
  });
});

describe("quality", () => {
  const rating = fc.double({ min: -1, max: 1, noNaN: true });
  const parts: fc.Arbitrary<QualityParts> = fc
    .record({
      content: fc.double({ min: 0, max: 1, noNaN: true }),
      origin: fc.constantFrom("user", "import", "assistant", "derived"),
      confirmations: fc.nat(10),
      ratings: fc.array(rating, { maxLength: 20 }),
    })
    .map(({ ratings, ...rest }) => ({
      ...rest,
      ratingSum: ratings.reduce((sum, one) => sum + one, 0),
      ratingCount: ratings.length,
    }));

  it.each<[string, QualityParts, number]>([
    ["a full text of the user's", { content: 1, origin: "user", confirmations: 0, ratingSum: 0, ratingCount: 0 }, 0.7],
    [
      "the same, confirmed 3 times and rated 1 three times",
      { content: 1, origin: "user", confirmations: 3, ratingSum: 3, ratingCount: 3 },
      0.95,
    ],
    ["an empty derived one", { content: 0, origin: "derived", confirmations: 0, ratingSum: 0, ratingCount: 0 }, 0.2],
  ])("of %s is as details.md says", (_name, given, expected) => {
    expect(qualityOf(given)).toBeCloseTo(expected, 12);
  });

  it("is 0…1, rises with a good rating, falls with a bad one, and one rating moves it by at most .05", () => {
    fc.assert(
      fc.property(parts, rating, (given, one) => {
        const before = qualityOf(given);
        const after = rerated(before, given, {
          ratingSum: given.ratingSum + one,
          ratingCount: given.ratingCount + 1,
        });
        expect(before >= 0 && before <= 1 && after >= 0 && after <= 1).toBe(true);
        expect(Math.abs(after - before)).toBeLessThanOrEqual(0.05 + 1e-9);
        const mean = given.ratingSum / (given.ratingCount + 3);
        if (one > mean + 1e-6) expect(after).toBeGreaterThanOrEqual(before - 1e-9);
        if (one < mean - 1e-6) expect(after).toBeLessThanOrEqual(before + 1e-9);
      }),
    );
  });

  it("goes back to what it was, to 1e-11, when the former ratings are put back", () => {
    fc.assert(
      fc.property(parts, fc.array(rating, { minLength: 1, maxLength: 5 }), (given, more) => {
        const before = qualityOf(given);
        const after = {
          ratingSum: given.ratingSum + more.reduce((sum, one) => sum + one, 0),
          ratingCount: given.ratingCount + more.length,
        };
        expect(rerated(rerated(before, given, after), after, given)).toBeCloseTo(before, 11);
      }),
    );
  });
});
