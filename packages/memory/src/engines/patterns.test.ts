import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Told, topicalPatterns } from "./patterns.ts";
import { type RatedQuestion, solutionsOf } from "./solutions.ts";

const DAY_MS = 86_400_000;
let made = 0;

function told(fields: Partial<Omit<Told, "topics">> & { topics?: string[] } = {}): Told {
  const { topics = ["jazz"], ...rest } = fields;
  const id = `m${made++}`;
  const labels = new Map(topics.map((topic) => [`w:${topic}`, topic]));
  return { id, domain: "general", at: made * DAY_MS, kinds: ["preference"], ...rest, topics: labels };
}
const times = (n: number, fields?: Parameters<typeof told>[0]): Told[] => Array.from({ length: n }, () => told(fields));

describe("a topical pattern", () => {
  it("is three memories of one kind, domain and topic, oldest first", () => {
    const three = times(3);
    expect(topicalPatterns(three.toReversed())).toEqual([
      { type: "preference", domain: "general", terms: ["jazz"], memoryIds: three.map(({ id }) => id) },
    ]);
    expect(topicalPatterns(three.slice(1))).toEqual([]);
    expect(topicalPatterns([...three.slice(1), told({ domain: "technical" })])).toEqual([]);
    expect(topicalPatterns([...three.slice(1), told({ kinds: ["solution"] })])).toEqual([]);
    expect(topicalPatterns([...three.slice(1), told({ topics: ["blues"] })])).toEqual([]);
  });

  it("is a habit only when it is told on three days", () => {
    const kinds = ["habit"] as const;
    expect(topicalPatterns(times(4, { kinds, at: 5 * DAY_MS }))).toEqual([]);
    expect(topicalPatterns(times(3, { kinds }))).toHaveLength(1);
  });

  it("is found once when its memories share several topics, with the topics that half of them have", () => {
    const jazz = [...times(3, { topics: ["jazz", "vinyl"] }), told({ topics: ["jazz", "club"] })];
    const found = topicalPatterns(jazz);
    expect(found).toHaveLength(1);
    expect(found[0]?.terms).toEqual(["jazz", "vinyl"]);
  });

  it("never has fewer than three memories, and none twice, whatever is told", () => {
    const any = fc
      .record({
        domain: fc.constantFrom("general", "technical"),
        kinds: fc.uniqueArray(fc.constantFrom("preference", "habit", "solution")),
        topics: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d")),
      })
      .map((fields) => told(fields));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (all) => {
        for (const { memoryIds } of topicalPatterns(all)) {
          expect(memoryIds.length).toBeGreaterThanOrEqual(3);
          expect(new Set(memoryIds).size).toBe(memoryIds.length);
        }
      }),
    );
  });
});

describe("a solution", () => {
  const options = { likeness: 0.5, unrelatedCosine: 0 };
  const bread = Float32Array.of(1, 0, 0);
  const breadToo = Float32Array.of(0.8, 0.6, 0);
  const rent = Float32Array.of(0, 0, 1);
  const memories = times(4, { domain: "technical", kinds: [] });
  const rated = (i: number, rating = 1, question = bread): RatedQuestion => ({
    memoryId: memories[i]?.id ?? "",
    rating,
    question,
    at: made++,
  });

  it("is three memories that were rated good for questions of one kind", () => {
    const [found, ...others] = solutionsOf([rated(0), rated(1, 0.5, breadToo), rated(2)], memories, [], options);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ type: "solution", domain: "technical", successCount: 3, usageCount: 3 });
    expect(found?.memoryIds).toEqual(memories.slice(0, 3).map(({ id }) => id));
    expect(Math.hypot(...(found?.centroid ?? []))).toBeCloseTo(1, 6);
    expect(solutionsOf([rated(0), rated(1), rated(2, 1, rent)], memories, [], options)).toEqual([]);
    expect(solutionsOf([rated(0), rated(1), rated(2, -1)], memories, [], options)).toEqual([]);
  });

  it("takes along the memories that a topical pattern puts beside one that helped, and none that did not help", () => {
    const beside = {
      type: "solution" as const,
      domain: "technical",
      terms: ["x", "y"],
      memoryIds: memories.map(({ id }) => id),
    };
    const [all] = solutionsOf([rated(0)], memories, [beside], options);
    expect(all?.memoryIds).toEqual(memories.map(({ id }) => id));
    const [without] = solutionsOf([rated(0), rated(3, -1)], memories, [beside], options);
    expect(without?.memoryIds).toEqual(memories.slice(0, 3).map(({ id }) => id));
    expect(solutionsOf([rated(0)], memories, [{ ...beside, terms: ["x"] }], options)).toEqual([]);
  });

  it("is of the domain of most of its memories", () => {
    const mixed = [...memories.slice(0, 2), told({ domain: "legal" })];
    const ratings = mixed.map(({ id }): RatedQuestion => ({ memoryId: id, rating: 1, question: bread, at: 1 }));
    expect(solutionsOf(ratings, mixed, [], options)).toMatchObject([{ domain: "technical" }]);
  });

  it("counts bad ratings for questions of its kind, and not those for others", () => {
    const good = [rated(0), rated(1), rated(2)];
    const [tried] = solutionsOf([...good, rated(0, -0.5)], memories, [], options);
    expect(tried).toMatchObject({ successCount: 3, usageCount: 4 });
    const [other] = solutionsOf([...good, rated(0, -1, rent)], memories, [], options);
    expect(other).toMatchObject({ successCount: 3, usageCount: 3 });
  });

  it("has no memory that is gone", () => {
    const ratings = [rated(0), rated(1), rated(2)];
    expect(solutionsOf(ratings, memories.slice(1), [], options)).toEqual([]);
  });
});
