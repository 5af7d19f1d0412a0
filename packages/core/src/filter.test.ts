import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NexusError } from "./errors.ts";
import { allOf, equals, EVERYTHING, type Filter, type FilterSubject, matches, parseFilter } from "./filter.ts";
import type { JsonObject } from "./json.ts";

const DAY_MS = 86_400_000;
const MAY = Date.parse("2026-05-01T00:00:00Z");

function subject(fields: Partial<FilterSubject> = {}): FilterSubject {
  return {
    id: "m1",
    userId: "ana",
    speaker: "Ana",
    language: "en",
    createdAt: MAY,
    recordedAt: MAY + DAY_MS,
    updatedAt: MAY + DAY_MS,
    metadata: { topic: "travel", stars: 4, done: false, nothing: null, tags: ["a", "b"], deep: { er: { est: 1 } } },
    ...fields,
  };
}

function fits(filters: unknown, fields: Partial<FilterSubject> = {}): boolean {
  return matches(subject(fields), parseFilter(filters));
}

function refusal(filters: unknown): { code: string; path: string | undefined } {
  try {
    parseFilter(filters);
  } catch (error) {
    if (error instanceof NexusError) return { code: error.code, path: error.problems[0]?.path };
  }
  throw new Error("was not refused");
}

describe("a filter is refused", () => {
  const list = (length: number): number[] => Array.from({ length }, (_, i) => i);
  it.each<[string, unknown, string, string]>([
    ["that is a list", [], "search.filter_invalid", "filters"],
    ["that is null", null, "search.filter_invalid", "filters"],
    ["that is a text", "userId", "search.filter_invalid", "filters"],
    ["with a field that does not exist", { owner: "x" }, "search.filter_unknown", "filters.owner"],
    ["that names metadata as a whole", { metadata: {} }, "search.filter_unknown", "filters.metadata"],
    ["with an empty metadata path", { "metadata.": 1 }, "search.filter_unknown", "filters.metadata."],
    ["with a hole in a metadata path", { "metadata.a..b": 1 }, "search.filter_unknown", "filters.metadata.a..b"],
    ["with an inherited name as field", { constructor: 1 }, "search.filter_unknown", "filters.constructor"],
    ["with an operator that does not exist", { id: { like: "x" } }, "search.filter_unknown", "filters.id.like"],
    ["with an inherited name as operator", { id: { toString: "x" } }, "search.filter_unknown", "filters.id.toString"],
    ["with a field without condition", { id: {} }, "search.filter_invalid", "filters.id"],
    ["with a list where one value is due", { id: ["a"] }, "search.filter_invalid", "filters.id.eq"],
    ["with a number for a text field", { userId: 7 }, "search.filter_invalid", "filters.userId.eq"],
    ["with a word for a number field", { quality: "high" }, "search.filter_invalid", "filters.quality.eq"],
    ["with true for a number field", { quality: { ne: true } }, "search.filter_invalid", "filters.quality.ne"],
    [
      "with a word in a list of numbers",
      { quality: { in: [1, "2"] } },
      "search.filter_invalid",
      "filters.quality.in.1",
    ],
    ["with null for a bound of a number", { quality: { gt: null } }, "search.filter_invalid", "filters.quality.gt"],
    ["that looks into a number", { quality: { contains: 1 } }, "search.filter_invalid", "filters.quality.contains"],
    ["with a number in a list of texts", { id: { in: ["a", 7] } }, "search.filter_invalid", "filters.id.in.1"],
    [
      "with an object for a metadata value",
      { "metadata.a": { eq: {} } },
      "search.filter_invalid",
      "filters.metadata.a.eq",
    ],
    ["with an empty list", { id: { in: [] } }, "search.filter_invalid", "filters.id.in"],
    ["with a list of 1,001", { "metadata.n": { nin: list(1_001) } }, "search.filter_invalid", "filters.metadata.n.nin"],
    ["with a list that is none", { id: { in: "a" } }, "search.filter_invalid", "filters.id.in"],
    ["with exists other than true or false", { id: { exists: 1 } }, "search.filter_invalid", "filters.id.exists"],
    ["with a time that is none", { createdAt: "last May" }, "search.filter_invalid", "filters.createdAt.eq"],
    ["with 30 February", { createdAt: { gte: "2026-02-30" } }, "search.filter_invalid", "filters.createdAt.gte"],
    ["with a time as a number", { createdAt: { gte: 5 } }, "search.filter_invalid", "filters.createdAt.gte"],
    [
      "with a part of a time",
      { createdAt: { contains: "2026-05-01" } },
      "search.filter_invalid",
      "filters.createdAt.contains",
    ],
    ["that compares with null", { "metadata.n": { gt: null } }, "search.filter_invalid", "filters.metadata.n.gt"],
    ["that compares with true", { "metadata.n": { lte: true } }, "search.filter_invalid", "filters.metadata.n.lte"],
    ["that compares a time with null", { validTo: { lt: null } }, "search.filter_invalid", "filters.validTo.lt"],
    ["with an and that is no list", { and: {} }, "search.filter_invalid", "filters.and"],
    ["with an or without parts", { or: [] }, "search.filter_invalid", "filters.or"],
    ["with a not that is a list", { not: [] }, "search.filter_invalid", "filters.not"],
    ["with an empty group", { or: [{ id: "a" }, {}] }, "search.filter_invalid", "filters.or.1"],
    ["with an empty not", { not: {} }, "search.filter_invalid", "filters.not"],
    [
      "with a mistake deep inside",
      { and: [{ not: { or: [{ x: 1 }] } }] },
      "search.filter_unknown",
      "filters.and.0.not.or.0.x",
    ],
  ])("%s", (_name, filters, code, path) => {
    expect(refusal(filters)).toEqual({ code, path });
  });

  const clauses = (count: number): unknown => ({ or: Array.from({ length: count }, (_, i) => ({ "metadata.n": i })) });
  it("at 33 clauses, not at 32", () => {
    expect(() => parseFilter(clauses(32))).not.toThrow();
    expect(refusal(clauses(33))).toEqual({ code: "search.filter_invalid", path: "filters.or.32.metadata.n" });
    const spread = {
      "metadata.n": Object.fromEntries(["gt", "lt", "ne"].map((name) => [name, 1])),
      and: [clauses(30)],
    };
    expect(refusal(spread).code).toBe("search.filter_invalid");
  });

  const nested = (levels: number): unknown => (levels === 1 ? { id: "a" } : { not: nested(levels - 1) });
  it("at 5 levels, not at 4", () => {
    expect(() => parseFilter(nested(4))).not.toThrow();
    expect(refusal(nested(5))).toEqual({ code: "search.filter_invalid", path: "filters.not.not.not.not" });
  });

  it("without repeating any value that it holds", () => {
    expect(() => parseFilter({ createdAt: "my secret" })).toThrow(/^(?!.*secret).*$/);
  });
});

