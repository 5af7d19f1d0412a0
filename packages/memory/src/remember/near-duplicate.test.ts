import { factsOf } from "@nexus/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judgeNearDuplicate } from "./near-duplicate.ts";

const text = (content: string, speaker?: string) => ({ content, language: "en", speaker });
const ALIKE = { jaccard: 0.9, cosine: 0.97 };

describe("judgeNearDuplicate", () => {
  it("merges the same thing said again", () => {
    const a = text("The spare key is with Mrs. Haddad.", "Jo");
    const b = text("ok so the spare key is with mrs haddad", "Jo");
    expect(judgeNearDuplicate(a, b, ALIKE)).toEqual({ verdict: "duplicate" });
    expect(judgeNearDuplicate({ ...a, facts: factsOf(a.content) }, b, ALIKE)).toEqual({ verdict: "duplicate" });
  });

  it("names the guard that spoke against it", () => {
    const judge = (a: string, b: string) => judgeNearDuplicate(text(a), text(b), ALIKE).guard;
    expect(judge("The tram leaves at 7:40", "The tram leaves at 7:50")).toBe("numbers");
    expect(judge("I like the new bridge", "I do not like the new bridge")).toBe("negation");
    expect(judge("The fuse is in the cellar", "The fuse is in the attic")).toBe("words");
  });

  it("never merges across speakers or texts that are not alike", () => {
    const a = text("I'm allergic to cats", "Jo");
    expect(judgeNearDuplicate(a, text("I'm allergic to cats", "Mo"), ALIKE)).toEqual({
      verdict: "different",
      guard: "speaker",
    });
    expect(judgeNearDuplicate(a, text("I'm allergic to cats"), ALIKE).verdict).toBe("different");
    expect(judgeNearDuplicate(a, a, { jaccard: 0.4, cosine: 1 })).toEqual({ verdict: "different" });
    expect(judgeNearDuplicate(a, a, { jaccard: 1, cosine: 0.2 })).toEqual({ verdict: "different" });
  });

  it("is symmetric and merges any text with itself", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.string({ unit: "grapheme", maxLength: 60 }),
        (a, b) => {
          expect(judgeNearDuplicate(text(a), text(a), ALIKE).verdict).toBe("duplicate");
          expect(judgeNearDuplicate(text(a), text(b), ALIKE).verdict).toBe(
            judgeNearDuplicate(text(b), text(a), ALIKE).verdict,
          );
        },
      ),
    );
  });
});
