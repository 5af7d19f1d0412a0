/** Ratings of memories that are merged, forgotten or imported, and what stays of them. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { ImportItem } from "../transfer/transfer-service.ts";

const world = await openWorld();
const { clock, dependencies } = world;

const HERON = "The heron nests by the old mill every spring";
const profileOf = async (tenant: Tenant) => (await tenant.reader.get("profile", [["ana"]]))[0];
const weightsOf = async (tenant: Tenant) =>
  ((await profileOf(tenant))?.preferences["weights"] ?? {}) as Record<string, number>;

/** An answer that holds one memory of two people. */
async function answered() {
  const tenant = world.tenant();
  const id = await tenant.tell("Jaroslav Novak repaired the mill", { speaker: "Ana", metadata: { topic: "mills" } });
  clock.advance(1_000);
  const { queryId } = await tenant.ask("mill");
  return { tenant, id, queryId };
}

describe("a rating of a memory", () => {
  it("leaves no name of it in the profile when the memory is forgotten", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 });
    expect(Object.keys(await weightsOf(tenant)).join()).toContain("novak");
    await tenant.memory.forget(tenant.writer, id);
    expect(Object.keys(await weightsOf(tenant)).join()).not.toContain("novak");
  });

  it("of one that was forgotten is memory.not_found, and keeps nothing", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.memory.forget(tenant.writer, id);
    await expect(tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 })).rejects.toMatchObject({
      code: "memory.not_found",
    });
    expect(await tenant.reader.range({ table: "feedback", prefix: [], limit: 10 })).toEqual([]);
    expect(await profileOf(tenant)).toBeUndefined();
  });

  it("of one that has expired is memory.not_found", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(HERON, { expiresAt: new Date(clock.now() + 60_000) });
    const { queryId } = await tenant.ask("heron");
    clock.advance(120_000);
    await expect(tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 })).rejects.toMatchObject({
      code: "memory.not_found",
    });
  });

  it("of one that was merged since is kept by it, and an undo shows it", async () => {
    const tenant = world.tenant();
    const first = await tenant.tell(HERON);
    const { queryId } = await tenant.ask("heron");
    const second = await tenant.tell(`${HERON}!`);
    const before = (await tenant.row(first))?.quality ?? 0;
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: first, rating: 1 });
    await tenant.memory.undoMerges(tenant.writer, second);
    expect(await tenant.row(first)).toMatchObject({ status: "active" });
    expect((await tenant.row(first))?.quality).toBeGreaterThan(before);
  });

  it("of another tenant is not to be found", async () => {
    const { id, queryId } = await answered();
    const other = world.tenant();
    await expect(other.memory.rate(other.writer, { queryId, memoryId: id, rating: 1 })).rejects.toMatchObject({
      code: "query.not_found",
    });
  });

  it("given again and again, in any order, leaves what the last one alone leaves", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        async (ratings) => {
          const [one, many] = [await answered(), await answered()];
          await one.tenant.memory.rate(one.tenant.writer, {
            queryId: one.queryId,
            memoryId: one.id,
            rating: ratings.at(-1) ?? 0,
          });
          for (const rating of ratings)
            await many.tenant.memory.rate(many.tenant.writer, { queryId: many.queryId, memoryId: many.id, rating });
          expect((await many.tenant.row(many.id))?.quality).toBeCloseTo(
            (await one.tenant.row(one.id))?.quality ?? -1,
            9,
          );
          expect(await many.tenant.reader.range({ table: "feedback", prefix: [], limit: 10 })).toHaveLength(1);
          const [a, b] = [await weightsOf(one.tenant), await weightsOf(many.tenant)];
          for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
            expect(b[name] ?? 0).toBeCloseTo(a[name] ?? 0, 9);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("and a text changed after it leave a quality within bounds", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: -1 });
    await tenant.memory.patch(tenant.writer, id, { content: "ok" }, {});
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 0 });
    const quality = (await tenant.row(id))?.quality ?? -1;
    expect(quality).toBeGreaterThanOrEqual(0);
    expect(quality).toBeLessThanOrEqual(1);
  });
});

