import type { PartitionSeq } from "@nexus/core";
import { createMemoryCache } from "@nexus/stores";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant, UNAVAILABLE } from "../../../test/support/memory-world.ts";
import { createPartitions } from "./partitions.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });

/** A cached answer about the heron, then `write`; whether the next answer was made anew. */
async function endsAnswers(tenant: Tenant, write: () => Promise<unknown>): Promise<boolean> {
  await tenant.ask("heron");
  expect((await tenant.ask("heron")).cache.tier).toBe("l1");
  await write();
  return (await tenant.ask("heron")).cache.tier === null;
}

describe("a cached answer", () => {
  it("is an event of its own: same results, other id, path cache_only, with its age and sequence", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron is grey");
    const first = await tenant.ask("heron");
    world.clock.advance(1_500);
    const second = await tenant.ask("heron");
    expect(second.cache).toEqual({ tier: "l1", semantic: false, ageMs: 1_500, seq: 1 });
    expect(second).toMatchObject({ path: "cache_only", escalations: [], results: first.results });
    expect(second.queryId).not.toBe(first.queryId);
  });

  it("ends with every kind of write of its user: add, patch, forget, bulk forget, chunk job, expiry sweep", async () => {
    const tenant = world.tenant();
    const { memory, writer, scope } = tenant;
    const id = await tenant.tell("the heron is grey");
    expect(await endsAnswers(tenant, () => tenant.tell("another heron"))).toBe(true);
    expect(await endsAnswers(tenant, () => memory.patch(writer, id, { metadata: { seen: 2 } }, {}))).toBe(true);
    expect(await endsAnswers(tenant, () => memory.forget(writer, id))).toBe(true);
    const bulk = async (): Promise<void> => {
      const job = await memory.forgetMany(writer, { filter: { all: [] } });
      await expect.poll(async () => (await memory.job(scope, job.id)).status).toBe("done");
    };
    expect(await endsAnswers(tenant, bulk)).toBe(true);
    await tenant.tell("soon gone", { expiresAt: new Date(world.clock.now() + 1_000) });
    world.clock.advance(2_000);
    expect(await endsAnswers(tenant, () => tenant.background.sweep(scope))).toBe(true);
    const long = Array.from({ length: 600 }, (_, i) => `Part ${i} goes on about plain things for a while.`.repeat(8));
    expect(await endsAnswers(tenant, () => tenant.tell(long.join("\n\n")))).toBe(true);
    const before = (await tenant.ask("heron")).cache.seq;
    await expect
      .poll(
        async () => (await tenant.jobs()).filter(({ kind, status }) => kind === "chunks" && status === "done").length,
      )
      .toBe(1);
    expect((await tenant.ask("heron")).cache.seq).toBeGreaterThan(before ?? 0);
  });

  it("stays through another user's write and through writes that change nothing", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("the heron is grey");
    expect(await endsAnswers(tenant, () => tenant.tell("a heron", { userId: "ben" }))).toBe(false);
    expect(await endsAnswers(tenant, () => tenant.tell("the heron is grey"))).toBe(false);
    expect(await endsAnswers(tenant, () => tenant.memory.patch(tenant.writer, id, { metadata: {} }, {}))).toBe(false);
  });

  it("ends when a memory in it expires, and when a validity in it begins or ends", async () => {
    const tenant = world.tenant();
    const at = (ms: number): Date => new Date(world.clock.now() + ms);
    await tenant.tell("heron one", { expiresAt: at(10_000) });
    await tenant.tell("heron two", { validFrom: at(20_000), validTo: at(30_000) });
    const tiers: (string | null)[] = [];
    const ask = async (): Promise<string[]> => {
      const { results, cache } = await tenant.ask("heron");
      tiers.push(cache.tier);
      return results.map(({ memory }) => memory.content);
    };
    expect(await ask()).toHaveLength(2);
    for (const [ms, count] of [
      [9_999, 2],
      [1, 1],
      [9_999, 1],
      [1, 1],
      [9_999, 1],
      [1, 1],
      [1, 1],
    ] as const) {
      world.clock.advance(ms);
      expect(await ask()).toHaveLength(count);
    }
    expect(tiers).toEqual([null, "l1", null, "l1", null, "l1", null, "l1"]);
    expect((await tenant.ask("heron")).results[0]?.explanation).toContain("no longer valid since");
  });

  it("lives an hour at most", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron is grey");
    await tenant.ask("heron");
    world.clock.advance(3_599_999);
    expect((await tenant.ask("heron")).cache.tier).toBe("l1");
    world.clock.advance(1);
    expect((await tenant.ask("heron")).cache.tier).toBeNull();
  });

  it("is kept for neither reads across users, nor reads of a past moment, nor more than 50 results", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron is grey");
    for (const fields of [{ userId: undefined }, { asOf: new Date(world.clock.now()) }, { k: 51 }]) {
      await tenant.ask("heron", fields);
      expect((await tenant.ask("heron", fields)).cache.tier).toBeNull();
    }
  });

  it("is another one for another scope, filter, k, mode, floor or tenant", async () => {
    const tenant = world.tenant();
    await tenant.tell("the heron is grey");
    await tenant.ask("heron");
    const others = [
      { agentId: "g" },
      { sessionId: "s" },
      { k: 9 },
      { mode: "fast" },
      { minScore: 0.1 },
      { minConfidence: 0.9 },
    ] as const;
    for (const fields of others) expect((await tenant.ask("heron", fields)).cache.tier).toBeNull();
    const filter = { field: "speaker", operator: "eq", value: null } as const;
    expect((await tenant.ask("heron", { filter })).cache.tier).toBeNull();
    const other = world.tenant();
    expect(await other.ask("heron")).toMatchObject({ results: [], cache: { tier: null } });
  });
});

