import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { documentVector } from "./document-vector.ts";
import { entityTermId, termId } from "./terms.ts";

describe("documentVector", () => {
  it("has ascending, distinct ids and weights between 0 and 2.2", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const { ids, weights } = documentVector(text, { language: "en" });
        expect(weights).toHaveLength(ids.length);
        for (let i = 1; i < ids.length; i++) expect(ids[i] ?? 0).toBeGreaterThan(ids[i - 1] ?? 0);
        for (const weight of weights) expect(weight > 0 && weight < 2.2).toBe(true);
      }),
    );
  });

  it("weighs a term by tf·2.2/(tf + 1.2·(0.25 + 0.75·len/200)), stop words included", () => {
    const { ids, weights } = documentVector("the map and the tent", { language: "en" });
    const weightOf = (term: string): number => weights[ids.indexOf(termId(term))] ?? 0;
    const norm = 1.2 * (0.25 + (0.75 * 5) / 200);
    expect(weightOf("map")).toBeCloseTo(2.2 / (1 + norm), 5);
    expect(weightOf("the")).toBeCloseTo(4.4 / (2 + norm), 5);
  });

  it("indexes the speaker in front of the text", () => {
    expect(documentVector("nos vemos", { language: "es", speaker: "Inés" })).toEqual(
      documentVector("Inés: nos vemos", { language: "es" }),
    );
  });

  it("adds a term of weight 1 for each entity, apart from the words, which it leaves as they were", () => {
    const plain = documentVector("the lake of Annecy", { language: "en" });
    const { ids, weights } = documentVector("the lake of Annecy", {
      language: "en",
      entities: ["annecy", "lake", "annecy"],
    });
    const others = Array.from(ids).filter((id) => !plain.ids.includes(id));
    expect(new Set(others)).toEqual(new Set([entityTermId("annecy"), entityTermId("lake")]));
    for (const id of others) expect(weights[ids.indexOf(id)]).toBe(1);
    for (const [i, id] of plain.ids.entries()) expect(weights[ids.indexOf(id)]).toBe(plain.weights[i]);
    for (let i = 1; i < ids.length; i++) expect(ids[i] ?? 0).toBeGreaterThan(ids[i - 1] ?? 0);
  });

  it("is empty for a text without a word", () => {
    expect(documentVector(" … 😀 ", { language: "en" }).ids).toHaveLength(0);
  });

  it("keeps numbers and codes findable", () => {
    const { ids } = documentVector("See PR-1234, v3.14 and a@b.example", { language: "en" });
    for (const term of ["pr", "1234", "v3.14", "3.14", "b", "exampl"]) {
      expect([term, ids.includes(termId(term))]).toEqual([term, term !== "3.14" && term !== "v3.14"]);
    }
  });
});
