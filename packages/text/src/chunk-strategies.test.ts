import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { chunk, type ChunkPlan } from "./chunk-strategies.ts";
import { chunkSemantic } from "./chunk.ts";
import { countTokens } from "./tokens.ts";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

const unit = fc.constantFrom(
  "a",
  "b",
  "1",
  " ",
  ".",
  "!",
  "?",
  ",",
  "\n",
  "\r",
  "\t",
  // Marks, joiners, halves of a pair, and letters that go on a grapheme.
  "\u0301",
  "\u200D",
  "\u200B",
  "\uFEFF",
  "\uD83D",
  "\uDC68",
  "\u0E33",
  "\u1100",
  "\u1161",
  "word ",
  "casa. ",
  "\n\n",
  "\r\n",
  "\r\n\r\n",
  "日本語。",
  "ไทย",
  "नमस्ते",
  "👨‍👩‍👧‍👦",
  "‼️\u200D👨",
  "🇪🇸",
  "🇫",
  "e\u0301",
  "abcdefghijklmnopqrstuvwxyz",
);
const anyText = fc.oneof(
  fc.string({ unit, maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 120 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
);
const characters = fc.integer({ min: 1, max: 40 });
// With fewer than 4, a word that begins inside a grapheme cannot be kept apart from it.
const maxTokens = fc.integer({ min: 4, max: 40 });
const anyPlan: fc.Arbitrary<ChunkPlan> = fc.oneof(
  fc.record({
    strategy: fc.constant("semantic"),
    maxTokens,
    overlapTokens: fc.nat(6),
  }),
  fc.record({ strategy: fc.constant("fixed"), characters }),
  fc.record({ strategy: fc.constant("sliding"), characters, overlap: fc.nat(50) }),
  fc.record({ strategy: fc.constant("sentence"), maxTokens }),
  fc.record({ strategy: fc.constant("paragraph"), maxTokens }),
);

function slices(text: string, plan: ChunkPlan): string[] {
  return chunk(text, plan).map(({ startOffset, endOffset }) => text.slice(startOffset, endOffset));
}

describe("chunk", () => {
  it("covers every character but white space, in order, and goes on with each chunk, with any strategy", () => {
    fc.assert(
      fc.property(anyText, anyPlan, (text, plan) => {
        let covered = 0;
        let before = -1;
        for (const { startOffset, endOffset } of chunk(text, plan)) {
          expect(text.slice(covered, startOffset)).not.toMatch(/\S/u);
          expect(startOffset).toBeGreaterThan(before);
          expect(endOffset).toBeGreaterThan(covered);
          before = startOffset;
          covered = endOffset;
        }
        expect(text.slice(covered)).not.toMatch(/\S/u);
      }),
      { numRuns: 1_500 },
    );
  });

  it("cuts inside no grapheme, so inside no surrogate pair, and gives no blank chunk", () => {
    fc.assert(
      fc.property(anyText, anyPlan, (text, plan) => {
        const allowed = new Set([...segmenter.segment(text)].map(({ index }) => index).concat(text.length));
        for (const { startOffset, endOffset } of chunk(text, plan)) {
          expect(text.slice(startOffset, endOffset).replaceAll(/[^\S\uFEFF]/gu, "")).not.toBe("");
          // A grapheme may begin or end with white space, which chunks of tokens leave out.
          expect(allowed.has(startOffset) || /\s$/u.test(text.slice(0, startOffset))).toBe(true);
          expect(allowed.has(endOffset) || /^\s/u.test(text.slice(endOffset))).toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("holds the limit unless a chunk is a single grapheme, and counts its tokens", () => {
    fc.assert(
      fc.property(anyText, anyPlan, (text, plan) => {
        for (const { startOffset, endOffset, tokenCount } of chunk(text, plan)) {
          const part = text.slice(startOffset, endOffset);
          expect(tokenCount).toBe(countTokens(part));
          const fits =
            plan.strategy === "fixed" || plan.strategy === "sliding"
              ? Array.from(part).length <= (plan.characters ?? 0)
              : tokenCount <= (plan.maxTokens ?? 0);
          expect(fits || [...segmenter.segment(part)].length === 1).toBe(true);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("gives with fixed chunks the text again, joined, but for blank ones", () => {
    fc.assert(
      fc.property(anyText, characters, (text, limit) => {
        const joined = slices(text, { strategy: "fixed", characters: limit }).join("");
        expect(joined.replaceAll(/\s/gu, "")).toBe(text.replaceAll(/\s/gu, ""));
      }),
    );
    expect(slices("abcdefghij", { strategy: "fixed", characters: 4 })).toEqual(["abcd", "efgh", "ij"]);
  });

  it("repeats with sliding chunks the overlap, keeps the tail and adds none inside it", () => {
    expect(slices("abcdefghij", { strategy: "sliding", characters: 4, overlap: 2 })).toEqual([
      "abcd",
      "cdef",
      "efgh",
      "ghij",
    ]);
    expect(slices("abcdefghijk", { strategy: "sliding", characters: 4, overlap: 1 })).toEqual([
      "abcd",
      "defg",
      "ghij",
      "jk",
    ]);
    expect(slices("a👨‍👩‍👧‍👦b", { strategy: "sliding", characters: 8, overlap: 7 })).toEqual(["a👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦b"]);
  });

  it("keeps sentences whole where they fit", () => {
    expect(slices("Ana left. Dr. Ruiz stayed. It rained!", { strategy: "sentence", maxTokens: 8 })).toEqual([
      "Ana left. Dr. Ruiz stayed.",
      "It rained!",
    ]);
  });

  it("cuts at blank lines, of any line ends, and long paragraphs at sentences", () => {
    const plan: ChunkPlan = { strategy: "paragraph", maxTokens: 6 };
    expect(slices("One line\nand more.\n\n \nTwo.\r\n\r\nThree is here. Four is there.", plan)).toEqual([
      "One line\nand more.",
      "Two.",
      "Three is here.",
      "Four is there.",
    ]);
  });

  it("cuts semantically as chunkSemantic does", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(chunk(text, { strategy: "semantic" })).toEqual(chunkSemantic(text));
      }),
    );
  });

  it.each(["semantic", "fixed", "sliding", "sentence", "paragraph"] as const)(
    "gives with %s nothing for a blank text, and one chunk for a short one",
    (strategy) => {
      expect(chunk(" \n\n\t", { strategy })).toEqual([]);
      expect(chunk("Ana left.", { strategy })).toEqual([{ startOffset: 0, endOffset: 9, tokenCount: 3 }]);
    },
  );
});
