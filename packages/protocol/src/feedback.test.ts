import { describe, expect, it } from "vitest";
import { parseFeedback } from "./feedback.ts";
import { parsePatternsQuery, patternsToWire } from "./patterns.ts";
import { parseTrendsQuery, trendsToWire } from "./trends.ts";

const ID = "0197A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

describe("feedback", () => {
  it.each([
    [1, -1],
    [2, -0.5],
    [3, 0],
    [4, 0.5],
    [5, 1],
    ["up", 1],
    ["down", -1],
  ])("of %s is a rating of %d", (rating, expected) => {
    expect(parseFeedback({ queryId: "q", rating, memoryId: ID, comment: null })).toEqual({
      queryId: "q",
      memoryId: ID.toLowerCase(),
      rating: expected,
      comment: undefined,
    });
  });

  it.each([
    [{ queryId: "q", rating: 0 }, "body.invalid", "rating"],
    [{ queryId: "q", rating: 2.5 }, "body.invalid", "rating"],
    [{ queryId: "q", rating: "sideways" }, "body.invalid", "rating"],
    [{ queryId: "q" }, "body.invalid", "rating"],
    [{ rating: 1 }, "body.invalid", "queryId"],
    [{ queryId: "q", rating: 1, memoryId: "m" }, "body.invalid", "memoryId"],
    [{ queryId: "q", rating: 1, comment: "x".repeat(2_001) }, "body.invalid", "comment"],
    [{ queryId: "q", rating: 1, stars: 5 }, "body.unknown_field", "stars"],
  ])("%j is refused", (input, code, path) => {
    expect(() => parseFeedback(input)).toThrowError(
      expect.objectContaining({ code, problems: [expect.objectContaining({ path })] }),
    );
  });
});

describe("the query of patterns and trends", () => {
  it("has defaults, and refuses what it does not know", () => {
    expect(parseTrendsQuery({})).toEqual({ userId: undefined, window: "week", limit: 20 });
    expect(parseTrendsQuery({ userId: "u", window: "day", limit: "3" })).toEqual({
      userId: "u",
      window: "day",
      limit: 3,
    });
    expect(parsePatternsQuery({ type: "habit" })).toMatchObject({ type: "habit", limit: 50 });
    expect(() => parseTrendsQuery({ window: "year" })).toThrowError(expect.objectContaining({ code: "body.invalid" }));
    expect(() => parseTrendsQuery({ limit: "0" })).toThrowError(expect.objectContaining({ code: "body.invalid" }));
    expect(() => parsePatternsQuery({ kind: "habit" })).toThrowError(
      expect.objectContaining({ code: "body.unknown_field" }),
    );
  });
});

it("a trend on the wire has at most five examples", () => {
  const memoryIds = ["1", "2", "3", "4", "5", "6"];
  const trend = { topic: "Lisbon", frequency: 6, growthRate: 6, from: 0, to: 86_400_000, memoryIds };
  expect(trendsToWire([trend])).toEqual({
    items: [
      {
        topic: "Lisbon",
        frequency: 6,
        growthRate: 6,
        from: "1970-01-01T00:00:00.000Z",
        to: "1970-01-02T00:00:00.000Z",
        examples: ["1", "2", "3", "4", "5"],
      },
    ],
  });
});

it("a pattern's success rate on the wire is (successes + 1)/(uses + 2)", () => {
  const at = new Date(0);
  const pattern = {
    partition: "u",
    id: "p",
    type: "solution" as const,
    domain: "technical",
    description: "d",
    terms: ["a"],
    memoryIds: ["m"],
    frequency: 3,
    successCount: 3,
    usageCount: 4,
    createdAt: at,
    updatedAt: at,
  };
  expect(patternsToWire([pattern]).items[0]?.successRate).toBeCloseTo(4 / 6, 12);
});
