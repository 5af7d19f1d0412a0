import { describe, expect, it } from "vitest";

import { answerCues, CUES, cuesOf, cueTermId } from "./cues.ts";

describe("cuesOf", () => {
  it.each([
    ["I saw it two weeks ago", ["time", "number"]],
    ["We were in Oslo", ["name"]],
    ["Nos vimos el martes con Inés", ["time", "name"]],
    ["Have you been there?", ["question"]],
    ["The kids loved it", []],
  ])("finds in “%s” %j", (text, cues) => {
    expect(cuesOf(text)).toEqual(cues);
  });

  it("takes a question that a long statement follows for a statement", () => {
    expect(cuesOf("You know what? We painted the whole fence over the weekend and it is lovely")).toEqual([]);
  });

  it("does not take the capital that opens a sentence for a name", () => {
    expect(cuesOf("Hello. Fine weather")).toEqual([]);
  });
});

describe("answerCues", () => {
  it.each([
    ["When did Ann move?", ["time"]],
    ["How many cats does she have?", ["number"]],
    ["Where does Tom work?", ["name"]],
    ["¿Cuándo se mudó?", ["time"]],
    ["Which film did they see?", ["name"]],
    ["by when must it be paid", ["time"]],
    ["What does she like?", []],
    ["He sings when he is alone", []],
  ])("of “%s” are %j", (question, cues) => {
    expect(answerCues(question)).toEqual(cues);
  });
});

describe("cueTermId", () => {
  it("tells the cues apart", () => {
    expect(new Set(CUES.map(cueTermId)).size).toBe(CUES.length);
  });
});
