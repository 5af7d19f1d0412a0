import { findRelations } from "@nexus/text";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judgeSupersede, type Statement } from "./supersede.ts";

const DAY = 86_400_000;

function said(content: string, at = 0, speaker?: string): Statement {
  return {
    content,
    language: "en",
    speaker,
    at: at * DAY,
    relations: findRelations(content, { language: "en", speaker }),
  };
}

const judge = (older: string, newer: string, days = 200): string =>
  judgeSupersede(said(older), said(newer, days)).verdict;

describe("judgeSupersede", () => {
  it.each([
    ["I live in Graz", "We moved to Turin last month"],
    ["I work at Nokia", "I left Nokia and joined Klarna"],
    ["My uncle works for DHL", "My uncle works for Maersk now"],
    ["I'm a line cook", "I got promoted to sous chef"],
    ["My son is 7", "My son just turned 8"],
    ["I'm engaged", "We got married on Saturday"],
    ["My boyfriend is Ilya", "I broke up with Ilya, my boyfriend is Marco now"],
    ["My number is 202-555-0147", "New number: 202-555-0199"],
    ["My email is bo@one.example", "My email is now bo@two.example"],
    ["My timezone is UTC+1", "I'm on UTC+3 now"],
    ["I'm deputy headmaster", "I'm headmaster now"],
    ["My brother Omid isn't married", "Omid is married now"],
    ["My nephew Sami is 3", "Sami just turned four"],
    ["I live in Graz", "I left Graz for Turin"],
  ])("%j gives way to %j", (older, newer) => {
    expect(judge(older, newer)).toBe("supersedes");
  });

  it.each([
    ["I live in Portugal", "I live in Lisbon now"],
    ["I live in Graz", "I live in Graz, near the river, now"],
    ["I live in Graz", "My sister lives in Turin now"],
    ["I live in Graz", "I'm in Turin this week"],
    ["I live in Graz", "I used to live in Turin"],
    ["I live in Graz", "We also have a second home in Turin now"],
    ["I'm an engineer", "I'm a software engineer now"],
    ["I work at Nokia", "I also work at a bar on weekends now"],
    ["I work at a bank", "I work at Santander now"],
    ["My number is 202-555-0147", "My work number is now 202-555-0199"],
    ["My son is 7", "My son is 31"],
    ["I'm a cook, I live in Graz, my wife is Lena and I'm 40", "I moved to Turin"],
    ["My boyfriend is Sam", "My boyfriend is Samuel now"],
    ["big Omar lives in Graz", "little Omar lives in Turin now"],
    ["Omar lives in Graz", "My cousin Omar moved to Turin"],
    ["Omar works at Nokia", "Omar from the choir works at Telia now"],
    ["My cousin Omar works at Nokia", "Omar, the one from football, works at Telia now"],
    ["I work at Nokia", "I joined Strava"],
    ["I work at Nokia", "I'm at Heathrow now"],
    ["I work at Nokia", "I switched from Chrome to Firefox"],
    ["I'm a nurse", "I'm a nurse on the new ward now"],
    ["I'm a nurse", "I'm officially a marathon runner now"],
    ["My email is bo@one.example", "My new gaming email is bo@two.example"],
    ["My number is 202-555-0147", "UK number: 07700 900303, new"],
  ])("%j stays beside %j", (older, newer) => {
    expect(judge(older, newer)).not.toBe("supersedes");
  });

  it("points to what it is not sure of", () => {
    expect(judge("I live in Graz", "I live in Turin")).toBe("possibly");
    expect(judgeSupersede(said("I live in Graz"), said("I might move to Turin", 5))).toMatchObject({
      verdict: "possibly",
      type: "home",
    });
  });

  it("never lets an older or equally old statement, or another speaker's, replace one", () => {
    const older = said("I live in Graz", 10, "Ana");
    expect(judgeSupersede(older, said("I moved to Turin", 9, "Ana")).verdict).toBe("none");
    expect(judgeSupersede(older, said("I moved to Turin", 10, "Ana")).verdict).toBe("none");
    expect(judgeSupersede(older, said("I moved to Turin", 11, "Ben")).verdict).toBe("none");
    expect(judgeSupersede(older, said("I moved to Turin", 11, "Ana")).verdict).toBe("supersedes");
  });

  it("never lets a text replace itself, and holds no text in its reason", () => {
    const pieces = fc.constantFrom(
      "I",
      "live in",
      "Graz",
      "moved to",
      "Turin",
      "now",
      "my sister",
      "is",
      "34",
      "married",
      "and",
      ".",
      "a@b.example",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), fc.array(pieces, { maxLength: 14 }), (a, b) => {
        const older = a.join(" ");
        expect(judge(older, older)).not.toBe("supersedes");
        const { reason } = judgeSupersede(said(older), said(b.join(" "), 5));
        expect(reason).not.toMatch(/Graz|Turin|example|34/);
      }),
    );
  });
});
