import type { PointPayload } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULTS, type FusionSettings } from "../defaults.ts";
import type { SourceName } from "../requests.ts";
import { confidences } from "./confidence.ts";
import { type FactorContext, factorsOf, halfLifeOf } from "./factors.ts";
import { FACTOR_NAMES, type Fused, fuse, scoreOf } from "./fuse.ts";
import type { Candidate } from "./join.ts";
import { cueBits } from "../sources/cues.ts";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The test's own, so that fitting the product's does not change what is expected here. */
const settings: FusionSettings = {
  weights: { semantic: 0.25, keyword: 0.7, recency: 0.05, quality: 0, domain: 0, preference: 0 },
  ownShare: 0.3,
  besideShare: 0.2,
  sessionShare: 0.1,
  answerShare: 0.1,
  speakerShare: 0.1,
  statementShare: 0.1,
  kindShare: 0.1,
  graphShare: 0,
  deep: { share: 0.5, weights: { semantic: 0.5, keyword: 0.45 } },
  agreementStep: 0.03,
  confidence: { first: [-2, 3, 3, 1], others: [-3, 3, 3, 1] },
  minConfidence: 0.5,
};

function payload(id: string, fields: Partial<PointPayload> = {}): PointPayload {
  const times = { createdAt: NOW, recordedAt: NOW, updatedAt: NOW };
  return { id, language: "en", ...times, metadata: {}, addedSeq: 1, version: 1, ...fields };
}

function candidate(id: string, fields: Partial<Candidate> = {}, about: Partial<PointPayload> = {}): Candidate {
  const zero = { cosine: 0, bm25: 0, beside: 0, answers: 0, session: 0, graph: 0, link: undefined };
  const of = { cues: cueBits(["question"]), chunkIndex: 0 };
  return { payload: payload(id, about), sources: new Set<SourceName>(["dense"]), ...zero, ...of, ...fields };
}

function context(fields: Partial<FactorContext> = {}): FactorContext {
  const asked = { ceiling: 11, words: new Set<string>(), asks: 0, dates: [] };
  return { ...asked, unrelatedCosine: 0.1, at: NOW, halfLifeMs: 10 * DAY_MS, settings, ...fields };
}

const six = (value: number): number => Number(value.toFixed(6));
const anyNumber = fc.double({ min: 0, max: 100, noNaN: true });
const anyCandidate = fc
  .record({
    cosine: fc.double({ min: -1, max: 1.000_001, noNaN: true }),
    bm25: anyNumber,
    beside: anyNumber,
    answers: anyNumber,
    session: anyNumber,
    cues: fc.nat({ max: 15 }),
    age: fc.integer({ min: -5 * 60_000, max: 20 * 365 * DAY_MS }),
    valid: fc.option(fc.integer({ min: -DAY_MS, max: DAY_MS }), { nil: undefined }),
    speaker: fc.constantFrom(undefined, "Ana", "Ben Okoro"),
    sources: fc.subarray<SourceName>(["dense", "sparse", "session", "cache"], { minLength: 1 }),
    id: fc.uuid(),
  })
  .map(({ age, valid, speaker, sources, id, ...scores }) =>
    candidate(
      id,
      { ...scores, sources: new Set(sources) },
      {
        createdAt: NOW - age,
        validTo: valid === undefined ? undefined : NOW + valid,
        speaker,
      },
    ),
  );
const anyAsked = fc.record({
  asks: fc.nat({ max: 15 }),
  dates: fc.array(
    fc.integer({ min: -DAY_MS, max: DAY_MS }).map((from) => ({ from: NOW + from, to: NOW + from + DAY_MS })),
    { maxLength: 2 },
  ),
});
const anyCandidates = fc.array(anyCandidate, { minLength: 1, maxLength: 30 });

describe("the weights", () => {
  it("are each ≥ 0 and sum to 1", () => {
    const weights = FACTOR_NAMES.map((name) => DEFAULTS.fusion.weights[name]);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(FACTOR_NAMES.toSorted()).toEqual(Object.keys(DEFAULTS.fusion.weights).sort());
  });
});