describe("a reset of a profile", () => {
  it("ends cached answers although the rated memory was forgotten", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.tell("Jaroslav Novak plays chess", { speaker: "Ana" });
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 });
    await tenant.memory.forget(tenant.writer, id);
    await tenant.ask("Novak");
    expect((await tenant.ask("Novak")).cache.tier).toBe("l1");
    const liked = Object.keys(await weightsOf(tenant)).length > 0;
    await tenant.memory.resetProfile(tenant.writer, "ana");
    const after = await tenant.ask("Novak");
    if (liked) expect(after.cache.tier).toBeNull();
    expect(after.results[0]?.factors.preference).toBeCloseTo(0.5, 6);
  });

  it("ends cached answers although its user mostly rated whole answers", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 });
    await dependencies.records.transact(tenant.scope, [], async (tx) => {
      for (let i = 0; i < 1_000; i++) {
        const row = { id: `00000000-${i}`, partition: "ana", queryId: "q", rating: 1, features: {} };
        tx.put("feedback", { ...row, createdAt: new Date(clock.now()) });
      }
    });
    await tenant.ask("Novak");
    expect((await tenant.ask("Novak")).cache.tier).toBe("l1");
    await tenant.memory.resetProfile(tenant.writer, "ana");
    const after = await tenant.ask("Novak");
    expect(after.cache.tier).toBeNull();
    expect(after.results[0]?.factors.preference).toBeCloseTo(0.5, 6);
  });

  it("holds for an import of ratings from before it", async () => {
    const { tenant, id, queryId } = await answered();
    await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating: 1 });
    const items: ImportItem[] = [];
    for await (const item of tenant.memory.exportItems(tenant.scope, {}))
      if (item.kind === "feedback") items.push(item);
    clock.advance(1_000);
    await tenant.memory.resetProfile(tenant.writer, "ana");
    const results = await tenant.memory.importItems(tenant.writer, items);
    expect(results).toEqual([{ event: "unchanged" }]);
    expect(await weightsOf(tenant)).toEqual({});
  });
});

describe("imported ratings", () => {
  it.each<[string, object]>([
    ["factors that are texts", { factors: { semantic: "x", keyword: {} }, mean: { semantic: [] } }],
    ["factors beyond any bound", { factors: { semantic: 1e308 }, mean: { semantic: -1e308 } }],
    ["features that are no list", { features: { a: 1 } }],
    ["odd names", { features: ["__proto__", "constructor", "\u0000", "\uD800", "x".repeat(100_000)] }],
    ["a question that is none", { question: { model: "hashing", data: "%%%" } }],
    ["a question of another size", { question: { model: "hashing", data: "AAAA" } }],
  ])("with %s leave weights, preferences and answers sound", async (_what, features) => {
    const tenant = world.tenant();
    const memoryId = await tenant.tell(HERON);
    const rows = Array.from({ length: 60 }, (_, i): ImportItem => {
      const id = `0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f${(0x4000 + i).toString(16)}`;
      const rating = i % 3 === 0 ? -1 : 1;
      const row = { id, partition: "ana", queryId: "q", memoryId, rating, createdAt: new Date(clock.now() - i) };
      return { kind: "feedback", row: { ...row, features: features as never } };
    });
    const results = await tenant.memory.importItems(tenant.writer, rows);
    expect(results.every(({ event }) => event !== "unchanged")).toBe(true);
    await dependencies.records.transact(tenant.scope, [], async (tx) =>
      tx.put("job", {
        id: "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        kind: "learn",
        status: "queued",
        attemptCount: 0,
        runAt: new Date(clock.now()),
        progress: { done: 0, total: 0 },
        payload: {},
        createdAt: new Date(clock.now()),
      }),
    );
    await tenant.background.sweep(tenant.scope);
    const { results: found, weights } = await tenant.ask("heron", { explain: true });
    expect(found).toHaveLength(1);
    expect(Number.isFinite(found[0]?.score)).toBe(true);
    expect(Object.values(weights ?? {}).every((weight) => Number.isFinite(weight) && weight >= 0)).toBe(true);
    const learnt = (await tenant.jobs()).find(({ kind }) => kind === "learn");
    expect(learnt?.status).toBe("done");
  });
});
