import type { PointPayload, Profile } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyProfile, featuresOf, learn, preferenceOf, type Rated, relearn } from "./learning.ts";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const DAY_MS = 86_400_000;

function payload(fields: Partial<PointPayload> = {}): PointPayload {
  const times = { createdAt: NOW, recordedAt: NOW, updatedAt: NOW };
  return { id: "m", language: "en", ...times, metadata: {}, addedSeq: 1, version: 1, ...fields };
}
const rated = (rating: number, features: string[], at = NOW): Rated => ({ features, rating, at });
const weightsOf = (profile: Profile): Record<string, number> =>
  profile.preferences["weights"] as Record<string, number>;
const after = (...ratings: Rated[]): Profile => relearn("ana", ratings, 0);

const anyRated: fc.Arbitrary<Rated> = fc.record({
  rating: fc.constantFrom(-1, -0.5, 0, 0.5, 1),
  features: fc.uniqueArray(fc.constantFrom("entity:a", "entity:b", "speaker:c", "domain:d", "topic:e=f"), {
    maxLength: 5,
  }),
  at: fc.integer({ min: NOW - 400 * DAY_MS, max: NOW }),
});

describe("the features of a memory", () => {
  it("are its entities, short metadata texts, speaker and domain, folded and each once", () => {
    const about = payload({
      entities: ["lisbon", "lisbon"],
      speaker: "Ana  Sousa",
      domain: "general",
      metadata: { topic: "Travel", count: 3, long: "x".repeat(65) },
    });
    expect(featuresOf(about)).toEqual(["entity:lisbon", "topic:topic=travel", "speaker:ana sousa", "domain:general"]);
  });
});

describe("preference", () => {
  it("is .5 for everything without a profile, after a reset, and for what was never rated", () => {
    const about = payload({ speaker: "Ben" });
    expect(preferenceOf(undefined, NOW)(about)).toBe(0.5);
    expect(preferenceOf(emptyProfile("ana", NOW), NOW)(about)).toBe(0.5);
    expect(preferenceOf(after(rated(1, ["speaker:ana"])), NOW)(about)).toBe(0.5);
  });

  it("rises above .5 with good ratings of its features and falls below with bad ones, for all memories that share them", () => {
    const liked = preferenceOf(after(rated(1, ["speaker:ben", "entity:jazz"])), NOW);
    expect(liked(payload({ speaker: "Ben" }))).toBeGreaterThan(0.5);
    expect(liked(payload({ entities: ["jazz"] }))).toBeGreaterThan(0.5);
    const disliked = preferenceOf(after(rated(-1, ["speaker:ben"])), NOW);
    expect(disliked(payload({ speaker: "Ben" }))).toBeLessThan(0.5);
  });

  it("fades by half of its weights in 30 days", () => {
    const profile = after(rated(1, ["speaker:ben"]));
    const about = payload({ speaker: "Ben" });
    const strength = (at: number): number => Math.atanh(2 * preferenceOf(profile, at)(about) - 1);
    expect(strength(NOW + 30 * DAY_MS) / strength(NOW)).toBeCloseTo(0.5, 9);
  });

  it("stays 0…1 and every weight within ±1, whatever is rated", () => {
    fc.assert(
      fc.property(fc.array(anyRated, { maxLength: 80 }), (ratings) => {
        const profile = after(...ratings);
        for (const weight of Object.values(weightsOf(profile))) expect(Math.abs(weight)).toBeLessThanOrEqual(1);
        const value = preferenceOf(profile, NOW)(payload({ speaker: "C", entities: ["a", "b"], domain: "d" }));
        expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });
});

describe("a profile", () => {
  it("learnt rating by rating is the one learnt from all of them at once", () => {
    fc.assert(
      fc.property(fc.array(anyRated, { maxLength: 40 }), (ratings) => {
        const inOrder = ratings.toSorted((a, b) => a.at - b.at);
        expect(inOrder.reduce(learn, emptyProfile("ana", 0))).toEqual(relearn("ana", ratings, 0));
      }),
    );
  });

  it("does not change by a rating of 0, which is how one is taken back", () => {
    fc.assert(
      fc.property(fc.array(anyRated, { maxLength: 20 }), anyRated, (ratings, taken) => {
        const without = relearn("ana", ratings, 0);
        expect(relearn("ana", [...ratings, { ...taken, rating: 0 }], 0)).toEqual(without);
      }),
    );
  });

  it("keeps the 512 largest weights", () => {
    const many = Array.from({ length: 700 }, (_, i) => rated(1, [`entity:${i}`], NOW + i));
    const profile = after(...many, ...many.slice(0, 10).map((one) => ({ ...one, at: NOW + 1_000 })));
    const names = Object.keys(weightsOf(profile));
    expect(names).toHaveLength(512);
    for (let i = 0; i < 10; i++) expect(names).toContain(`entity:${i}`);
  });

  it("counts no rating from before it was reset", () => {
    expect(weightsOf(relearn("ana", [rated(1, ["entity:a"], NOW - 1), rated(1, ["entity:b"], NOW)], NOW))).toEqual({
      "entity:b": 0.1,
    });
  });
});