describe("factors", () => {
  it("lie within 0…1 for any candidates, as do scores and confidences", () => {
    fc.assert(
      fc.property(
        anyCandidates,
        anyAsked,
        fc.integer({ min: 1, max: 365 * DAY_MS }),
        (candidates, asked, halfLifeMs) => {
          const ranked = fuse(candidates, context({ ...asked, halfLifeMs, words: new Set(["ana"]) }));
          for (const { factors, score } of ranked) {
            const { agreement, ...own } = factors;
            for (const value of [...Object.values(own), score]) expect(value >= 0 && value <= 1).toBe(true);
            expect(agreement >= 1 && agreement <= 1.06 + 1e-12).toBe(true);
          }
          for (const value of confidences(ranked, settings)) expect(value >= 0 && value <= 1).toBe(true);
        },
      ),
    );
  });

  it("semantic is 0 at the cosine of unrelated texts and 1 at 1", () => {
    const at = (cosine: number): number | undefined => factorsOf([candidate("a", { cosine })], context())[0]?.semantic;
    expect([-1, 0.1, 0.55, 1].map(at)).toEqual([0, 0, expect.closeTo(0.5, 10) as number, 1]);
  });

  const keyword = (about: Partial<FactorContext>, ...candidates: Candidate[]): number[] =>
    factorsOf(candidates, context(about)).map((factors) => six(factors.keyword));

  it("keyword of a weak best match does not count in full: half of what the query could reach counts at least", () => {
    const at = (bm25: number): number[] => keyword({}, candidate("a", { bm25, beside: bm25, cues: 0 }));
    expect([0, 2.75, 5.5, 11].map(at)).toEqual([[0], [0.5], [1], [1]]);
  });

  it("keyword gains its share for the best session, for words beside it, for a question before it and for being none", () => {
    expect(keyword({}, candidate("a", { session: 4 }), candidate("b", { session: 2 }))).toEqual(
      [1 / 7, 1 / 14].map(six),
    );
    expect(keyword({}, candidate("a", { beside: 11 }), candidate("b", { beside: 5.5 }))).toEqual(
      [2 / 6, 1 / 6].map(six),
    );
    expect(keyword({}, candidate("a", { answers: 5.5 }), candidate("b", { cues: 0 }))).toEqual([1 / 7, 1 / 7].map(six));
  });

  it("keyword gains its share for a speaker who is named, by any part of the name", () => {
    const named = { words: new Set(["okoro"]) };
    expect(
      keyword(named, candidate("a", {}, { speaker: "Ben Okoro" }), candidate("b", {}, { speaker: "Ben" })),
    ).toEqual([six(1 / 7), 0]);
  });

  it("keyword gains its share for a cue that is asked for, and for a date that is named", () => {
    const cues = cueBits(["question", "number"]);
    expect(keyword({ asks: cueBits(["number"]) }, candidate("a", { cues }), candidate("b"))).toEqual([six(1 / 7), 0]);
    const dates = [{ from: NOW - 2 * DAY_MS, to: NOW + DAY_MS }];
    const told = { createdAt: NOW - 400 * DAY_MS, occurredFrom: NOW - DAY_MS, occurredTo: NOW };
    expect(keyword({ dates }, candidate("a"), candidate("b", {}, told))).toEqual([1 / 7, 1 / 7].map(six));
  });

  it("keyword of words alone counts as much as that of words and structure together", () => {
    const plain = keyword({}, candidate("a", { bm25: 11, beside: 11, cues: 0 }), candidate("b", { cues: 0 }));
    expect(plain).toEqual([1, 0]);
  });

  it("keyword is 0, not NaN, when the query has no terms and nothing matches", () => {
    expect(factorsOf([candidate("a")], context({ ceiling: 0 }))[0]?.keyword).toBe(0);
  });

  it("recency is 1 now, ½ after a half-life, and 1 for what lies ahead", () => {
    const at = (ageMs: number): number | undefined =>
      factorsOf([candidate("a", {}, { createdAt: NOW - ageMs })], context())[0]?.recency;
    expect([0, 10 * DAY_MS, 30 * DAY_MS, -DAY_MS].map(at)).toEqual([1, 0.5, 0.25, 1]);
  });

  it("recency counts from validFrom, is 0 from validTo on, and both as of the moment asked about", () => {
    const fact = candidate("a", {}, { validFrom: NOW - 20 * DAY_MS, validTo: NOW });
    const at = (moment: number): number | undefined => factorsOf([fact], context({ at: moment }))[0]?.recency;
    expect([NOW - 10 * DAY_MS, NOW - 1, NOW, NOW + DAY_MS].map(at)).toEqual([
      0.5,
      expect.closeTo(1 / 3, 5) as number,
      0,
      0,
    ]);
  });

  it("a fact that has been replaced ranks below its equal that holds", () => {
    const old = candidate("a", { bm25: 5 }, { createdAt: NOW - DAY_MS, validTo: NOW - HOUR_MS });
    const present = candidate("b", { bm25: 5 }, { createdAt: NOW - DAY_MS });
    expect(fuse([old, present], context()).map((fused) => fused.candidate.payload.id)).toEqual(["b", "a"]);
  });
});

