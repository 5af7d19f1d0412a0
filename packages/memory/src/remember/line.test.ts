/** Moves from home to home, told in any order and forgotten in any order, against what a calendar would say. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const CITIES = ["Porto", "Lisbon", "Berlin", "Ghent", "Turin", "Oslo"];

/** A move is told, or forgotten when it is known. */
interface Event {
  /** Its place in time. */
  readonly city: number;
  /** Told in one request with the next one. */
  readonly together: boolean;
}

const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({ city: fc.nat({ max: CITIES.length - 1 }), together: fc.boolean() }),
  { minLength: 3, maxLength: 12 },
);

const dayOf = (city: number): Date => new Date(clock.now() - (CITIES.length - city) * 30 * DAY_MS);
const textOf = (city: number): string => `I moved to ${CITIES[city]}, I live in ${CITIES[city]} now.`;

async function tell(tenant: Tenant, cities: readonly number[]): Promise<string[]> {
  const { results } = await tenant.memory.remember(
    tenant.writer,
    cities.map((city) => newMemory(textOf(city), { speaker: "Ana", createdAt: dayOf(city) })),
  );
  return results.map(({ id }) => id ?? "");
}

describe("a line of homes", { timeout: 120_000 }, () => {
  it("told and forgotten in any order is what its remaining moves make of it, at every moment", async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const tenant = world.tenant();
        const known = new Map<number, string>();
        let waiting: number[] = [];
        const flush = async (): Promise<void> => {
          const ids = waiting.length === 0 ? [] : await tell(tenant, waiting);
          waiting.forEach((city, i) => known.set(city, ids[i] ?? ""));
          waiting = [];
        };
        for (const { city, together } of all) {
          clock.advance(1_000);
          const id = known.get(city);
          if (id !== undefined) {
            await tenant.memory.forget(tenant.writer, id);
            known.delete(city);
          } else if (!waiting.includes(city)) {
            waiting.push(city);
            if (!together) await flush();
          }
        }
        await flush();
        const left = [...known.keys()].sort((a, b) => a - b);
        const rows = await Promise.all(left.map(async (city) => await tenant.row(known.get(city) ?? "")));
        const createdAt = rows.map((row) => row?.createdAt);
        expect(rows.map((row) => [row?.content, row?.status, row?.validTo])).toEqual(
          left.map((city, i) => [textOf(city), i === left.length - 1 ? "active" : "superseded", createdAt[i + 1]]),
        );
        for (const [i, city] of left.entries())
          expect(await tenant.find("Where does Ana live?", { asOf: createdAt[i] })).toEqual([textOf(city)]);
      }),
      { numRuns: 25 },
    );
  });
});
