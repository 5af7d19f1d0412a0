import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mention, trendsOf, WINDOW_MS } from "./mining.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const DAY_MS = 86_400_000;
let made = 0;

/** `n` memories that mention these topics, spread over the window that ends `ago` days back. */
function mentions(n: number, topics: string[], { ago = 0, days = 7 } = {}): Mention[] {
  return Array.from({ length: n }, (_, i) => ({
    id: `m${made++}`,
    at: NOW - ago * DAY_MS - ((i + 0.5) / n) * days * DAY_MS,
    topics: new Map(topics.map((topic) => [topic, topic.slice(2)])),
  }));
}

describe("a trend", () => {
  it("needs 5 mentions", () => {
    expect(trendsOf(mentions(4, ["w:chess"]), NOW, "week")).toEqual([]);
    expect(trendsOf(mentions(5, ["w:chess"]), NOW, "week")).toMatchObject([
      { topic: "chess", frequency: 5, growthRate: 5, from: NOW - WINDOW_MS.week, to: NOW },
    ]);
  });

  it("is none when the topic came up as often the week before", () => {
    const steady = [...mentions(9, ["w:chess"]), ...mentions(8, ["w:chess"], { ago: 7 })];
    expect(trendsOf(steady, NOW, "week")).toEqual([]);
    const grown = [...mentions(9, ["w:chess"]), ...mentions(2, ["w:chess"], { ago: 7 })];
    expect(trendsOf(grown, NOW, "week")).toMatchObject([{ frequency: 9, growthRate: 10 / 3 - 1 }]);
  });

  it("is not every word of a user who writes thrice as much as before", () => {
    const before = mentions(30, ["w:work"], { ago: 7 });
    expect(trendsOf([...before, ...mentions(90, ["w:work"])], NOW, "week")).toEqual([]);
    const chess = [...before, ...mentions(90, ["w:work"]), ...mentions(8, ["w:chess"])];
    expect(trendsOf(chess, NOW, "week").map(({ topic }) => topic)).toEqual(["chess"]);
  });

  it("joins topics that the same memories mention, and is called by the name among them", () => {
    const found = trendsOf(mentions(6, ["w:rye", "e:sourdough", "w:starter"]), NOW, "week");
    expect(found).toHaveLength(1);
    expect(found[0]?.topic).toBe("sourdough rye starter");
  });

  it.each(["day", "week", "month"] as const)(
    "of a %s is made of that window's memories alone, newest first",
    (window) => {
      const days = WINDOW_MS[window] / DAY_MS;
      const inside = mentions(7, ["w:chess"], { days });
      const later = mentions(9, ["w:chess"], { ago: -days, days });
      const [trend] = trendsOf([...later, ...inside], NOW, window);
      expect(trend?.memoryIds).toEqual(inside.map(({ id }) => id));
    },
  );

  it("always has 5 mentions or more, a growth above 0 and memories within its window", () => {
    const any = fc.record({
      id: fc.uuid(),
      at: fc.integer({ min: NOW - 70 * DAY_MS, max: NOW + DAY_MS }),
      topics: fc
        .uniqueArray(fc.constantFrom("w:a", "w:b", "e:c", "e:d"))
        .map((keys) => new Map(keys.map((key) => [key, key]))),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 120 }), fc.constantFrom("day", "week", "month"), (all, window) => {
        for (const trend of trendsOf(all, NOW, window)) {
          expect(trend.frequency).toBeGreaterThanOrEqual(5);
          expect(trend.growthRate).toBeGreaterThan(0);
          expect(trend.memoryIds).toHaveLength(trend.frequency);
        }
      }),
    );
  });
});
