import { describe, expect, it } from "vitest";

import { matchSpans } from "./match-spans.ts";
import { queryTerms } from "./query-terms.ts";

function matched(query: string, text: string, language: string): string[] {
  const ids = new Set(queryTerms(query).map(({ id }) => id));
  return matchSpans(text, language, ids).map(({ start, end }) => text.slice(start, end));
}

describe("matchSpans", () => {
  it("are the words whose stem the query has, as written", () => {
    expect(matched("Where did the boats sail?", "👍🏽 My boat is sailing. Boating!", "en")).toEqual([
      "boat",
      "sailing",
      "Boating",
    ]);
    expect(matched("¿Dónde está el jardín?", "Los jardines, el jardin y el jardín.", "es")).toEqual([
      "jardines",
      "jardin",
      "jardín",
    ]);
  });

  it("name the term that matches", () => {
    const [term] = queryTerms("boats");
    if (!term) throw new Error("no term");
    const [span] = matchSpans("boating", "en", new Set([term.id]));
    expect(span).toEqual({ start: 0, end: 7, term: term.id });
  });

  it("stand at the part of a joined word that matches", () => {
    const ids = new Set(queryTerms("tents").map(({ id }) => id));
    expect(matchSpans("a day.Tent up", "en", ids)).toEqual([expect.objectContaining({ start: 6, end: 10 })]);
  });
});
