import { words } from "@nexus/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Features, featuresOf } from "./features.ts";

function features(query: string): Features {
  const found = words(query);
  return featuresOf(
    query,
    found,
    found.map(({ text }) => text.toLowerCase()),
  );
}

describe("entityCount", () => {
  it.each([
    ["Where did Ana Silva go?", 1],
    ["Did Ana, Ben and Carla come?", 3],
    ["Lisbon is nice. Porto is nicer.", 0],
    ["We went to Lisbon on Monday in May, and I liked it", 1],
    ["¿Vive Ana en Oporto?", 2],
    ["nothing of note", 0],
  ])("of %j is %d", (query, count) => {
    expect(features(query).entityCount).toBe(count);
  });
});

describe("a flag is set by its cue and not without it", () => {
  it.each<[keyof Features, string, string]>([
    ["isRepetition", "the same again", "the red one"],
    ["hasTemporal", "What happened in 2023?", "What happened to 3023 of them?"],
    ["hasTemporal", "¿Desde cuándo vive aquí?", "¿Vive aquí?"],
    ["hasRelativeTime", "Where was I yesterday?", "Where was I on the 3rd?"],
    ["hasRelativeTime", "What is due next week?", "What is next to the house?"],
    ["hasRelativeTime", "¿Qué hicimos ayer?", "¿Qué hicimos en Lisboa?"],
    ["hasTechnical", "How did we debug it?", "How did we cook it?"],
    ["hasCritical", "Which treatment did she choose?", "Which sofa did she choose?"],
    ["hasNegation", "Why didn’t Ana come?", "Why did Ana come?"],
    ["hasNegation", "¿Quién no vino nunca?", "¿Quién vino?"],
    ["isComparison", "Is the flat cheaper than the house?", "Is the flat cheap?"],
    ["isBridge", "What is the city where Ana works called?", "Where does Ana work?"],
    ["isBridge", "Who is Ana's brother's boss?", "Who is Ana's boss?"],
    ["isBridge", "¿Cómo se llama la ciudad donde trabaja Ana?", "¿Dónde trabaja Ana?"],
    ["codeLike", "What does parse() return?", "What does Ana return?"],
  ])("%s: %j, %j", (flag, withCue, without) => {
    expect([features(withCue)[flag], features(without)[flag]]).toEqual([true, false]);
  });
});

it("counts words, numbers and clauses", () => {
  expect(features("Ana paid 3 euros and 20 cents, but Ben paid 4.50")).toMatchObject({
    wordCount: 11,
    numberCount: 3,
    clauseCount: 3,
  });
  expect(features("")).toMatchObject({ wordCount: 0, clauseCount: 0, meanWordLength: 0 });
});

it("finds no more entities and numbers than words, in any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (query) => {
      const { wordCount, entityCount, numberCount } = features(query);
      expect(entityCount + numberCount).toBeLessThanOrEqual(wordCount);
    }),
  );
});
