import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { chunkSemantic, type ChunkSpan } from "./chunk.ts";
import { countTokens } from "./tokens.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const unit = fc.constantFrom(
  "a",
  "casa",
  "árbol",
  "e\u0301",
  " ",
  " ",
  ". ",
  "! ",
  "\n",
  "\n\n",
  "1.5",
  "日本語",
  "ไทย",
  "नमस्ते",
  "שלום",
  "👨‍👩‍👧‍👦",
  "🇪🇸",
  "\u0301",
  "한국어",
  "한국어".normalize("NFD"),
  "မြန်မာ",
  "x_y",
  "-",
  "abcdefghijklmnopqrstuvwxyz",
);
const anyText = fc.oneof(fc.string({ unit, maxLength: 120 }), fc.string({ unit: "grapheme", maxLength: 120 }));
const anyOptions = fc.record({
  maxTokens: fc.integer({ min: 4, max: 40 }),
  overlapTokens: fc.integer({ min: 0, max: 6 }),
});

function boundaries(text: string): Set<number> {
  return new Set([...graphemes.segment(text)].map(({ index }) => index).concat(text.length));
}

function isCovered(text: string, spans: readonly ChunkSpan[]): boolean {
  let covered = 0;
  for (const { startOffset, endOffset } of spans) {
    if (/\S/u.test(text.slice(covered, startOffset))) return false;
    covered = Math.max(covered, endOffset);
  }
  return !/\S/u.test(text.slice(covered));
}

describe("chunkSemantic", () => {
  it("covers every character but white space, in order, and goes on with each chunk", () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const spans = chunkSemantic(text, options);
        expect(isCovered(text, spans)).toBe(true);
        for (const [i, span] of spans.entries()) {
          const before = spans[i - 1];
          if (!before) continue;
          expect(span.startOffset).toBeGreaterThan(before.startOffset);
          expect(span.endOffset).toBeGreaterThan(before.endOffset);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("cuts inside no grapheme", () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const allowed = boundaries(text);
        for (const { startOffset, endOffset } of chunkSemantic(text, options)) {
          expect(allowed.has(startOffset) && allowed.has(endOffset)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("counts the tokens of each chunk, at most maxTokens unless it is a single grapheme", () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        for (const { startOffset, endOffset, tokenCount } of chunkSemantic(text, options)) {
          const chunk = text.slice(startOffset, endOffset);
          expect(tokenCount).toBe(countTokens(chunk));
          expect(tokenCount <= options.maxTokens || [...graphemes.segment(chunk)].length === 1).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives a text of at most 400 tokens as one chunk without its outer white space", () => {
    expect(chunkSemantic(" \n Nos vemos mañana. \n\n Trae el mapa. \n")).toEqual([
      { startOffset: 3, endOffset: 37, tokenCount: 8 },
    ]);
  });

  it.each(["", " \n\t\n "])("gives nothing for %j", (text) => {
    expect(chunkSemantic(text)).toEqual([]);
  });

  it("cuts between paragraphs where one ends in the second half of a chunk", () => {
    const paragraph = (word: string): string => `${word} goes on. `.repeat(70).trim();
    const text = ["one", "two", "three"].map(paragraph).join("\n\n");
    const spans = chunkSemantic(text, { maxTokens: 400, overlapTokens: 0 });
    expect(spans.map(({ startOffset, endOffset }) => text.slice(startOffset, endOffset))).toEqual(text.split("\n\n"));
  });

  it("cuts where the sentences on both sides share no word", () => {
    const harbour = "The boats leave the harbour when the harbour lights turn green for boats. ";
    const bread = "Bake the bread until the bread crust sounds hollow in the oven. ";
    const text = harbour.repeat(20) + bread.repeat(20);
    const [first] = chunkSemantic(text, { maxTokens: 400, overlapTokens: 0 });
    expect(first?.endOffset).toBe(harbour.length * 20 - 1);
  });

  it("repeats about 20 tokens, from a sentence or a word on", () => {
    const text = "Ana planted tomatoes beside the wall and watered them every evening. ".repeat(150);
    const spans = chunkSemantic(text);
    expect(spans.length).toBeGreaterThan(4);
    for (const [i, span] of spans.entries()) {
      const before = spans[i - 1];
      if (!before) continue;
      const repeated = countTokens(text.slice(span.startOffset, before.endOffset));
      expect(repeated).toBeGreaterThanOrEqual(10);
      expect(repeated).toBeLessThanOrEqual(20);
      expect(text[span.startOffset - 1]).toBe(" ");
    }
  });

  it.each([
    ["one letter", "a".repeat(200_000)],
    ["no spaces", "abcdefghij0123456789".repeat(10_000)],
    ["emoji", "👨‍👩‍👧‍👦".repeat(10_000)],
    ["Chinese", "我们昨天去了北京大学的图书馆看书，".repeat(5_000)],
    ["punctuation", "!".repeat(100_000)],
  ])("keeps to 400 tokens in a long text of %s", (_, text) => {
    const spans = chunkSemantic(text);
    expect(isCovered(text, spans)).toBe(true);
    expect(Math.max(...spans.map(({ tokenCount }) => tokenCount))).toBeLessThanOrEqual(400);
  });

  it("keeps a grapheme whole that is larger than a chunk", () => {
    const text = `a${"\u0301".repeat(5_000)}`;
    expect(chunkSemantic(text)).toEqual([{ startOffset: 0, endOffset: 5_001, tokenCount: 834 }]);
  });
});
