import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { sentences } from "./sentences.ts";

function strings(text: string): string[] {
  return sentences(text).map(({ start, end }) => text.slice(start, end));
}

describe("sentences", () => {
  it("cover the text exactly, in order", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "B", ".", "?", " ", "\n", "Dr. ", "。", "é", "😀") }),
        (text) => {
          expect(strings(text).join("")).toBe(text);
          for (const { start, end } of sentences(text)) expect(end).toBeGreaterThan(start);
        },
      ),
    );
  });

  it("end neither after a title nor after an initial", () => {
    expect(strings("I saw Dr. Smith. He knows J. Doe. La Sra. López vino.")).toEqual([
      "I saw Dr. Smith. ",
      "He knows J. Doe. ",
      "La Sra. López vino.",
    ]);
  });

  it("end at the marks of other scripts", () => {
    expect(strings("今日は雨です。明日は晴れます。")).toHaveLength(2);
    expect(strings("هل أنت بخير؟ نعم.")).toHaveLength(2);
  });
});
