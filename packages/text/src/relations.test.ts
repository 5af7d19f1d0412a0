import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findRelations, type Relation, SINGLE_VALUED } from "./relations.ts";

/** "type(subject, object)" of what is stated as true now and without doubt. */
function now(text: string, language = "en"): string[] {
  return findRelations(text, { language })
    .filter(
      (one) => SINGLE_VALUED.has(one.type) && one.affirmative && one.tense === "present" && one.confidence >= 0.85,
    )
    .map((one) => `${one.type}(${one.subject}, ${one.object})`);
}

describe("findRelations", () => {
  const stated: readonly [string, string, string?][] = [
    ["We've just relocated to Tallinn.", "home(, Tallinn)"],
    ["i've settled in Graz", "home(, Graz)"],
    ["I currently reside in Aarhus, Denmark.", "home(, Aarhus, Denmark)"],
    ["I rent out the boat; I live in a small house near Cork", "home(, Cork)"],
    ["My uncle Ned has moved to Rio de Janeiro", "home(my uncle Ned, Rio de Janeiro)"],
    ["Bristol is my home now", "home(, Bristol)"],
    ["I just joined Klarna as an analyst!", "employer(, Klarna)"],
    ["Dad works for Renault", "employer(my dad, Renault)"],
    ["I'm a nurse at St Thomas' Hospital", "employer(, St Thomas' Hospital)"],
    ["I resigned and took a job with Shell", "employer(, Shell)"],
    ["They promoted me to principal engineer", "jobTitle(, principal engineer)"],
    ["I work as a data analyst", "jobTitle(, data analyst)"],
    ["My cousin is a plumber", "jobTitle(my cousin, plumber)"],
    ["just turned thirty", "age(, 30)"],
    ["My son Leo is 7 now", "age(my son Leo, 7)"],
    ["Priya is 34 and lives in Faro", "age(Priya, 34)"],
    ["Ben and I got married in June", "maritalStatus(, married)"],
    ["my brother is divorced", "maritalStatus(my brother, divorced)"],
    ["our divorce came through", "maritalStatus(, divorced)"],
    ["Lena is my wife", "partner(, Lena)"],
    ["My new boyfriend is called Ilya", "partner(, Ilya)"],
    ["Priya's husband is Olu", "partner(Priya, Olu)"],
    ["my new cell is 202-555-0147", "phone(, 2025550147)"],
    ["Tom's number is +44 161 496 0000", "phone(Tom, +441614960000)"],
    ["I changed my email to X@Y.example", "email(, x@y.example)"],
    ["my timezone is Europe/Madrid", "timezone(, madrid)"],
    ["we packed our bags and moved to Leeds", "home(, Leeds)"],
    ["Home's Leeds these days", "home(, Leeds)"],
    ["i live in porto now", "home(, porto)"],
    ["We got rid of it all and settled in Leeds", "home(, Leeds)"],
    ["Guess who moved to Leeds", "home(, Leeds)"],
    ["I resigned and Maersk hired me", "employer(, Maersk)"],
    ["nurse at Maersk, night shifts mostly", "employer(, Maersk)"],
    ["The board elected me chair", "jobTitle(, chair)"],
    ["I went from cook to manager", "jobTitle(, manager)"],
    ["I'm a 41-year-old man", "age(, 41)"],
    ["Please put divorced as my marital status", "maritalStatus(, divorced)"],
    ["My girlfriend's name: Paulina", "partner(, Paulina)"],
    ["calendar zone should be AEST", "timezone(, utc+10)"],
    ["I'm on UTC+2 now", "timezone(, utc+2)"],
    ["Nos hemos mudado a Lugo", "home(, Lugo)", "es"],
    ["Mi hermano trabaja para Iberia", "employer(my hermano, Iberia)", "es"],
    ["Ahora soy enfermera", "jobTitle(, enfermera)", "es"],
    ["Mi hija tiene 5 años", "age(my hija, 5)", "es"],
    ["Me vine a vivir a Lugo", "home(, Lugo)", "es"],
    ["Mi nuevo puesto es gerente", "jobTitle(, gerente)", "es"],
    ["Me he divorciado", "maritalStatus(, divorced)", "es"],
    ["Mi novio se llama Iván", "partner(, Iván)", "es"],
    ["Mi nuevo número es 612 33 44 55", "phone(, 612334455)", "es"],
  ];
  it.each(stated)("reads %j as %s", (text, relation, language) => {
    expect(now(text, language)).toContain(relation);
  });

  it.each([
    "We had a great time in Lisbon",
    "Family time is the best time",
    "I love Tokyo this time of year",
    "last hora, primera hora, cada hora",
    "She wore a wet cat on the west side, what art",
  ])("sees no time zone in %j", (text) => {
    expect(findRelations(text).filter((one) => one.type === "timezone")).toEqual([]);
  });

  const notStated: readonly [string, string?][] = [
    ["I joined Strava"],
    ["I started at PureGym on Monday"],
    ["I'm a regular at Starbucks now"],
    ["I got an offer from Volvo but said no"],
    ["I moved to Cork when I was six"],
    ["I live in the office now haha, they should charge me rent"],
    ["In my novel I live in Cork now"],
    ["Living in Cork would be nice"],
    ["I rent a studio in Cork for my pottery"],
    ["It is not true that I moved to Cork"],
    ["I got promoted to grandma"],
    ["I'm the designated driver now"],
    ["I'm a driver for my kids now"],
    ["We separated the recycling"],
    ["I am now separated from my luggage"],
    ["The pharmacy moved, number 0711 555 099"],
    ["reply to x@c.example about the flat now"],
    ["Alex in Finance: alex.w@corp.example"],
    ["My new gaming account is a plant"],
    ["the call moved to 5 PST"],
    ["Ahora soy abuela", "es"],
    ["I used to live in Rome"],
    ["I might move to Porto next year"],
    ["We are thinking about moving to Cork"],
    ["If I lived in Lima I'd work at a museum"],
    ["I wish I worked at NASA"],
    ["My boss thinks I live in Paris"],
    ["She signed off with: my email is now bo@dal.example"],
    ['He said "I live in Madrid now"'],
    ["Do I live in Rome?"],
    ["I'm in Rome this week"],
    ["Staying in Oslo until Friday, then home"],
    ["I never worked for Nokia"],
    ["I worked at Ford for ten years"],
    ["I applied for a job at Volvo"],
    ["I joined the gym"],
    ["I moved to Android last week"],
    ["I'm 5 minutes away"],
    ["I'm 34 weeks pregnant"],
    ["I'm 6 feet tall"],
    ["I got a single room"],
    ["I'm married to my job"],
    ["My wife is Portuguese"],
    ["My partner is amazing"],
    ["I'm seeing Ana tonight"],
    ["Enjoy your family time"],
    ["the restaurant's number is 555-123-4567"],
    ["my old number was 555-123-4567"],
    ["I want to be a nurse"],
    ["I am a fan of trains"],
    ["I'm acting head of sales"],
    ["Vivía en Madrid de pequeño", "es"],
    ["No me he mudado a Teruel", "es"],
  ];
  it.each(notStated)("states nothing certain about now in %j", (text, language) => {
    expect(now(text, language)).toEqual([]);
  });

  it("tells past, plan and denial from what is", () => {
    const one = (text: string): Partial<Relation> | undefined => findRelations(text, { language: "en" })[0];
    expect(one("I used to live in Rome")).toMatchObject({ type: "home", tense: "past" });
    expect(one("I'm moving to Porto next month")).toMatchObject({ type: "home", tense: "future" });
    expect(one("I don't work at Nokia anymore")).toMatchObject({ type: "employer", affirmative: false });
    expect(one("I live in Oslo and have a second job at the pool")).toMatchObject({ type: "home", qualifier: "side" });
    expect(one("My work number is 555-123-4567")).toMatchObject({ type: "phone", qualifier: "work" });
  });

  it("knows the speaker by name and a pronoun by the one person named", () => {
    expect(findRelations("Ana lives in Faro", { language: "en", speaker: "ana" })[0]?.subject).toBe("");
    expect(now("My sister called. She lives in Faro")).toEqual(["home(my sister, Faro)"]);
    expect(now("My sister called my aunt. My aunt says hi. She lives in Faro")).toEqual([]);
    expect(findRelations("My sister moved out, she lives in Faro now").map((one) => one.subject)).toEqual([
      "my sister",
    ]);
  });

  it("reads kin, likes and other many-valued relations with less confidence", () => {
    const types = findRelations("My sister Ana visited Porto. I love chess and I speak Wolof.", { language: "en" });
    expect(types.map((one) => one.type)).toEqual(["siblingOf", "visited", "likes", "speaks"]);
    expect(types.every((one) => one.confidence < 0.9)).toBe(true);
  });

  it("gives offsets inside the text, in order, for any text", () => {
    const piece = fc.constantFrom(
      "I",
      "my",
      "Ana",
      "live",
      "in",
      "Rome",
      "34",
      "is",
      "at",
      ",",
      ".",
      "?",
      "'s",
      '"',
      "a@b.example",
      "555 123 4567",
      "and",
      "no",
      "\n",
      "😀",
      "married",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: "grapheme", maxLength: 6 })), { maxLength: 30 }),
        (pieces) => {
          const text = pieces.join(" ");
          let last = 0;
          for (const one of findRelations(text)) {
            expect(one.start).toBeGreaterThanOrEqual(last);
            expect(one.end).toBeGreaterThan(one.start);
            expect(one.end).toBeLessThanOrEqual(text.length);
            expect(one.confidence).toBeGreaterThan(0);
            expect(one.confidence).toBeLessThanOrEqual(1);
            last = one.start;
          }
        },
      ),
    );
  });

  it("reads only the first 4,096 units of repeats that invite backtracking", () => {
    const pieces = [
      "I live in ",
      "my my ",
      "Ana Ana, ",
      "a@",
      "a.",
      "1 2 3 4 ",
      "555-",
      "'s ",
      '"I',
      "and I am ",
      "left a b c d ",
      "new job at the ",
      " ",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...pieces), fc.constantFrom(...pieces), (a, b) => {
        const found = findRelations(`${a}${b}`.repeat(Math.ceil(2 ** 20 / (a.length + b.length))));
        expect(found.length).toBeLessThanOrEqual(64);
        for (const one of found) expect(one.end).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 40 },
    );
  });
});
