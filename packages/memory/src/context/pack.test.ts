import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LEVELS, type Offer, pack } from "./pack.ts";

const offer = (id: string, tokens: number): Offer => ({ id, tokens });
const offers = fc.uniqueArray(
  fc.record({ id: fc.string({ maxLength: 2 }), tokens: fc.integer({ min: 1, max: 400 }) }),
  {
    selector: ({ id }) => id,
  },
);
const anyOffers = fc.record({ immediate: offers, recent: offers, longTerm: offers }, { requiredKeys: [] });
const ids = (packed: ReturnType<typeof pack>): string[] => packed.map(({ level, offer: { id } }) => `${level} ${id}`);

describe("packing", () => {
  it("never goes beyond the budget, takes a memory once, and leaves out nothing that would still fit", () => {
    fc.assert(
      fc.property(anyOffers, fc.integer({ min: 0, max: 2_000 }), (given, maxTokens) => {
        const packed = pack(given, maxTokens);
        const total = packed.reduce((sum, one) => sum + one.offer.tokens, 0);
        expect(total).toBeLessThanOrEqual(maxTokens);
        const taken = new Set(packed.map((one) => one.offer.id));
        expect(taken.size).toBe(packed.length);
        const owners = new Map<string, Offer>();
        for (const level of LEVELS)
          for (const one of given[level] ?? []) if (!owners.has(one.id)) owners.set(one.id, one);
        for (const one of owners.values()) expect(taken.has(one.id) || one.tokens > maxTokens - total).toBe(true);
      }),
    );
  });

  it("gives immediate and recent ones 3 tenths each and the rest to the long term, when all have enough", () => {
    const ten = (name: string): Offer[] => Array.from({ length: 10 }, (_, i) => offer(`${name}${i}`, 10));
    const packed = pack({ immediate: ten("i"), recent: ten("r"), longTerm: ten("l") }, 100);
    const count = (level: string): number => packed.filter((one) => one.level === level).length;
    expect(LEVELS.map(count)).toEqual([3, 3, 4]);
  });

  it("skips what does not fit and goes on with the next", () => {
    expect(ids(pack({ immediate: [offer("a", 40), offer("b", 20)], recent: [offer("c", 40)] }, 100))).toEqual([
      "immediate b",
      "recent c",
      "immediate a",
    ]);
  });

  it("passes on what a level leaves over, and what the last leaves over back to the first", () => {
    expect(ids(pack({ longTerm: [offer("a", 100)] }, 100))).toEqual(["longTerm a"]);
    expect(ids(pack({ immediate: [offer("a", 60), offer("b", 40)] }, 100))).toEqual(["immediate a", "immediate b"]);
  });

  it("counts a memory that several levels offer for the first of them", () => {
    expect(ids(pack({ recent: [offer("a", 10)], immediate: [offer("a", 10)] }, 100))).toEqual(["immediate a"]);
  });
});
