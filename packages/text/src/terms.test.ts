import { describe, expect, it } from "vitest";

import { termId, wordTerms } from "./terms.ts";

function ids(word: string, language: string): number[] {
  return wordTerms(word, language).map(({ id }) => id);
}

describe("termId", () => {
  it("is the first 32 bits of SHA-256, big endian", () => {
    // printf abc | sha256sum → ba7816bf…
    expect(termId("abc")).toBe(0xba7816bf);
  });
});

describe("wordTerms", () => {
  it.each([
    ["en", "Conversations", "conversation"],
    ["en", "Caroline's", "Caroline"],
    ["en", "Caroline’s", "caroline"],
    ["es", "conversación", "conversaciones"],
    ["es", "conversacion", "conversaciones"],
    ["es", "niños", "NINO"],
    ["es", "veíamos", "veiamos"],
    ["pt", "informacao", "informações"],
    ["de", "Häuser", "Haus"],
    ["de", "Straße", "strassen"],
    ["fr", "parlé", "parler"],
    ["ru", "книги", "книга"],
    ["en", "ﬁsh", "fish"],
    ["en", "e\u0301te\u0301", "été"],
    ["en", "книги", "книга"],
    ["ja", "running", "run"],
  ])("in %s makes one term of %s and %s", (language, a, b) => {
    expect(ids(a, language)).toEqual(ids(b, language));
  });

  it.each([
    ["ja", "が", "か"],
    ["th", "กี", "กิ"],
    ["en", "3.14", "3"],
  ])("in %s keeps %s and %s apart", (language, a, b) => {
    expect(ids(a, language)).not.toEqual(ids(b, language));
  });

  it("takes words apart that a full stop without a space joined, with offsets", () => {
    const terms = wordTerms("day.Then", "en").map(({ word, start, end }) => [word, start, end]);
    expect(terms).toEqual([
      ["day", 0, 3],
      ["then", 4, 8],
    ]);
  });

  it("keeps abbreviations and numbers whole", () => {
    expect(wordTerms("U.S", "en")).toHaveLength(1);
    expect(wordTerms("1,000.50", "en")).toHaveLength(1);
  });
});
