import { EVERYTHING, equals, type FilterSubject, matches } from "@nexus/core";
import { queryTerms } from "@nexus/text";
import { describe, expect, it } from "vitest";
import type { RecallRequest } from "../requests.ts";
import { cueBits } from "../sources/cues.ts";
import { askedOf, filterOf, namesIn, weigh } from "./plan.ts";

const AT = Date.parse("2026-06-01T00:00:00Z");
const request: RecallRequest = {
  query: "x",
  k: 1,
  mode: "auto",
  minScore: 0,
  filter: EVERYTHING,
  maxStalenessMs: 0,
  budgetMs: 1,
  explain: false,
};
const subject = (fields: Partial<FilterSubject>): FilterSubject => ({
  id: "m",
  language: "en",
  createdAt: AT,
  recordedAt: AT,
  updatedAt: AT,
  metadata: {},
  ...fields,
});

describe("the filter of a request", () => {
  it("is everything without scope, and each named part narrows it", () => {
    const mine = subject({ userId: "ana", agentId: "g", sessionId: "s", metadata: { n: 1 } });
    const fits = (fields: Partial<RecallRequest>): boolean => matches(mine, filterOf({ ...request, ...fields }, AT));
    expect(fits({})).toBe(true);
    expect(fits({ userId: "ana", agentId: "g", sessionId: "s", filter: equals("metadata.n", 1) })).toBe(true);
    for (const other of [{ userId: "ben" }, { agentId: "h" }, { sessionId: "t" }, { filter: equals("metadata.n", 2) }])
      expect(fits({ userId: "ana", ...other })).toBe(false);
  });

  it.each([
    ["active", true, true],
    ["superseded", true, true],
    ["merged", false, true],
    ["invalidated", false, true],
  ])("a %s memory is found now: %s, as of a moment at which it held: %s", (status, now, then) => {
    expect(matches(subject({ status }), filterOf(request, AT))).toBe(now);
    expect(matches(subject({ status }), filterOf({ ...request, asOf: new Date(AT) }, AT))).toBe(then);
  });

  it.each<[string, Partial<FilterSubject>, boolean]>([
    ["created at the moment", {}, true],
    ["created 1 ms later", { createdAt: AT + 1 }, false],
    ["valid from the moment on, though created later", { validFrom: AT, createdAt: AT + 5 }, true],
    ["valid from 1 ms later, though created before", { validFrom: AT + 1, createdAt: 0 }, false],
    ["valid until 1 ms later", { validTo: AT + 1 }, true],
    ["valid until the moment", { validTo: AT }, false],
    ["recorded later, of an earlier time", { createdAt: 0, recordedAt: AT + 9 }, true],
  ])("asOf takes in what was %s: %s, %s", (_name, fields, expected) => {
    expect(matches(subject(fields), filterOf({ ...request, asOf: new Date(AT) }, AT))).toBe(expected);
  });
});

describe("the terms of a query", () => {
  const terms = queryTerms("heron mill");
  const counts = (points: number, ...frequencies: number[]) => ({ points, frequencies: Uint32Array.from(frequencies) });
  const each = (value: (word: string) => number): number[] => terms.map(({ word }) => value(word));

  it("weigh more the rarer they are, and never less than 0", () => {
    const weights = (herons: number): number =>
      [...weigh(terms, counts(100, ...each((word) => (word === "heron" ? herons : 100)))).sparse.weights].reduce(
        (a, b) => a + b,
        0,
      );
    expect(weights(1)).toBeGreaterThan(weights(10));
    expect(weights(10)).toBeGreaterThan(weights(100));
    expect([...weigh(terms, counts(100, ...each(() => 100))).sparse.weights].every((weight) => weight > 0)).toBe(true);
  });

  it("are left out of the search when no memory has them, but count towards the ceiling", () => {
    const both = weigh(terms, counts(100, ...each(() => 10)));
    const one = weigh(terms, counts(100, ...each((word) => (word === "heron" ? 10 : 0))));
    expect(one.sparse.ids.length).toBeLessThan(both.sparse.ids.length);
    expect(one.ceiling).toBeGreaterThan(both.ceiling);
  });

  it("ascend by id, as the store asks", () => {
    const { ids } = weigh(
      queryTerms("ferry grey heron lake mill noon quetzal river zebra"),
      counts(9, ...Array<number>(99).fill(1)),
    ).sparse;
    expect([...ids]).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    expect(ids.length).toBeGreaterThanOrEqual(9);
  });
});

describe("what a query asks for", () => {
  const at = Date.parse("2025-11-21T00:00:00Z");

  it("is a kind of answer, and the dates that it names as seen from its moment", () => {
    expect(askedOf("When did Ann move?", at)).toEqual({ asks: cueBits(["time"]), dates: [] });
    const june = { from: Date.parse("2025-06-01T00:00:00Z"), to: Date.parse("2025-07-01T00:00:00Z") };
    expect(askedOf("What did Ann buy in June?", at)).toEqual({ asks: 0, dates: [june] });
  });
});

describe("the names in a query", () => {
  it("are its runs of words with a capital, folded, that neither begin nor end with a stop word", () => {
    expect(namesIn("Has Ann Lee's boat left for Oslo?")).toEqual(
      expect.arrayContaining(["ann", "ann lee", "lee", "ann lee boat", "oslo"]),
    );
    expect(namesIn("Has Ann left?")).not.toContain("left");
  });

  it("may be any words where nobody writes capitals", () => {
    expect(namesIn("where is ann")).toContain("ann");
  });
});
