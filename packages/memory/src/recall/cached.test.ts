import { describe, expect, it } from "vitest";
import { recallRequest } from "../../../../test/support/memory-world.ts";
import { cacheKeys } from "./cached.ts";

const NONE = { hasReference: false };
const keys = (fields: object = {}, versions = "v"): ReturnType<typeof cacheKeys> =>
  cacheKeys(recallRequest("heron", fields), NONE, versions);

describe("the key", () => {
  it("is 128 bits, equal for equal requests whatever their budget, token, signal and patience", () => {
    expect(keys()?.exact).toMatch(/^qw:[0-9a-f]{32}$/);
    const hurried = { budgetMs: 1, maxStalenessMs: 0, consistency: "cv1.x", signal: AbortSignal.timeout(1) };
    expect(keys(hurried)).toEqual(keys());
  });

  it("differs with all that an answer depends on; the group with all of it but the words", () => {
    const own = [{}, { query: "herons" }];
    const others = [
      { k: 3 },
      { explain: true },
      { userId: "ben" },
      { agentId: "g" },
      { sessionId: "s" },
      { mode: "full" },
      { minScore: 0.1 },
      { minConfidence: 0.1 },
      { filter: { any: [] } },
    ];
    const all = [...[...own, ...others].map((fields) => keys(fields)), keys({}, "w")];
    expect(new Set(all.map((found) => found?.exact)).size).toBe(own.length + others.length + 1);
    expect(new Set(all.map((found) => found?.group)).size).toBe(others.length + 2);
  });

  it("is none for reads across users, of a past moment, and of more than 50 results", () => {
    for (const fields of [{ userId: undefined }, { asOf: new Date(0) }, { k: 51 }])
      expect(keys(fields)).toBeUndefined();
    expect(keys({ k: 50 })).toBeDefined();
  });

  it("is none for a query that points back, unless its session is named", () => {
    const back = { hasReference: true };
    expect(cacheKeys(recallRequest("what was that?"), back, "v")).toBeUndefined();
    expect(cacheKeys(recallRequest("what was that?", { sessionId: "s" }), back, "v")).toBeDefined();
  });
});
