import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { segment, STRIDE } from "./segments.ts";

const full = new Intl.Segmenter("en", { granularity: "word" });

function byIntl(text: string): number[] {
  return [...full.segment(text)].flatMap(({ index, segment: found, isWordLike }) =>
    isWordLike || /\S/u.test(found) ? [index, index + found.length, isWordLike ? 1 : 0] : [],
  );
}

function strings(text: string): string[] {
  const segments = segment(text);
  return Array.from({ length: segments.length / STRIDE }, (_, i) =>
    text.slice(segments[i * STRIDE], segments[i * STRIDE + 1]),
  );
}

describe("segment", () => {
  it("equals Intl.Segmenter on 2,000 random ASCII strings", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii", maxLength: 40 }), (text) => {
        expect(segment(text)).toEqual(byIntl(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("equals Intl.Segmenter where letters, digits and the characters that join them are dense", () => {
    const unit = fc.constantFrom(...Array.from("ab1 2_.',;:@-\n\t’éßжλ"));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 16 }), (text) => {
        expect(segment(text)).toEqual(byIntl(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("equals Intl.Segmenter where simple text touches emoji, combining marks and other scripts", () => {
    const unit = fc.constantFrom(
      "a",
      "1",
      " ",
      "  ",
      ".",
      "é",
      "e\u0301",
      "\u0301",
      "日",
      "本",
      "ไทย",
      "עברית",
      "👩‍👩‍👧",
      "🇪🇸",
      "‍",
      "\u00a0",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        expect(segment(text)).toEqual(byIntl(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["don't pay 1,000.50 to ana@example.com", ["don't", "pay", "1,000.50", "to", "ana", "@", "example.com"]],
    ["snake_case _ a-b 3.14.", ["snake_case", "_", "a", "-", "b", "3.14", "."]],
    ["¿Cómo está l’eau, Señor?", ["¿", "Cómo", "está", "l’eau", ",", "Señor", "?"]],
    ["Donaudampfschiff fährt.", ["Donaudampfschiff", "fährt", "."]],
    ["東京都に住む", ["東京", "都", "に", "住む"]],
    ["ฉันกินข้าว", ["ฉัน", "กิน", "ข้าว"]],
    ["שלום, עולם", ["שלום", ",", "עולם"]],
    ["ok 👨‍👩‍👧‍👦!", ["ok", "👨‍👩‍👧‍👦", "!"]],
  ])("splits %s", (text, expected) => {
    expect(strings(text)).toEqual(expected);
  });

  it("reads only the range asked for", () => {
    expect(segment("one two three", 4, 7)).toEqual([4, 7, 1]);
  });
});
