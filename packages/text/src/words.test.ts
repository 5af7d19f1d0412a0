import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { words } from "./words.ts";

describe("words", () => {
  it("are slices of the text at their offsets, in order and without overlap", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        let last = 0;
        for (const word of words(text)) {
          expect(text.slice(word.start, word.end)).toBe(word.text);
          expect(word.start).toBeGreaterThanOrEqual(last);
          expect(word.end).toBeGreaterThan(word.start);
          last = word.end;
        }
      }),
    );
  });

  it("leave out punctuation and symbols", () => {
    expect(words("Nein! 5 € – für dich 😀").map((word) => word.text)).toEqual(["Nein", "5", "für", "dich"]);
  });
});
