import { expect, it } from "vitest";
import { choosePath, type Mode, type PathChoice, type Routable } from "./path.ts";

const plain: Routable = {
  complexity: "simple",
  critical: false,
  hasReference: false,
  isRepetition: false,
  wordCount: 8,
};
const QUERIES = {
  simple: plain,
  repeated: { ...plain, hasReference: true, isRepetition: true },
  medium: { ...plain, complexity: "medium" },
  complex: { ...plain, complexity: "complex" },
  critical: { ...plain, complexity: "critical", critical: true },
} as const satisfies Record<string, Routable>;

it.each<[Mode, keyof typeof QUERIES, PathChoice]>([
  ["auto", "simple", { first: "smart", last: "full", capped: false }],
  ["auto", "repeated", { first: "cache_only", last: "full", capped: false }],
  ["auto", "medium", { first: "smart", last: "full", capped: false }],
  ["auto", "complex", { first: "full", last: "full", capped: false }],
  ["auto", "critical", { first: "maximum", last: "maximum", capped: false }],
  ["fast", "simple", { first: "smart", last: "smart", capped: false }],
  ["fast", "repeated", { first: "cache_only", last: "smart", capped: false }],
  ["fast", "complex", { first: "smart", last: "smart", capped: true }],
  ["fast", "critical", { first: "smart", last: "smart", capped: true }],
  ["balanced", "repeated", { first: "smart", last: "full", capped: false }],
  ["balanced", "complex", { first: "full", last: "full", capped: false }],
  ["balanced", "critical", { first: "full", last: "full", capped: true }],
  ["maxAccuracy", "simple", { first: "maximum", last: "maximum", capped: false }],
  ["maxAccuracy", "critical", { first: "maximum", last: "maximum", capped: false }],
])("mode %s chooses for a %s query among all four paths", (mode, query, expected) => {
  expect(choosePath(QUERIES[query], mode)).toEqual(expected);
});

it("a simple query that was seen before, or with a reference where two of three hit, begins in the cache", () => {
  expect(choosePath(plain, "auto", { seenBefore: true }).first).toBe("cache_only");
  expect(choosePath({ ...plain, hasReference: true }, "auto", { hitRate: 0.67 }).first).toBe("cache_only");
  expect(choosePath({ ...plain, hasReference: true }, "auto", { hitRate: 0.4 }).first).toBe("smart");
  expect(choosePath({ ...plain, complexity: "medium" }, "auto", { seenBefore: true }).first).toBe("smart");
});
