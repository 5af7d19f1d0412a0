import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { countTokens } from "./tokens.ts";

describe("countTokens", () => {
  it.each([
    ["", 0],
    [" \n\t ", 0],
    ["I met Ana.", 4],
    ["abcdef", 1],
    ["abcdefg", 2],
    ["abcdefghijklm", 3],
    ["3.14", 1],
    ["wait...", 4],
    ["¡Qué alegría!", 5],
    ["Donaudampfschifffahrt", 4],
    ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2],
    ["ฉันกินข้าว", 3],
    ["𐐀𐐀𐐀𐐀𐐀𐐀", 1],
  ])("of %j is %i", (text, count) => {
    expect(countTokens(text)).toBe(count);
  });

  it("of two texts with a space between them is the sum of both", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), fc.string({ unit: "grapheme-ascii" }), (a, b) => {
        expect(countTokens(`${a} ${b}`)).toBe(countTokens(a) + countTokens(b));
      }),
    );
  });

  it("is never more than the number of UTF-16 units", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(countTokens(text)).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
