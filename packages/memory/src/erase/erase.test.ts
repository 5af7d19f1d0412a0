import { type Json, KEYS, type TableName } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { ended, fillUser, namesOf, wordsOf } from "../../../../test/support/erase-world.ts";
import { newMemory, openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock, dependencies, interfere } = world;
const { cache, blobs, records } = dependencies;

interface Receipt {
  readonly residue: number;
  readonly subjectHmac: string;
  readonly stores: Record<string, { readonly deleted: number; readonly remaining: number }>;
  readonly requestedAt: string;
  readonly completedAt: string;
  readonly backupsAgeOutAt: string;
}

/** What stays by intention: the counter, and the one change that says so. */
const KEPT = /^(partition|change \{.*"op":"erased")/;

async function erase(tenant: Tenant, userId: string): Promise<Receipt> {
  const { id } = await tenant.memory.eraseUser(tenant.writer, userId);
  const job = await ended(tenant, id);
  expect(job).toMatchObject({ status: "done", kind: "erase" });
  return job.result as unknown as Receipt;
}

const tablesOf = async (tenant: Tenant): Promise<Set<TableName>> =>
  new Set((await Array.fromAsync(records.export(tenant.scope))).map(({ table }) => table));

describe("erasing a user", () => {
  it("leaves nothing of the user in any table, blob or cache, and the other user as before", async () => {
    const tenant = world.tenant();
    const ana = await fillUser(tenant, "ana", world);
    const ben = await fillUser(tenant, "ben", world);
    const filled = await tablesOf(tenant);
    const personal = (Object.keys(KEYS) as TableName[]).filter((table) => !["apiKey", "receipt"].includes(table));
    expect(personal.filter((table) => !filled.has(table) && table !== "outbox" && table !== "setting")).toEqual([]);
    expect((await namesOf(tenant.scope, "ana", ana, world)).length).toBeGreaterThan(30);
    const before = await namesOf(tenant.scope, "ben", ben, world);
    const found = await tenant.find(`where is the ${wordsOf("ben")} tower?`, { userId: "ben" });
    const indexed = await tenant.indexed();

    const receipt = await erase(tenant, "ana");

    const left = await namesOf(tenant.scope, "ana", ana, world);
    expect(left.filter((line) => !KEPT.test(line))).toEqual([]);
    expect(left).toHaveLength(2);
    expect(await namesOf(tenant.scope, "ben", ben, world)).toEqual(before);
    expect(await tenant.find(`where is the ${wordsOf("ben")} tower?`, { userId: "ben" })).toEqual(found);
    expect(await tenant.find(`where is the ${wordsOf("ana")} tower?`)).toEqual([]);
    expect(await tenant.indexed()).toBe(indexed - receipt.stores["memory"]!.deleted);
    expect(await tenant.owed()).toEqual([]);
    expect(receipt).toMatchObject({ residue: 0, subjectHmac: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(Object.values(receipt.stores).filter(({ remaining }) => remaining > 0)).toEqual([]);
    const deleted = Object.entries(receipt.stores).flatMap(([name, one]) => (one.deleted > 0 ? [name] : []));
    expect(deleted.sort()).toEqual(
      ["cache", "change", "chunk", "entity", "feedback", "idempotency", "job", "memory", "pattern", "profile"]
        .concat(["reference", "relation", "vector", "vectors", "version"])
        .sort(),
    );
    expect(Date.parse(receipt.backupsAgeOutAt) - Date.parse(receipt.completedAt)).toBe(30 * 86_400_000);
  });

  it("keeps the receipt, and a tombstone that names nobody", async () => {
    const tenant = world.tenant();
    await tenant.tell("I keep bees");
    const receipt = await erase(tenant, "ana");
    const rows = await tenant.reader.range({ table: "receipt", prefix: [], limit: 10 });
    expect(rows).toMatchObject([{ subjectHmac: receipt.subjectHmac, residue: 0 }]);
    const keys = (await Array.fromAsync(blobs.list(tenant.scope, "ledger/"))).map(({ key }) => key);
    expect(keys).toEqual([`ledger/${receipt.subjectHmac}.json`]);
    const tombstone = JSON.parse(new TextDecoder().decode(await blobs.get(tenant.scope, keys[0]!))) as object;
    expect(tombstone).toEqual({ reached: 1, jobId: rows[0]!.jobId, requestedAt: receipt.requestedAt });
  });

  it("clears what the process keeps beside the cache: cached answers, kept questions, wordings", async () => {
    const tenant = world.tenant();
    await tenant.tell("The boat is called Esmeralda");
    const { queryId } = await tenant.ask("what is the boat called?");
    expect((await tenant.ask("what is the boat called?")).cache.tier).toBe("l1");
    await erase(tenant, "ana");
    expect(await cache.clear(tenant.scope)).toBeLessThanOrEqual(1);
    const rating = tenant.memory.rate(tenant.writer, { queryId, rating: 1 });
    await expect(rating).rejects.toMatchObject({ code: "query.not_found" });
    const after = await tenant.ask("what is the boat called?");
    expect(after.results).toEqual([]);
    expect(after.cache).toMatchObject({ tier: null, semantic: false });
  });

  it("a second time finds nothing, and adds nothing but its receipt", async () => {
    const tenant = world.tenant();
    await tenant.tell("I keep bees");
    await erase(tenant, "ana");
    const seq = (await tenant.reader.get("partition", [["ana"]]))[0]?.seq;
    const again = await erase(tenant, "ana");
    const { cache: _cache, ...stores } = again.stores;
    expect(Object.values(stores).every(({ deleted }) => deleted === 0)).toBe(true);
    expect((await tenant.reader.get("partition", [["ana"]]))[0]?.seq).toBe(seq);
    expect(await tenant.reader.range({ table: "change", prefix: ["ana"], limit: 10 })).toHaveLength(1);
  });

  it("of one who never wrote makes a receipt and no partition", async () => {
    const tenant = world.tenant();
    expect((await erase(tenant, "nobody")).residue).toBe(0);
    expect(await tenant.reader.get("partition", [["nobody"]])).toEqual([undefined]);
    expect(await namesOf(tenant.scope, "nobody", [], world)).toEqual([]);
  });

  it.each(["_", ""])("refuses %j, which names no user", async (userId) => {
    const tenant = world.tenant();
    const asked = tenant.memory.eraseUser(tenant.writer, userId);
    await expect(asked).rejects.toMatchObject({ code: "body.invalid" });
  });

  it("leaves memories of no user alone", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("The office closes at six", { userId: undefined });
    await tenant.tell("I keep bees");
    await erase(tenant, "ana");
    expect(await tenant.row(id)).toBeDefined();
  });

  it("under one idempotency key is one job, whose row does not name the user; for another user the key is refused", async () => {
    const tenant = world.tenant();
    await tenant.tell("I keep bees");
    const writer = tenant.under("k");
    const job = await tenant.memory.eraseUser(writer, "ana");
    await ended(tenant, job.id);
    expect((await tenant.memory.eraseUser(writer, "ana")).id).toBe(job.id);
    await expect(tenant.memory.eraseUser(writer, "ben")).rejects.toMatchObject({ code: "idempotency.mismatch" });
    expect((await namesOf(tenant.scope, "ana", [], world)).filter((line) => !KEPT.test(line))).toEqual([]);
  });

  it("sequences go on, so that a token of before still holds and the next write is seen", async () => {
    const tenant = world.tenant();
    await tenant.tell("I keep bees");
    const { seqs } = await tenant.memory.remember(tenant.writer, [newMemory("The hive is by the river")]);
    const consistency = tenant.memory.token(tenant.scope, seqs) ?? "";
    await erase(tenant, "ana");
    expect(await tenant.find("where is the hive?", { consistency })).toEqual([]);
    await tenant.tell("The new hive is on the roof");
    expect(await tenant.find("where is the hive?", { consistency })).toEqual(["The new hive is on the roof"]);
  });
});

describe("what comes while a user is being erased", () => {
  it("is new and stays, entities made anew from it alone; what was accepted for later before the request goes", async () => {
    const tenant = world.tenant();
    const { memory, writer } = tenant;
    await tenant.tell("I work with MARIA GONZALEZ in Lisbon");
    let isAway = true;
    interfere.vectors = () => {
      if (isAway) throw UNAVAILABLE;
    };
    const both = [newMemory("A later word about zqlate"), newMemory("Ben is fine", { userId: "ben" })];
    const accepted = await memory.rememberLater(writer, both);
    const { id } = await memory.eraseUser(writer, "ana");
    clock.advance(5);
    const fresh = await tenant.tell("Maria Gonzalez called today");
    for (let i = 0; i < 4; i++) {
      await tenant.background.sweep(tenant.scope);
      clock.advance(100_000);
      isAway = i < 1;
    }
    await ended(tenant, id);
    expect((await memory.job(tenant.scope, id)).status).toBe("done");
    const rows = (await Array.fromAsync(records.export(tenant.scope))).flatMap(({ table, row }) =>
      table === "memory" ? [(row as { content: string }).content] : [],
    );
    expect(rows.sort()).toEqual(["Ben is fine", "Maria Gonzalez called today"]);
    const named = (await tenant.row(fresh))?.entities ?? [];
    expect(named.length).toBeGreaterThan(0);
    const entities = await tenant.reader.range({ table: "entity", prefix: ["ana"], limit: 100 });
    expect(entities.map(({ name, frequency }) => `${name} ${frequency}`).sort()).toEqual(
      named.map(({ name }) => `${name} 1`).sort(),
    );
    expect(JSON.stringify(await Array.fromAsync(records.export(tenant.scope)))).not.toContain("zqlate");
    await expect(memory.job(tenant.scope, accepted.id)).rejects.toMatchObject({ code: "job.not_found" });
    expect(await tenant.find("who called today?")).toEqual(["Maria Gonzalez called today"]);
  });

  it("a write that waits is carried out without the user's part, or not at all", async () => {
    const tenant = world.tenant();
    const at = new Date(clock.now() + 3_600_000);
    const jobs = await Promise.all(
      [["ana"], ["ana", "ben"]].map(async (users, i) => {
        const inputs = users.map((userId) => newMemory(`waiting words of ${userId} ${i}`, { userId }));
        const id = `00000000-0000-4000-8000-00000000000${i}`;
        await blobs.put(tenant.scope, `jobs/${id}.json`, new TextEncoder().encode(JSON.stringify(inputs)));
        await records.transact(tenant.scope, [], async (tx) =>
          tx.put("job", {
            id,
            kind: "remember",
            status: "queued",
            attemptCount: 0,
            runAt: at,
            progress: { done: 0, total: users.length },
            payload: { keyId: "k" },
            createdAt: new Date(clock.now()),
          }),
        );
        return id;
      }),
    );
    const receipt = await erase(tenant, "ana");
    expect(receipt.stores["blobs"]).toEqual({ deleted: 2, remaining: 0 });
    await expect(tenant.memory.job(tenant.scope, jobs[0]!)).rejects.toMatchObject({ code: "job.not_found" });
    clock.advance(3_600_001);
    await tenant.background.sweep(tenant.scope);
    const done = await tenant.memory.job(tenant.scope, jobs[1]!);
    expect(done.status).toBe("done");
    expect((done.result as { results: Json[] }).results).toHaveLength(1);
    const { items } = await tenant.memory.list(tenant.scope, {
      filter: { all: [] },
      includeSuperseded: true,
      limit: 10,
    });
    expect(items.map(({ content }) => content)).toEqual(["waiting words of ben 1"]);
  });
});