describe("where a partition stands", () => {
  const cached = (tenant: Tenant, partition = "ana"): Promise<unknown> =>
    world.dependencies.cache.get(tenant.scope, [`seq:${partition}`]).then(([entry]) => entry);

  it("is published with the write and marked while the write runs, once for each of several at once", async () => {
    const tenant = world.tenant();
    await tenant.tell("first");
    expect(await cached(tenant)).toEqual({ writers: 0, seq: 1 });
    const marks: unknown[] = [];
    world.interfere.transact = async () => void marks.push(await cached(tenant));
    await Promise.all([tenant.tell("second"), tenant.tell("third")]);
    delete world.interfere.transact;
    expect(marks).toContainEqual({ writers: 2, seq: 1 });
    expect(await cached(tenant)).toEqual({ writers: 0, seq: 3 });
  });

  it("is read from the records while a write runs", async () => {
    const tenant = world.tenant();
    await tenant.tell("first");
    const partitions = createPartitions(world.dependencies.records, world.dependencies.cache);
    await world.dependencies.cache.update(tenant.scope, "seq:ana", { add: { writers: 1 }, ttlSeconds: 60 });
    await world.dependencies.records.transact(tenant.scope, ["ana"], async (tx) => {
      tx.change("ana", { op: "updated", memoryId: "x", version: 1, memories: 0 });
    });
    expect(await partitions.current(tenant.scope, "ana")).toBe(2);
  });

  it("a write that fails leaves no mark, for any of its partitions", async () => {
    const tenant = world.tenant();
    await tenant.tell("first");
    world.interfere.transact = () => {
      throw UNAVAILABLE;
    };
    const both = [newMemory("x"), newMemory("y", { userId: "ben" })];
    await expect(tenant.memory.remember(tenant.writer, both)).rejects.toBe(UNAVAILABLE);
    delete world.interfere.transact;
    expect(await cached(tenant)).toEqual({ writers: 0, seq: 1 });
    expect(await cached(tenant, "ben")).toEqual({ writers: 0 });
    expect(await endsAnswers(tenant, () => tenant.tell("a heron"))).toBe(true);
  });

  it("no reader sees the end of a mark without the new sequence", async () => {
    const seen: unknown[] = [];
    const { clock } = world.dependencies;
    const cache = createMemoryCache({ clock, maxEntries: 10, maxBytes: 100_000 });
    const watched = {
      ...cache,
      async update(...given: Parameters<typeof cache.update>) {
        const fields = await cache.update(...given);
        seen.push(fields);
        return fields;
      },
    };
    const { scope } = world.tenant();
    const write = async (seq: number): Promise<{ seqs: PartitionSeq[] }> => ({ seqs: [{ partition: "ana", seq }] });
    const partitions = createPartitions(world.dependencies.records, watched);
    await partitions.during(scope, ["ana"], () => write(1));
    await partitions.during(scope, ["ana"], () => write(2));
    expect(seen).toEqual([{ writers: 1 }, { writers: 0, seq: 1 }, { writers: 1, seq: 1 }, { writers: 0, seq: 2 }]);
  });

  it("evicted under a writer is found again, never below an acknowledged write, and trusted again", async () => {
    const tenant = world.tenant();
    const { cache } = world.dependencies;
    await tenant.tell("first");
    world.interfere.transact = async () => {
      delete world.interfere.transact;
      await cache.remove(tenant.scope, ["seq:ana"]);
    };
    await tenant.tell("second heron");
    expect(await cached(tenant)).toEqual({ writers: 0, seq: 2 });
    await cache.remove(tenant.scope, ["seq:ana"]);
    expect((await tenant.ask("heron")).cache.seq).toBe(2);
    expect(await cached(tenant)).toEqual({ seq: 2 });
    expect((await tenant.ask("heron")).cache.tier).toBe("l1");
  });

  it("40 writers and 40 readers at once: no answer misses a memory that was acknowledged before it was asked for", async () => {
    const tenant = world.tenant();
    let acknowledged = 0;
    const misses: number[] = [];
    const write = async (i: number): Promise<void> => {
      await tenant.tell(`heron number ${i}`);
      acknowledged++;
    };
    const read = async (): Promise<void> => {
      const least = acknowledged;
      const { results } = await tenant.ask("heron", { k: 50 });
      if (results.length < least) misses.push(least - results.length);
    };
    await Promise.all(Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? write(i) : read())));
    await read();
    expect(acknowledged).toBe(40);
    expect(misses).toEqual([]);
  });
});
