import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findDates } from "./dates.ts";
import { findEntities } from "./entities.ts";

/** "Lake Tahoe/location" of each mention. */
function shown(text: string, language?: string, speakers?: readonly string[]): string[] {
  return findEntities(text, { language, speakers }).map(({ name, type }) => `${name}/${type}`);
}

describe("findEntities", () => {
  it("finds people, places and dates of a conversation, titles left out", () => {
    expect(shown("Caroline and I went to Lake Tahoe with Dr. Okoro last Friday")).toEqual([
      "Caroline/person",
      "Lake Tahoe/location",
      "Okoro/person",
      "last Friday/date",
    ]);
  });

  it("finds them in Spanish too", () => {
    expect(shown("Marta y yo fuimos a Sevilla con la doctora Ruiz el martes pasado", "es")).toEqual([
      "Marta/person",
      "Sevilla/location",
      "Ruiz/person",
      "el martes pasado/date",
    ]);
  });

  it.each(["Thanks for everything!", "Wow, that is great.", "Honestly I have no idea.", "Great idea! Count me in."])(
    "takes no ordinary word at the beginning of a sentence for a name: %s",
    (text) => {
      expect(shown(text)).toEqual([]);
    },
  );

  it("leaves an article out, and takes one with a capital for a part of the name", () => {
    expect(shown("I flew to Los Angeles")).toEqual(["Los Angeles/location"]);
    expect(shown("We walked around the Lake Tahoe")).toEqual(["Lake Tahoe/location"]);
  });

  it("finds the same where the dates are given, which then are not looked for", () => {
    const text = "Ana flew to Lisbon last Friday with Dr. Okoro";
    expect(findEntities(text, { dates: findDates(text, new Date("2025-05-17")) })).toEqual(findEntities(text));
    expect(findEntities(text, { dates: [] }).map(({ type }) => type)).not.toContain("date");
  });

  it("leaves the ending of a possessive out", () => {
    expect(shown("I borrowed Priya's bike")).toEqual(["Priya/person"]);
  });

  it("knows the speakers as people, by first name too, and not where their name is a word", () => {
    expect(shown("Ask Hope Vandermeer or just Hope about it", "en", ["Hope Vandermeer"])).toEqual([
      "Hope Vandermeer/person",
      "Hope/person",
    ]);
    expect(shown("I hope it helps", "en", ["Hope"])).toEqual([]);
  });

  it.each([
    ["call parseConfig() first", "parseConfig()"],
    ["the max_connections setting", "max_connections"],
    ["it is in src/main.rs or settings.py", "settings.py"],
    ["we moved to PostgreSQL 16.2 in the end", "PostgreSQL 16.2"],
    ["it fails with ERR_MODULE_NOT_FOUND now", "ERR_MODULE_NOT_FOUND"],
    ["the fix for CVE-2024-3094 is out", "CVE-2024-3094"],
    ["rustc says E0308 again", "E0308"],
    ["use useEffect for that", "useEffect"],
  ])("finds the technical term of “%s”", (text, term) => {
    expect(findEntities(text).map(({ name, type }) => [name, type])).toContainEqual([term, "technical"]);
  });

  it("finds numbers with their units and prices", () => {
    expect(shown("it cost $1,200.50 and weighs 3.5 kg")).toEqual(["$1,200.50/number", "3.5 kg/number"]);
  });

  it("gives ascending spans inside the text that do not overlap, with confidence in 0…1, for any text", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "Ana",
        "Lake",
        "Tahoe",
        "the",
        "Dr.",
        "'s",
        "Friday",
        "12",
        "node",
        "v1.2.3",
        "@sam",
        "#Tag",
        "我",
        "I",
        "iPhone",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 16 }), (parts) => {
        const text = parts.join(" ");
        let end = 0;
        for (const mention of findEntities(text, { speakers: ["Ana"] })) {
          expect(mention.start).toBeGreaterThanOrEqual(end);
          expect(mention.end).toBeGreaterThan(mention.start);
          expect(mention.end).toBeLessThanOrEqual(text.length);
          expect(mention.confidence).toBeGreaterThan(0);
          expect(mention.confidence).toBeLessThanOrEqual(1);
          expect(mention.name.trim()).not.toBe("");
          end = mention.end;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
