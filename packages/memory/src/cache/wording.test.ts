import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { apart, wordingOf } from "./wording.ts";

const distance = (a: string, b: string, language = "en"): number | undefined =>
  apart(wordingOf(a, language), wordingOf(b, language), 1);

describe("two wordings", () => {
  it("of the same words are 0 apart, and no order of comparing matters", () => {
    const question = array(constantFrom(..."who where does Ana Ben live work in Porto 3 not first day".split(" ")));
    assert(
      property(question, question, (a, b) => {
        expect(distance(a.join(" "), a.join(" "))).toBe(0);
        expect(distance(a.join(" "), b.join(" "))).toBe(distance(b.join(" "), a.join(" ")));
      }),
    );
  });

  it.each([
    ["Where does Ana live?", "where does Ana live, please?"],
    ["What did the band pay for a day of recording?", "How much did the band pay for a day of recording?"],
    ["When did Kenji fly to Montreal?", "When was it that Kenji flew to Montreal"],
    ["¿Cuándo echaron el barco al agua?", "¿Cuándo se echó el barco al agua?"],
  ])("%s / %s: near or guarded, never further than one word", (a, b) => {
    expect(distance(a, b) ?? 0).toBeLessThan(1);
  });

  it.each([
    ["another name", "Where does Ana live?", "Where does Ben live?"],
    ["a name more", "Where does the sister live?", "Where does the sister of Ana live?"],
    ["another number", "Who paid 300 for the room?", "Who paid 400 for the room?"],
    ["another day", "What did I eat yesterday?", "What did I eat today?"],
    ["another question word", "When did she move?", "Why did she move?"],
    ["a negation", "Who was at the party?", "Who was not at the party?"],
    ["an opposite", "What happened before the race?", "What happened after the race?"],
    ["an ordinal", "When is the first operation?", "When is the second operation?"],
    ["another unit", "How many days does it keep them?", "How many hours does it keep them?"],
  ])("%s: guarded", (_, a, b) => {
    expect(distance(a, b)).toBeUndefined();
  });

  it("a word in place of another is further than a word more, and roles that change places further than both in a statement", () => {
    const said = "the plumber paid the neighbour for the old boiler";
    const more = distance(said, "the plumber paid the neighbour for the old boiler again") ?? Number.NaN;
    const other = distance(said, "the plumber paid the neighbour for the old heater") ?? Number.NaN;
    const swapped = distance(said, "the neighbour paid the plumber for the old boiler") ?? Number.NaN;
    expect(more).toBeLessThan(other);
    expect(other).toBeLessThan(swapped);
  });

  it("the cosine counts for a quarter", () => {
    const [a, b] = [wordingOf("where does Ana live?", "en"), wordingOf("where does Ana live now?", "en")];
    expect((apart(a, b, 0) ?? 0) - (apart(a, b, 1) ?? 0)).toBeCloseTo(0.25);
  });

  it("a text of 100,000 words is compared as fast as one of 64", () => {
    const long = wordingOf("word ".repeat(100_000), "en");
    expect(long.all).toHaveLength(64);
  });
});
