import { assert, property, string } from "fast-check";
import { expect, it } from "vitest";
import { fitsUtf8, utf8Length } from "./utf8-length.ts";

it("is the length that TextEncoder gives, for any well-formed text", () => {
  assert(
    property(string({ unit: "binary", maxLength: 50 }), (text) => {
      const { length } = new TextEncoder().encode(text);
      expect(utf8Length(text)).toBe(length);
      expect(fitsUtf8(text, length)).toBe(true);
      expect(fitsUtf8(text, length - 1)).toBe(false);
    }),
  );
});
