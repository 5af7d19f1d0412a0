import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import cases from "./dates/cases.json" with { type: "json" };
import { findDates } from "./dates.ts";

// A Wednesday.
const SAID = new Date("2023-06-14T15:00:00Z");

/** "last week: 2023-06-05 – 2023-06-12", times only where they are not midnight. */
function shown(text: string, language: string, timeZone?: string): string[] {
  return findDates(text, SAID, { language, timeZone }).map(({ start, end, from, to }) => {
    const [first, last] = [from, to].map((date) => date.toISOString().replace(/(?:T00:00)?:00\.000Z$|\.000Z$/u, ""));
    return `${text.slice(start, end)}: ${first} – ${last}`;
  });
}

describe("findDates", () => {
  for (const [language, rows] of Object.entries(cases)) {
    it.each(rows.map(([text = "", ...mentions]) => [text, mentions] as const))(
      `reads “%s” (${language}), said on Wednesday 14 June 2023`,
      (text, mentions) => {
        expect(shown(text, language)).toEqual(mentions);
      },
    );
  }

  it("takes the days of the zone that is given, summer time included", () => {
    expect(shown("we met yesterday", "en", "America/New_York")).toEqual([
      "yesterday: 2023-06-13T04:00 – 2023-06-14T04:00",
    ]);
    expect(shown("in January 2023", "en", "Europe/Madrid")).toEqual([
      "January 2023: 2022-12-31T23:00 – 2023-01-31T23:00",
    ]);
  });

  it("takes the day from the zone where it is already the next one", () => {
    const late = new Date("2023-06-14T23:30:00Z");
    const [today] = findDates("it happened today", late, { timeZone: "Asia/Tokyo" });
    expect(today?.from.toISOString()).toBe("2023-06-14T15:00:00.000Z");
  });

  it("gives ascending spans inside the text that do not overlap, each a proper interval, for any words in any order", () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...(
          "yesterday last next week on Friday May 2023 9 12:30 pm ago two in the of before after end late June summer " +
          "Christmas tomorrow 31/12/1999 99999 -1 0 1e9 ayer hace dos semanas el martes pasado próximo de mañana Q3 1990s " +
          "this weekend few days from now to"
        ).split(" "),
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), fc.constantFrom("en", "es", "fr"), (parts, language) => {
        const text = parts.join(" ");
        let end = 0;
        for (const mention of findDates(text, SAID, { language })) {
          expect(mention.start).toBeGreaterThanOrEqual(end);
          expect(mention.end).toBeGreaterThan(mention.start);
          expect(mention.end).toBeLessThanOrEqual(text.length);
          expect(mention.from.getTime()).toBeLessThan(mention.to.getTime());
          end = mention.end;
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
