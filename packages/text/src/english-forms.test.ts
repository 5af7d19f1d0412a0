import { describe, expect, it } from "vitest";

import { baseForm } from "./english-forms.ts";
import { wordTerms } from "./terms.ts";

describe("baseForm", () => {
  it.each([
    ["bought", "buy"],
    ["children", "child"],
    ["neighbours", "neighbor"],
    ["organised", "organized"],
    ["walked", "walked"],
    ["wise", "wise"],
    ["rose", "rose"],
  ])("of %s is %s", (word, base) => {
    expect(baseForm(word)).toBe(base);
  });

  it("lets forms meet in English texts and leaves other languages alone", () => {
    const ids = (word: string, language: string): number[] => wordTerms(word, language).map(({ id }) => id);
    expect(ids("Went", "en")).toEqual(ids("going", "en"));
    expect(ids("realise", "en")).toEqual(ids("realized", "en"));
    expect(ids("men", "es")).not.toEqual(ids("man", "es"));
  });
});
