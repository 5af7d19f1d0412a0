/** Erasing what came from elsewhere, and while jobs that look at the user are under way. */

import { describe, expect, it } from "vitest";
import { ended } from "../../../../test/support/erase-world.ts";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { storePatterns } from "../engines/pattern-rows.ts";
import { storeTrends } from "../engines/trend-rows.ts";
import { dueIn } from "./erasure.ts";
import type { ImportItem } from "../transfer/transfer-service.ts";

const world = await openWorld();
const { clock, dependencies } = world;
const { records } = dependencies;

async function erase(tenant: Tenant, userId = "ana"): Promise<void> {
  const { id } = await tenant.memory.eraseUser(tenant.writer, userId);
  expect(await ended(tenant, id)).toMatchObject({ status: "done" });
}

async function move(from: Tenant, to: Tenant): Promise<string[]> {
  const items: ImportItem[] = [];
  for await (const item of from.memory.exportItems(from.scope, {})) {
    if (item.kind === "memory") items.push({ kind: "memory", memory: { ...item.row, arrival: item.row.addedSeq } });
  }
  const results = await to.memory.importItems(to.writer, items);
  expect(results.every(({ event }) => event === "imported")).toBe(true);
  return items.flatMap((item) => (item.kind === "memory" ? [item.memory.id] : []));
}

const patterns = (tenant: Tenant) => tenant.reader.range({ table: "pattern", prefix: ["ana"], limit: 100 });

/** Tells of one topic often enough, over some days, that it is a trend and a habit. */
async function fill(tenant: Tenant): Promise<void> {
  for (let i = 0; i < 12; i++) {
    clock.advance(3_600_000);
    await tenant.tell(`I love kayaking with Jaroslav Novak, trip ${i} went along the Vltava`, { sessionId: `s${i}` });
  }
}

describe("erasing a user", () => {
  it("whose memories were imported from a longer history removes them too", async () => {
    const [from, to] = [world.tenant(), world.tenant()];
    for (let i = 0; i < 30; i++) await from.memory.forget(from.writer, await from.tell(`note ${i} about nothing`));
    await from.tell("The heron nests by the old mill every spring");
    const ids = await move(from, to);
    await erase(to);
    expect(await Promise.all(ids.map((id) => to.row(id)))).toEqual(ids.map(() => undefined));
    expect(await to.find("heron")).toEqual([]);
    expect(await to.indexed()).toBe(0);
  });

  it.each([
    [
      "trends",
      (tenant: Tenant, slow: typeof records) => storeTrends(tenant.scope, "ana", { records: slow, now: clock.now() }),
    ],
    [
      "patterns",
      (tenant: Tenant, slow: typeof records) =>
        storePatterns(tenant.scope, "ana", clock.now(), { ...dependencies, records: slow }),
    ],
  ])("while %s are being looked for leaves none of them", async (_what, store) => {
    const tenant = world.tenant();
    await fill(tenant);
    // The job has read the memories, and writes what it found once the user is gone.
    let erased = false;
    const slow: typeof records = {
      ...records,
      async transact(scope, partitions, work) {
        if (!erased) {
          erased = true;
          await erase(tenant);
        }
        return await records.transact(scope, partitions, work);
      },
    };
    expect(await store(tenant, records)).toBeGreaterThan(0);
    await store(tenant, records);
    expect((await patterns(tenant)).some(({ frequency }) => frequency > 0)).toBe(true);
    await store(tenant, slow);
    expect(erased).toBe(true);
    const told = (await patterns(tenant)).filter(({ frequency }) => frequency > 0);
    expect(told.map(({ description }) => description)).toEqual([]);
  });
});

describe("what an erasure covers", () => {
  it("is told by when a memory came here, not by its place in another history", async () => {
    const [from, to] = [world.tenant(), world.tenant()];
    await from.tell("The heron nests by the old mill every spring");
    const here = await to.tell("The mill was sold");
    for (let i = 0; i < 5; i++) await to.memory.forget(to.writer, await to.tell(`note ${i} about nothing`));
    const reached = (await to.reader.get("partition", [["ana"]]))[0]?.seq ?? 0;
    const [moved = ""] = await move(from, to);
    expect((await to.row(moved))?.addedSeq).toBeLessThan(reached);
    const isDue = await dueIn(to.reader, { userId: "ana", reached });
    const rows = await Promise.all([here, moved].map((id) => to.row(id)));
    expect(rows.map((row) => row && isDue(row))).toEqual([true, false]);
  });
});

describe("forgetting", () => {
  it("the last memory of a topic leaves no row that tells of it", async () => {
    const tenant = world.tenant();
    await fill(tenant);
    await storeTrends(tenant.scope, "ana", { records, now: clock.now() });
    await storePatterns(tenant.scope, "ana", clock.now(), dependencies);
    expect(JSON.stringify(await patterns(tenant)).toLowerCase()).toContain("kayaking");
    const { items } = await tenant.memory.list(tenant.scope, {
      filter: { all: [] },
      userId: "ana",
      includeSuperseded: true,
      limit: 100,
    });
    for (const { id } of items) await tenant.memory.forget(tenant.writer, id);
    expect(await tenant.memory.trends(tenant.scope, { userId: "ana", window: "week", limit: 10 })).toEqual([]);
    expect(await tenant.memory.patterns(tenant.scope, { userId: "ana", limit: 10 })).toEqual([]);
    for (let i = 0; i < 2; i++) {
      clock.advance(25 * 3_600_000);
      await tenant.background.sweep(tenant.scope);
    }
    expect(JSON.stringify(await patterns(tenant)).toLowerCase()).not.toContain("kayaking");
  });
});
