import { type Filter, type FilterSubject, matches } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failedClauses } from "./clauses.ts";

const subject: FilterSubject = {
  id: "m",
  userId: "ana",
  language: "en",
  createdAt: 0,
  recordedAt: 0,
  updatedAt: 0,
  metadata: { n: 3 },
};
const clause = fc.record({
  field: fc.constantFrom("userId", "speaker", "metadata.n"),
  operator: fc.constantFrom("eq", "ne", "gt" as const),
  value: fc.constantFrom("ana", "ben", 3, 4),
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

describe("the clauses that a memory fails", () => {
  it("are none exactly when it fits the filter, whatever the filter", () => {
    fc.assert(
      fc.property(tree, (filter) => {
        expect(failedClauses(filter, subject).length === 0).toBe(matches(subject, filter));
      }),
      { numRuns: 500 },
    );
  });

  it("are each of those joined by and, and a group of which one would do as a whole", () => {
    const eq = (field: string, value: string): Filter => ({ field, operator: "eq", value });
    const filter: Filter = {
      all: [eq("userId", "ben"), eq("userId", "ana"), { any: [eq("speaker", "a"), eq("speaker", "b")] }],
    };
    expect(failedClauses(filter, subject)).toEqual(['userId eq "ben"', '(speaker eq "a" or speaker eq "b")']);
  });

  it("write times as ISO 8601, in lists too", () => {
    expect(failedClauses({ field: "createdAt", operator: "gt", value: 86_400_000 }, subject)).toEqual([
      'createdAt gt "1970-01-02T00:00:00.000Z"',
    ]);
    expect(failedClauses({ field: "validTo", operator: "in", value: [1] }, subject)).toEqual([
      'validTo in ["1970-01-01T00:00:00.001Z"]',
    ]);
  });
});