describe("the half-life of recency", () => {
  const of = (...agesInDays: number[]): number =>
    halfLifeOf(
      agesInDays.map((days) => candidate("a", {}, { createdAt: NOW - days * DAY_MS })),
      NOW,
    ) / DAY_MS;
  it.each<[number[], number]>([
    [[], 1],
    [[0], 1],
    [[0.2, 0.4, 0.9], 1],
    [[3, 5, 9], 5],
    [[9, 3, 5], 5],
    [[400, 800, 900], 365],
    [[-1], 1],
  ])("for ages of %j days is %d days", (ages, expected) => {
    expect(of(...ages)).toBeCloseTo(expected, 6);
  });
});

describe("the score", () => {
  it("is Σ wᵢ·fᵢ × agreement, at most 1", () => {
    const factors = { semantic: 0.88, keyword: 0.74, recency: 0.61, quality: 0.9, domain: 1, preference: 0.5 };
    const weights = { semantic: 0.35, keyword: 0.25, recency: 0.2, quality: 0.1, domain: 0.05, preference: 0.05 };
    expect(scoreOf(factors, weights, 1)).toBeCloseTo(0.78, 3);
    expect(scoreOf(factors, weights, 1.03)).toBeCloseTo(0.803, 3);
    expect(scoreOf({ semantic: 1, keyword: 1, recency: 1, quality: 1, domain: 1, preference: 1 }, weights, 1.06)).toBe(
      1,
    );
  });

  it.each<[SourceName[], number]>([
    [["dense"], 1],
    [["session"], 1],
    [["dense", "sparse"], 1.03],
    [["dense", "sparse", "session"], 1.06],
    [["sparse", "graph"], 1],
    [["dense", "graph"], 1.03],
    [["dense", "cache"], 1],
    [[], 1],
  ])("agreement of %j is %d", (sources, expected) => {
    const [fused] = fuse([candidate("a", { sources: new Set(sources) })], context());
    expect(fused?.factors.agreement).toBeCloseTo(expected, 12);
  });

  it("ranks best first; between equals the last recorded, then the smaller id, whatever order they come in", () => {
    const candidates = [
      candidate("c", { bm25: 1 }),
      candidate("b", { bm25: 1 }),
      candidate("d", { bm25: 1 }, { recordedAt: NOW + 1 }),
      candidate("a", { bm25: 2 }),
      candidate("e", { bm25: 0.5 }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(candidates, { minLength: 5 }), (shuffled) => {
        expect(fuse(shuffled, context()).map((fused) => fused.candidate.payload.id)).toEqual(["a", "d", "b", "c", "e"]);
      }),
    );
  });

  it("does not change when candidates that match less are added", () => {
    const best = candidate("a", { bm25: 8, session: 3 });
    const alone = fuse([best], context())[0]?.score;
    expect(fuse([best, candidate("b", { bm25: 1, session: 1 })], context())[0]?.score).toBe(alone);
  });
});

describe("confidence", () => {
  const ranked = (...scores: number[]): Fused[] => {
    const [fused] = fuse([candidate("a")], context());
    return scores.map((score) => ({ ...(fused as Fused), score }));
  };

  it("rises with the score, other things being equal, for any coefficients that are not negative", () => {
    const coefficient = fc.double({ min: 0.01, max: 10, noNaN: true });
    const unit = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        unit,
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        coefficient,
        coefficient,
        (low, more, score, lead) => {
          const own: FusionSettings = {
            ...settings,
            confidence: { first: [-2, score, lead, 1], others: [-2, 0, 0, 0] },
          };
          const [less = 1] = confidences(ranked(low), own);
          const [greater = 0] = confidences(ranked(Math.min(1, low + more)), own);
          expect(greater).toBeGreaterThan(less);
        },
      ),
    );
  });

  it("falls when the next result comes closer, and is 0…1 at the ends", () => {
    const [alone = 0] = confidences(ranked(0.8), settings);
    const [led = 0, last = 0] = confidences(ranked(0.8, 0.7), settings);
    expect(led).toBeLessThan(alone);
    expect(last).toBeLessThan(alone);
    expect(confidences([], settings)).toEqual([]);
    for (const value of confidences(ranked(0, 1), settings)) expect(value > 0 && value < 1).toBe(true);
  });
});
