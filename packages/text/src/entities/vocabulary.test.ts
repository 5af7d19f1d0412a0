import { expect, it } from "vitest";

import { NAME_KINDS, openVocabulary, wordKey } from "./vocabulary.ts";

const LISBON = 5 | (17 << 3) | (NAME_KINDS.place << 11);
const vocabulary = openVocabulary([wordKey("lisbon"), wordKey("table")], [LISBON, 1 | (NAME_KINDS.common << 11)]);
const look = (text: string) => vocabulary.look(text, text.toLowerCase());

it("knows of a word what the lexicon has, and how it is written", () => {
  expect(look("Lisbon")).toMatchObject({
    written: 5,
    cluster: 17,
    names: NAME_KINDS.place,
    capital: 1,
    letters: "mixed",
  });
  expect(look("LISBON")).toMatchObject({ written: 5, cluster: 17, capital: 2, letters: "upper" });
  expect(look("table")).toMatchObject({ names: NAME_KINDS.common, naming: 0, letters: "lower" });
  expect(look("Qwzx")).toMatchObject({ written: 0, cluster: 0, names: 0 });
});

it("says the same of a word after 25,000 others, of which it keeps 10,000", () => {
  const before = { ...look("Lisbon") };
  expect(look("Lisbon")).toBe(look("Lisbon"));
  for (let i = 0; i < 25_000; i++) look(`w${i}`);
  expect(look("Lisbon")).toEqual({ ...before, scores: [] });
});

it("keeps no word of more than 12 characters, which would keep its text", () => {
  expect(look("Lisbonenses")).toBe(look("Lisbonenses"));
  expect(look("internationally")).not.toBe(look("internationally"));
});
