import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ID, TOKENIZER_FILES } from "../models/tiny-model-fixture.node.ts";
import { createTextTokenizer } from "./tokenizer.ts";

const parsed = (name: string) => JSON.parse(TOKENIZER_FILES[name] ?? "") as object;
const tiny = () => createTextTokenizer(parsed("tokenizer.json"), parsed("tokenizer_config.json"));

/** Words, spaces and words the vocabulary lacks, in any order. */
const texts = fc
  .array(fc.constantFrom("cat", "sat", "a", "big", " ", "   ", "\n", "猫", "zebra", ".", "😀"), { maxLength: 400 })
  .map((parts) => parts.join(" "));

describe("createTextTokenizer", () => {
  it("a cut text has the first ids of the whole, in the same frame, whatever its length", () => {
    const tokenizer = tiny();
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 12 }), (text, limit) => {
        const whole = tokenizer.encode(text, 100_000);
        const { ids, truncated } = tokenizer.encode(text, limit);
        expect(whole.truncated).toBe(false);
        expect(truncated).toBe(whole.ids.length > limit);
        expect(ids).toEqual(truncated ? [...whole.ids.slice(0, limit - 1), ID["[SEP]"]] : whole.ids);
      }),
    );
  });

  it("obeys neither the truncation nor the padding in tokenizer.json", () => {
    const { "[CLS]": cls, "[SEP]": sep, cat, sat, a } = ID;
    expect(tiny().encode("a cat sat", 512).ids).toEqual([cls, a, cat, sat, sep]);
  });

  it("text that names a special token is read as that token, as the original does", () => {
    expect(tiny().encode("[SEP]", 512).ids).toEqual([ID["[CLS]"], ID["[SEP]"], ID["[SEP]"]]);
  });

  it("knows the pad token by name, and counts without the frame", () => {
    const tokenizer = tiny();
    expect(tokenizer.padId).toBe(ID["[PAD]"]);
    expect(tokenizer.lead).toBe(1);
    expect(tokenizer.count("a cat")).toBe(2);
  });

  it.each([{}, { model: {} }, { model: { type: "WordPiece", vocab: {} } }])("%j is embed.tokenizer", (json) => {
    expect(() => createTextTokenizer(json, {})).toThrow(NexusError);
  });
});