describe("a filter fits", () => {
  it.each<[string, unknown, boolean]>([
    ["everything when it is empty", {}, true],
    ["a plain value as equality", { userId: "ana" }, true],
    ["and not another value", { userId: "ben" }, false],
    ["a number and not its text", { "metadata.stars": "4" }, false],
    ["false and not null", { "metadata.done": false }, true],
    ["null for an absent field", { agentId: null }, true],
    ["null for a null value", { "metadata.nothing": null }, true],
    ["not null for a value", { userId: null }, false],
    ["one member of a list", { "metadata.tags": "b" }, true],
    ["ne for an absent field", { agentId: { ne: "g" } }, true],
    ["ne not for a member of a list", { "metadata.tags": { ne: "a" } }, false],
    ["in", { userId: { in: ["ben", "ana"] } }, true],
    ["in with null for an absent field", { agentId: { in: ["g", null] } }, true],
    ["in not for an absent field", { agentId: { in: ["g"] } }, false],
    ["nin for an absent field", { agentId: { nin: ["g"] } }, true],
    ["nin not for a member of a list", { "metadata.tags": { nin: ["b"] } }, false],
    ["gt", { "metadata.stars": { gt: 3 } }, true],
    ["gt not at the value", { "metadata.stars": { gt: 4 } }, false],
    ["gte at the value", { "metadata.stars": { gte: 4 } }, true],
    ["lt", { "metadata.stars": { lt: 5 } }, true],
    ["lte at the value", { "metadata.stars": { lte: 4 } }, true],
    ["lte not below the value", { "metadata.stars": { lte: 3 } }, false],
    ["no comparison of number and text", { "metadata.stars": { gt: "3" } }, false],
    ["texts in order", { speaker: { gt: "Amy", lt: "Ben" } }, true],
    ["no comparison with an absent field, one way", { validTo: { gt: "2020-01-01" } }, false],
    ["nor the other", { validTo: { lte: "2030-01-01" } }, false],
    ["no comparison with null", { "metadata.nothing": { lte: 0 } }, false],
    ["a time on its day", { createdAt: "2026-05-01" }, true],
    ["a time within a day", { createdAt: { gte: "2026-05-01", lt: "2026-05-02T00:00:00Z" } }, true],
    ["contains in a text", { "metadata.topic": { contains: "rav" } }, true],
    ["contains in a list, whole members only", { "metadata.tags": { contains: "a" } }, true],
    ["contains not in a number", { "metadata.stars": { contains: 4 } }, false],
    ["contains not in an absent field", { "metadata.none": { contains: "a" } }, false],
    ["exists", { "metadata.done": { exists: true } }, true],
    ["exists not for null", { "metadata.nothing": { exists: true } }, false],
    ["exists: false for an absent field", { agentId: { exists: false } }, true],
    ["a deep path", { "metadata.deep.er.est": 1 }, true],
    ["no path through a text", { "metadata.topic.length": { exists: true } }, false],
    ["no path through a list", { "metadata.tags.0": { exists: true } }, false],
    ["no inherited name", { "metadata.constructor": { exists: true } }, false],
    ["nor the prototype", { "metadata.__proto__": { exists: true } }, false],
    ["nor a name inherited deeper", { "metadata.deep.toString": { exists: true } }, false],
    ["all fields at once", { userId: "ana", "metadata.stars": 4, speaker: "Ben" }, false],
    ["and", { and: [{ userId: "ana" }, { speaker: "Ben" }] }, false],
    ["or", { or: [{ speaker: "Ben" }, { userId: "ana" }] }, true],
    ["not over all its fields", { not: { userId: "ana", speaker: "Ben" } }, true],
  ])("%s", (_name, filters, expected) => {
    expect(fits(filters)).toBe(expected);
  });

  it("names such as __proto__ and constructor when the metadata has them as its own", () => {
    const metadata = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": "mason"}') as JsonObject;
    expect(fits({ "metadata.__proto__.polluted": 1, "metadata.constructor": "mason" }, { metadata })).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("a validity that is open where one that has ended does not", () => {
    const open = { or: [{ validTo: null }, { validTo: { gt: "2026-06-01" } }] };
    expect(fits(open)).toBe(true);
    expect(fits(open, { validTo: MAY + 60 * DAY_MS })).toBe(true);
    expect(fits(open, { validTo: MAY })).toBe(false);
  });
});

describe("joined filters", () => {
  it("leave out what is absent, and one alone stays as it is", () => {
    expect(allOf(undefined, equals("userId", "ana"), undefined)).toEqual(equals("userId", "ana"));
    expect(allOf(undefined)).toEqual(EVERYTHING);
    expect(matches(subject(), allOf(equals("userId", "ana"), equals("speaker", "Ben")))).toBe(false);
  });
});

const operand = fc.oneof(
  fc.constantFrom("ana", "Ana", "travel", "a"),
  fc.integer({ min: 0, max: 5 }),
  fc.boolean(),
  fc.constant(null),
);
const clause = fc
  .record({
    field: fc.constantFrom(
      "userId",
      "agentId",
      "speaker",
      "metadata.topic",
      "metadata.stars",
      "metadata.tags",
      "metadata.none",
    ),
    operator: fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte", "contains", "exists", "in", "nin"),
    value: operand,
  })
  .map(({ field, operator, value }): Filter => {
    if (operator === "in" || operator === "nin") return { field, operator, value: [value] };
    return { field, operator: operator as "eq", value: operator === "exists" ? value === true : value };
  });
const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    clause,
    fc.array(tie("tree"), { maxLength: 3 }).map((all): Filter => ({ all })),
    fc.array(tie("tree"), { maxLength: 3 }).map((any): Filter => ({ any })),
    tie("tree").map((not): Filter => ({ not })),
  ),
}));

describe("for any filter", () => {
  it("not turns its verdict round, and and and or are each other's mirror", () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const verdict = (filter: Filter): boolean => matches(subject(), filter);
        expect(verdict({ not: a })).toBe(!verdict(a));
        expect(verdict({ not: { all: [a, b] } })).toBe(verdict({ any: [{ not: a }, { not: b }] }));
      }),
      { numRuns: 500 },
    );
  });

  it("ne and nin are the opposites of eq and in", () => {
    fc.assert(
      fc.property(fc.constantFrom("userId", "agentId", "metadata.tags", "metadata.stars"), operand, (field, value) => {
        const verdict = (operator: "eq" | "ne" | "in" | "nin", of: typeof value | (typeof value)[]): boolean =>
          matches(subject(), { field, operator, value: of });
        expect(verdict("ne", value)).toBe(!verdict("eq", value));
        expect(verdict("nin", [value])).toBe(!verdict("in", [value]));
        expect(verdict("in", [value])).toBe(verdict("eq", value));
      }),
    );
  });
});
