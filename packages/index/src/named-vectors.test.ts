import { beforeEach, describe, expect, test } from "vitest";
import { bestOf, unitVectors } from "../../../test/support/dense-rows.ts";
import { NamedVectors } from "./named-vectors.ts";
import { indexModule } from "./wasm.node.ts";

const D = 12;

describe("named vectors", () => {
  const vectors = unitVectors(1_600, D, 1);
  const query = unitVectors(1, D, 2)[0]!;
  let named: NamedVectors;
  /** By slot. Slots are not rows: they are given out in another order, and far apart. */
  let model: Map<number, Float32Array>;

  beforeEach(() => {
    named = new NamedVectors({ dimension: D, module: indexModule() });
    model = new Map(vectors.map((vector, i) => [3 * (1_600 - i), vector] as const));
    for (const [slot, vector] of model) named.add(slot, vector);
  });

  const best = (k: number, accept: (slot: number) => boolean = () => true): number[] =>
    bestOf(new Map([...model].filter(([slot]) => accept(slot))), query, k).map(({ row }) => row);

  test("the best slots come first, a few more than were asked for", () => {
    const found = named.search(query, { limit: 10 }).map(({ slot }) => slot);
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(found).toEqual(best(found.length));
    expect(named.search(query, { limit: 0 }).length).toBeLessThan(20);
  });

  test("a slot that was removed is never found, also after its row was used again under another slot", () => {
    for (const slot of best(30)) {
      named.remove(slot);
      named.remove(slot);
      model.delete(slot);
    }
    for (const [i, vector] of unitVectors(30, D, 3).entries()) {
      named.add(9_000 + i, vector);
      model.set(9_000 + i, vector);
    }
    const found = named.search(query, { limit: 25 }).map(({ slot }) => slot);
    expect(found).toEqual(best(found.length));
    expect(named.count).toBe(1_600);
  });

  test("only slots that are accepted, or that are among those named", () => {
    const accept = (slot: number): boolean => slot % 5 === 0;
    const accepted = named.search(query, { limit: 10, accept }).map(({ slot }) => slot);
    expect(accepted).toEqual(best(accepted.length, accept));
    const among = [3, 6, 9, 12, 15, 60, 7, 100_000];
    const few = named.search(query, { limit: 3, among, accept }).map(({ slot }) => slot);
    expect(few).toEqual(best(2, (slot) => among.includes(slot) && accept(slot)));
    expect(named.search(query, { limit: 3, among: [] })).toEqual([]);
  });

  test.each([1, 5, 100])("of 300 equals around a limit of %i all are given or none", (limit) => {
    for (let i = 0; i < 300; i++) {
      named.add(20_000 + i, query);
      model.set(20_000 + i, query);
    }
    for (const among of [undefined, [...model.keys()]]) {
      const slots = named.search(query, { limit, among }).map(({ slot }) => slot);
      expect(slots.filter((slot) => slot >= 20_000).length).toBe(300);
    }
    const behind = named
      .search(
        vectors[0]!.map((x) => -x),
        { limit },
      )
      .map(({ slot }) => slot);
    expect([0, 300]).toContain(behind.filter((slot) => slot >= 20_000).length);
  });

  test("many at once are what one by one are", async () => {
    const together = new NamedVectors({ dimension: D, module: indexModule() });
    const slots = [...model.keys()];
    await together.addMany(
      slots.slice(0, 1_500),
      Float32Array.from(vectors.slice(0, 1_500).flatMap((vector) => [...vector])),
    );
    for (const slot of slots.slice(1_500)) together.add(slot, model.get(slot)!);
    expect(together.search(query, { limit: 40 })).toEqual(named.search(query, { limit: 40 }));
    expect(together.count).toBe(1_600);
    for (const each of [together, named]) {
      each.remove(slots[0]!);
      each.remove(slots[1_400]!);
    }
    expect(together.search(vectors[0]!, { limit: 40 })).toEqual(named.search(vectors[0]!, { limit: 40 }));
  });
});
