import type { Memory } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULTS } from "../defaults.ts";
import type { Hydrated } from "../recall/hydrate.ts";
import type { SourceName } from "../requests.ts";
import { foldDuplicates } from "./duplicates.ts";
import { scoreOf } from "./fuse.ts";

const settings = DEFAULTS.fusion;

function hydrated(
  id: string,
  content: string,
  fields: { userId?: string; speaker?: string; sources?: SourceName[] } = {},
): Hydrated {
  const factors = {
    semantic: 0.5,
    keyword: 0.5,
    recency: 0.5,
    quality: 0.5,
    domain: 0.5,
    preference: 0.5,
    agreement: 1,
  };
  const memory = {
    id,
    content,
    contentHash: content,
    language: "en",
    userId: fields.userId,
    speaker: fields.speaker,
  } as unknown as Memory;
  const candidate = { payload: { id }, sources: new Set(fields.sources ?? ["sparse"]) };
  const fused = { candidate, factors, score: scoreOf(factors, settings.weights, 1), coverage: 0 };
  return { memory, fused } as unknown as Hydrated;
}

const near = (...ids: string[]): Map<string, Float32Array> =>
  new Map(ids.map((id, i) => [id, Float32Array.of(Math.cos(i / 10), Math.sin(i / 10))]));
const ids = (kept: Hydrated[], vectors?: Map<string, Float32Array>): [string, readonly string[]][] =>
  foldDuplicates(kept, settings, vectors).map(({ memory, duplicates }) => [memory.id, duplicates]);

describe("duplicates among results", () => {
  it("are the same words of the same speaker; the best stays and names the others", () => {
    const kept = [hydrated("a", "I like tea"), hydrated("b", "I like tea"), hydrated("c", "I like tea")];
    expect(ids(kept)).toEqual([["a", ["b", "c"]]]);
    expect(ids([hydrated("a", "I like tea", { speaker: "Ana" }), hydrated("b", "I like tea")])).toHaveLength(2);
  });

  it("are one user's: in a search over all of them each keeps what the user said", () => {
    const kept = [hydrated("a", "I like tea", { userId: "u1" }), hydrated("b", "I like tea", { userId: "u2" })];
    expect(ids(kept, near("a", "b"))).toEqual([
      ["a", []],
      ["b", []],
    ]);
  });

  it("are nearly the same words by cosine, where vectors are given", () => {
    const kept = [hydrated("a", "We met in the old mill."), hydrated("b", "we met in the old mill")];
    expect(ids(kept)).toHaveLength(2);
    expect(ids(kept, near("a", "b"))).toEqual([["a", ["b"]]]);
  });

  it("are told by the cosine over all dimensions, however soon a pair can be told apart", () => {
    const unit = (values: Float32Array): Float32Array => values.map((value) => value / Math.hypot(...values));
    const dimensions = fc.float32Array({ minLength: 64, maxLength: 64, min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(dimensions, dimensions, fc.double({ min: 0, max: 0.6, noNaN: true }), (values, noise, share) => {
        const a = unit(values.map((value, i) => value + (i === 0 ? 2 : 0)));
        const b = unit(a.map((value, i) => value + (share * (noise[i] ?? 0)) / 4));
        const cosine = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
        const kept = [hydrated("a", "We met in the old mill."), hydrated("b", "we met in the old mill")];
        const vectors = new Map(Object.entries({ a, b }));
        expect(ids(kept, vectors)).toHaveLength(cosine >= 0.95 ? 1 : 2);
      }),
    );
  });

  it.each([
    ["The rent is 900 euros", "The rent is 950 euros"],
    ["I do eat fish", "I do not eat fish"],
    ["We meet on Monday", "We meet on Tuesday"],
    ["I live with Anna", "I live with Hanna"],
  ])("are not “%s” and “%s”, however close their vectors", (a, b) => {
    expect(ids([hydrated("a", a), hydrated("b", b)], near("a", "b"))).toHaveLength(2);
  });

  it("give the one that stays their sources, and with them its agreement and place", () => {
    const folded = foldDuplicates(
      [
        hydrated("a", "one"),
        hydrated("b", "two", { sources: ["dense"] }),
        hydrated("c", "two", { sources: ["sparse"] }),
      ],
      settings,
    );
    expect(folded.map(({ memory }) => memory.id)).toEqual(["b", "a"]);
    expect([...(folded[0]?.fused.candidate.sources ?? [])]).toEqual(["dense", "sparse"]);
    expect(folded[0]?.fused.factors.agreement).toBeCloseTo(1 + settings.agreementStep, 12);
  });
});
