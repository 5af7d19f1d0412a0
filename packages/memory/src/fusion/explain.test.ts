import type { PointPayload } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULTS, type FusionSettings } from "../defaults.ts";
import type { SourceName } from "../requests.ts";
import { explain } from "./explain.ts";
import { type Fused, fuse } from "./fuse.ts";
import type { Candidate } from "./join.ts";

const NOW = Date.parse("2026-11-21T00:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The test's own, so that fitting the product's does not change what is expected here. */
const settings: FusionSettings = {
  ...DEFAULTS.fusion,
  weights: { semantic: 0.25, keyword: 0.5, recency: 0.05, quality: 0.1, domain: 0.05, preference: 0.05 },
  ownShare: 0.5,
  besideShare: 0,
  statementShare: 0,
};

function candidate(id: string, fields: Partial<Candidate> = {}, about: Partial<PointPayload> = {}): Candidate {
  const times = { createdAt: NOW, recordedAt: NOW, updatedAt: NOW };
  const payload = { id, language: "en", ...times, metadata: {}, addedSeq: 1, version: 1, ...about };
  const zero = { cosine: 0, bm25: 0, beside: 0, answers: 0, session: 0, graph: 0, link: undefined };
  return { payload, sources: new Set<SourceName>(["dense"]), ...zero, cues: 0, chunkIndex: 0, ...fields };
}

const context = {
  ceiling: 11,
  words: new Set<string>(),
  asks: 0,
  dates: [],
  unrelatedCosine: 0.1,
  at: NOW,
  halfLifeMs: 10 * DAY_MS,
  domains: new Set(["medical"]),
  preference: ({ id }: PointPayload) => (id === "liked" ? 0.9 : 0.5),
  settings,
};

describe("an explanation", () => {
  const span = (term: string) => ({ start: 0, end: term.length, term });
  const sentence = (own: Candidate, terms: string[] = [], closedAt?: Date): string => {
    const [fused] = fuse([own], context);
    return explain(fused as Fused, { weights: settings.weights, spans: terms.map(span), now: NOW, closedAt });
  };

  it.each<[string, string]>([
    [
      sentence(
        candidate(
          "a",
          { bm25: 9, cosine: 0.5, sources: new Set(["dense", "sparse"]) },
          { speaker: "Ana", createdAt: NOW - 12 * DAY_MS },
        ),
        ["Lisbon", "trip"],
      ),
      "Matches “Lisbon” and “trip”; close in meaning; said by Ana 12 days ago; found by 2 sources.",
    ],
    [
      sentence(candidate("a", { bm25: 9 }, { createdAt: NOW - 65 * 60_000 }), ["key", "Key", "KEY"]),
      "Matches “key”; remembered 1 hour ago.",
    ],
    [sentence(candidate("a", { bm25: 9 }), ["a", "b", "c", "d"]), "Matches “a”, “b” and “c”; remembered just now."],
    [
      sentence(candidate("a", { session: 3, sources: new Set(["session"]) }, { createdAt: NOW - 400 * DAY_MS }), []),
      "Part of a conversation that matches.",
    ],
    [
      sentence(
        candidate("a", { bm25: 9, sources: new Set(["sparse"]) }, { speaker: "Ben", createdAt: NOW - 400 * DAY_MS }),
      ),
      "Said by Ben.",
    ],
    [
      sentence(candidate("a", { bm25: 9 }, { validTo: NOW - DAY_MS }), ["home"], new Date(NOW - DAY_MS)),
      "Matches “home”; no longer valid since 2026-11-20.",
    ],
    [
      sentence(candidate("a", { bm25: 9 }, { status: "superseded", validTo: NOW }), ["home"], new Date(NOW)),
      "Matches “home”; replaced on 2026-11-21.",
    ],
    [sentence(candidate("liked", {}, { validTo: NOW, domain: "medical" })), "About medical; like ones you rated well."],
    [sentence(candidate("a", {}, { createdAt: NOW - 400 * DAY_MS, quality: 0.9 })), "Often confirmed."],
    [
      sentence(candidate("a", { graph: 1, link: "annecy", sources: new Set(["graph"]) }, { validTo: NOW })),
      "Linked through annecy.",
    ],
    [sentence(candidate("a", {}, { validTo: NOW })), "Weakly related to the query."],
    [sentence(candidate("a", {}, { createdAt: NOW + HOUR_MS })), "Remembered just now."],
    [sentence(candidate("a", {}, { createdAt: NOW - 2 * 60_000 })), "Remembered 2 minutes ago."],
  ])("%s", (actual, expected) => {
    expect(actual).toBe(expected);
  });

  it("begins with a capital, ends with a full stop and names at most 3 factors, whatever the candidate", () => {
    const anyCandidate = fc
      .record({
        bm25: fc.double({ min: 0, max: 20, noNaN: true }),
        cosine: fc.double({ min: 0, max: 1, noNaN: true }),
        sources: fc.subarray<SourceName>(["dense", "sparse", "session", "graph", "cache"], { minLength: 1 }),
        link: fc.constantFrom(undefined, "oslo"),
        speaker: fc.constantFrom(undefined, "Ana"),
      })
      .map(({ speaker, sources, ...own }) => candidate("a", { ...own, sources: new Set(sources) }, { speaker }));
    fc.assert(
      fc.property(anyCandidate, fc.array(fc.constantFrom("heron", "Ähre", "lake")), (own, terms) => {
        const text = sentence(own, terms);
        expect(text).toMatch(/^[^a-z].*\.$/u);
        expect(text.split("; ").length).toBeLessThanOrEqual(6);
      }),
    );
  });
});
