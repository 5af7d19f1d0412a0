import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { documentVector } from "./document-vector.ts";
import { queryTerms } from "./query-terms.ts";

function finds(query: string, text: string, language: string): boolean {
  const { ids } = documentVector(text, { language });
  return queryTerms(query).some(({ id }) => ids.includes(id));
}

describe("queryTerms", () => {
  it("have ascending, distinct ids and weights of 1 or 0.5", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const terms = queryTerms(text);
        for (const [i, { id, weight }] of terms.entries()) {
          expect(id).toBeGreaterThan(terms[i - 1]?.id ?? -1);
          expect([0.5, 1]).toContain(weight);
        }
      }),
    );
  });

  it("leave out the stop words of their language", () => {
    expect(new Set(queryTerms("What did the doctor say to her?").map(({ word }) => word))).toEqual(
      new Set(["doctor", "say"]),
    );
    expect(new Set(queryTerms("¿Cuándo es la boda de mi hermana?").map(({ word }) => word))).toEqual(
      new Set(["boda", "hermana"]),
    );
  });

  it("keep the stop words where nothing else remains", () => {
    expect(queryTerms("who are you").map(({ word }) => word)).toHaveLength(3);
  });

  it.each([
    ["vacaciones", "Me voy de vacaciones en agosto", "es"],
    ["conversaciones", "tuvimos una conversación larga", "es"],
    ["Häuser", "das alte Haus am See", "de"],
    ["montagnes", "nous irons à la montagne", "fr"],
    ["ristoranti", "il ristorante era chiuso", "it"],
    ["reuniões", "a reunião foi adiada", "pt"],
    ["meetings", "the meeting was moved", "en"],
    ["книги", "я прочитал книгу", "ru"],
    ["北京", "我们去了北京", "zh"],
  ])("of one word, %s, find “%s”", (query, text, language) => {
    expect(finds(query, text, language)).toBe(true);
  });

  it("are none for a text without a word", () => {
    expect(queryTerms("?!")).toEqual([]);
  });
});
