import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { contentQuality } from "./quality.ts";

const anyOptions = fc.record({
  tokenCount: fc.nat(1_000),
  hasNamesOrNumbers: fc.boolean(),
  isStatement: fc.boolean(),
});

describe("contentQuality", () => {
  it("is 1 for a statement of 20 tokens with a name, and 0 for marks alone", () => {
    expect(contentQuality("Ana moved …", { tokenCount: 20, hasNamesOrNumbers: true, isStatement: true })).toBe(1);
    expect(contentQuality("?! 👍", { tokenCount: 20, hasNamesOrNumbers: true, isStatement: true })).toBe(0);
  });

  it("is between 0 and 1, and never falls when a text is longer, names something or states something", () => {
    fc.assert(
      fc.property(fc.string(), anyOptions, fc.nat(50), (text, options, more) => {
        const quality = contentQuality(text, options);
        expect(quality).toBeGreaterThanOrEqual(0);
        expect(quality).toBeLessThanOrEqual(1);
        const longer = { ...options, tokenCount: options.tokenCount + more };
        expect(contentQuality(text, longer)).toBeGreaterThanOrEqual(quality);
        expect(contentQuality(text, { ...options, hasNamesOrNumbers: true })).toBeGreaterThanOrEqual(quality);
        expect(contentQuality(text, { ...options, isStatement: true })).toBeGreaterThanOrEqual(quality);
      }),
    );
  });

  it("counts a short reply less than a sentence", () => {
    const reply = contentQuality("Sounds great!", { tokenCount: 3, hasNamesOrNumbers: false, isStatement: true });
    const sentence = contentQuality("Ana's train leaves Gare du Nord at 8:15.", {
      tokenCount: 12,
      hasNamesOrNumbers: true,
      isStatement: true,
    });
    expect(reply).toBeLessThan(sentence / 2 + 0.1);
  });
});
