import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";
import type { NewMemory, RememberEvent } from "../requests.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { clock } = world;
const HOUR_MS = 3_600_000;
const ID = "0190a8c0-0000-4000-8000-0000000000aa";

async function events(tenant: Tenant, memories: readonly NewMemory[]): Promise<RememberEvent[]> {
  const { results } = await tenant.memory.remember(tenant.writer, memories);
  return results.map(({ event }) => event);
}
const all = async (tenant: Tenant) =>
  (await tenant.memory.list(tenant.scope, { filter: { all: [] }, includeSuperseded: true, limit: 200 })).items;
const partition = async (tenant: Tenant, name = "ana") => (await tenant.reader.get("partition", [[name]]))[0];

describe("a memory", () => {
  it("is kept verbatim with its scope, times and metadata, and counted in its partition", async () => {
    const tenant = world.tenant();
    const at = (hours: number): Date => new Date(clock.now() + hours * HOUR_MS);
    const given = newMemory("  Été \u0000 😀 — the key's under the pot.\n", {
      agentId: "g",
      sessionId: "s",
      speaker: "Ana",
      externalId: "note-1",
      createdAt: at(-3),
      validFrom: at(-2),
      validTo: at(5),
      expiresAt: at(9),
      metadata: { __proto__x: [1, { a: null }] },
    });
    const id = await tenant.tell(given.content, given);
    const now = new Date(clock.now());
    expect(await tenant.memory.get(tenant.scope, id)).toMatchObject({
      ...given,
      version: 1,
      seq: 1,
      addedSeq: 1,
      status: "active",
      recordedAt: now,
      updatedAt: now,
      changedBy: "key-1",
      chunkCount: 1,
      pendingCount: 0,
    });
    expect(await partition(tenant)).toMatchObject({ seq: 1, memoryCount: 1 });
  });

  it("without a user lives in the shared partition", async () => {
    const tenant = world.tenant();
    await tenant.tell("for everyone", { userId: undefined });
    expect(await partition(tenant, "_")).toMatchObject({ seq: 1, memoryCount: 1 });
  });
});

describe("the same words", () => {
  const first = (fields: Partial<NewMemory> = {}): NewMemory =>
    newMemory("I moved to Porto", {
      agentId: "g",
      sessionId: "s",
      speaker: "Ana",
      metadata: { a: 1, b: { c: 2 } },
      ...fields,
    });

  it.each<[string, () => Partial<NewMemory>, RememberEvent]>([
    ["again", () => ({}), "unchanged"],
    ["with the metadata's keys in another order", () => ({ metadata: { b: { c: 2 }, a: 1 } }), "unchanged"],
    ["24 h earlier", () => ({ createdAt: new Date(clock.now() - 24 * HOUR_MS) }), "unchanged"],
    ["24 h and 1 ms earlier", () => ({ createdAt: new Date(clock.now() - 24 * HOUR_MS - 1) }), "merged"],
    ["a week and 1 ms earlier", () => ({ createdAt: new Date(clock.now() - 168 * HOUR_MS - 1) }), "added"],
    ["of another user", () => ({ userId: "ben" }), "added"],
    ["of no user", () => ({ userId: undefined }), "added"],
    ["of another agent", () => ({ agentId: "h" }), "added"],
    ["of another session", () => ({ sessionId: "t" }), "added"],
    ["of another speaker", () => ({ speaker: "Ben" }), "added"],
    ["with other metadata", () => ({ metadata: { a: 2, b: { c: 2 } } }), "added"],
    ["in other letters", () => ({ content: "I moved to porto" }), "merged"],
    ["with an end of validity", () => ({ validTo: new Date(clock.now() + HOUR_MS) }), "added"],
    ["with an expiry", () => ({ expiresAt: new Date(clock.now() + HOUR_MS) }), "added"],
    ["under a name of the caller's", () => ({ externalId: "named" }), "added"],
  ])("%s: the second is as expected", async (_name, fields, expected) => {
    const tenant = world.tenant();
    expect(await events(tenant, [first()])).toEqual(["added"]);
    expect(await events(tenant, [first(fields())])).toEqual([expected]);
    expect(await all(tenant)).toHaveLength(expected === "unchanged" ? 1 : 2);
  });

  it("composed differently are the same: é as one sign or as two", async () => {
    const tenant = world.tenant();
    expect(await events(tenant, [newMemory("caf\u00e9")])).toEqual(["added"]);
    expect(await events(tenant, [newMemory("cafe\u0301")])).toEqual(["unchanged"]);
  });

  it("are new once the first have expired, or were changed or forgotten", async () => {
    const tenant = world.tenant();
    const soon = { expiresAt: new Date(clock.now() + 1_000) };
    expect(await events(tenant, [first(soon)])).toEqual(["added"]);
    clock.advance(1_000);
    expect(await events(tenant, [first(soon)])).toEqual(["added"]);
    const id = await tenant.tell("tea at five");
    await tenant.memory.patch(tenant.writer, id, { content: "tea at six" }, {});
    expect(await events(tenant, [newMemory("tea at five"), newMemory("tea at six")])).toEqual(["added", "unchanged"]);
    await tenant.memory.forget(tenant.writer, id);
    expect(await events(tenant, [newMemory("tea at six")])).toEqual(["added"]);
  });

  it("an unchanged memory takes no sequence and owes nothing", async () => {
    const tenant = world.tenant();
    await tenant.tell("I moved to Porto");
    const again = await tenant.memory.remember(tenant.writer, [newMemory("I moved to Porto")]);
    expect(again).toMatchObject({ seqs: [], projected: true });
    expect(await partition(tenant)).toMatchObject({ seq: 1, memoryCount: 1 });
    expect(await tenant.owed()).toEqual([]);
  });

  it("in any batch: one memory for each different text, the first of them added", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 }),
        async (texts) => {
          const tenant = world.tenant();
          const found = await events(
            tenant,
            texts.map((text) => newMemory(text)),
          );
          expect(found).toEqual(texts.map((text, i) => (texts.indexOf(text) === i ? "added" : "unchanged")));
          expect(await all(tenant)).toHaveLength(new Set(texts).size);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("a name of the caller's", () => {
  it.each(["id", "externalId"] as const)(
    "(%s) with the same content and metadata is unchanged, else memory.exists",
    async (name) => {
      const tenant = world.tenant();
      const named = { [name]: ID };
      expect(await events(tenant, [newMemory("first", named)])).toEqual(["added"]);
      expect(await events(tenant, [newMemory("first", named)])).toEqual(["unchanged"]);
      for (const other of [
        newMemory("second", named),
        newMemory("first", { ...named, metadata: { x: 1 } }),
        newMemory("first", { ...named, userId: "ben" }),
      ])
        await expect(events(tenant, [other])).rejects.toMatchObject({ code: "memory.exists" });
      expect(await all(tenant)).toHaveLength(1);
    },
  );

  it("of two memories at once is memory.exists", async () => {
    const tenant = world.tenant();
    await events(tenant, [newMemory("first", { id: ID }), newMemory("second", { externalId: "x" })]);
    await expect(events(tenant, [newMemory("first", { id: ID, externalId: "x" })])).rejects.toMatchObject({
      code: "memory.exists",
    });
  });

  it("twice in a batch is taken by the first", async () => {
    const tenant = world.tenant();
    const twice = [newMemory("first", { externalId: "x" }), newMemory("first", { externalId: "x" })];
    expect(await events(tenant, twice)).toEqual(["added", "unchanged"]);
    const other = [newMemory("one", { externalId: "y" }), newMemory("two", { externalId: "y" })];
    await expect(events(tenant, other)).rejects.toMatchObject({ code: "memory.exists" });
    expect(await all(tenant)).toHaveLength(1);
  });

  it.each([
    ["id", "ana"],
    ["externalId", "ana"],
    ["id", "ben"],
    ["externalId", "ben"],
  ] as const)(
    "(%s) is free again when its memory has expired, here of user %s, and nothing of that is left",
    async (name, userId) => {
      const tenant = world.tenant();
      const named = { [name]: ID };
      const expired = await tenant.tell("heron of old", { ...named, userId, expiresAt: new Date(clock.now() + 1_000) });
      clock.advance(1_000);
      const { results, projected, seqs } = await tenant.memory.remember(tenant.writer, [
        newMemory("heron anew", named),
      ]);
      expect(results[0]?.event).toBe("added");
      expect(projected).toBe(true);
      expect(seqs.map((at) => at.partition)).toEqual(["ana"]);
      expect((await all(tenant)).map(({ content }) => content)).toEqual(["heron anew"]);
      expect(await tenant.find("heron", { userId: undefined })).toEqual(["heron anew"]);
      expect(await tenant.indexed()).toBe(1);
      expect(await tenant.owed()).toEqual([]);
      expect(await partition(tenant)).toMatchObject({ memoryCount: 1 });
      if (userId === "ben") expect(await partition(tenant, "ben")).toMatchObject({ memoryCount: 0, seq: 2 });
      if (name === "externalId") expect(await tenant.row(expired)).toBeUndefined();
    },
  );

  it("of an expired memory is free in a large batch too, and the rest of the batch goes on", async () => {
    const tenant = world.tenant();
    await tenant.tell("old", { externalId: "n-120", userId: "ben", expiresAt: new Date(clock.now() + 1_000) });
    await tenant.tell("taken", { externalId: "n-7" });
    clock.advance(1_000);
    const batch = Array.from({ length: 150 }, (_, i) => newMemory(`entry ${i}`, { externalId: `n-${i}` }));
    const { results } = await tenant.memory.remember(tenant.writer, batch);
    expect(results.map(({ event }) => event)).toEqual(batch.map((_, i) => (i === 7 ? "failed" : "added")));
    expect(results[7]?.error?.code).toBe("memory.exists");
    expect(await partition(tenant, "ben")).toMatchObject({ memoryCount: 0 });
  });
});

describe("a batch", () => {
  it("of 250 whose second hundred the store refuses reports those as failed, and a retry under its key does the rest", async () => {
    const tenant = world.tenant();
    const batch = Array.from({ length: 250 }, (_, i) => newMemory(`part ${i}`));
    let commits = 0;
    world.interfere.transact = () => {
      // Commits of memories alternate with removals from the outbox, which may come later.
      if (++commits === 2 || commits === 3) throw UNAVAILABLE;
    };
    const { results } = await tenant.memory.remember(tenant.under("large"), batch);
    const failed = results.filter(({ event }) => event === "failed");
    expect(failed.map(({ error }) => error?.code)).toEqual(failed.map(() => "store.unavailable"));
    expect(results.slice(0, 100).every(({ event }) => event === "added")).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    delete world.interfere.transact;
    const again = await tenant.memory.remember(tenant.under("large"), batch);
    expect(again.results.map(({ event }) => event)).toEqual(batch.map(() => "added"));
    expect(await partition(tenant)).toMatchObject({ memoryCount: 250 });
  });

  it("naming 17 users is refused, 16 are kept, each with its sequence", async () => {
    const tenant = world.tenant();
    const batch = (users: number): NewMemory[] =>
      Array.from({ length: 34 }, (_, i) =>
        newMemory(`note ${i}`, { userId: `user-${String(i % users).padStart(2, "0")}` }),
      );
    await expect(events(tenant, batch(17))).rejects.toMatchObject({
      code: "body.invalid",
      problems: [{ path: "memories" }],
    });
    expect(await all(tenant)).toEqual([]);
    const { seqs } = await tenant.memory.remember(tenant.writer, batch(16));
    expect(seqs).toHaveLength(16);
    expect(seqs.map(({ seq }) => seq)).toEqual(Array.from({ length: 16 }, (_, i) => (i < 2 ? 3 : 2)));
  });

  it("counts memories without a user as one more", async () => {
    const tenant = world.tenant();
    const named = Array.from({ length: 16 }, (_, i) => newMemory(`note ${i}`, { userId: `u${i}` }));
    await expect(events(tenant, [...named, newMemory("x", { userId: undefined })])).rejects.toMatchObject({
      code: "body.invalid",
    });
  });

  it("of 250 commits in three transactions, its sequences those of the last", async () => {
    const tenant = world.tenant();
    const batch = Array.from({ length: 250 }, (_, i) => newMemory(`entry ${i}`));
    expect((await tenant.memory.remember(tenant.writer, batch)).seqs).toEqual([{ partition: "ana", seq: 250 }]);
    expect((await all(tenant)).length).toBe(200);
  });
});

describe("a write under an idempotency key", () => {
  const send = (tenant: Tenant, content: string, key: string, body = content) =>
    tenant.memory.remember(tenant.under(key, body), [newMemory(content)]);

  it("sent again gets the first answer, its sequences included, and writes nothing", async () => {
    const tenant = world.tenant();
    const first = await send(tenant, "heron", "k");
    await tenant.tell("in between");
    expect(await send(tenant, "heron", "k")).toEqual(first);
    expect(first.seqs).toEqual([{ partition: "ana", seq: 1 }]);
    expect(await partition(tenant)).toMatchObject({ seq: 2, memoryCount: 2 });
  });

  it("with another body is idempotency.mismatch, of another key id or route a write of its own", async () => {
    const tenant = world.tenant();
    await send(tenant, "heron", "k");
    await expect(send(tenant, "kettle", "k")).rejects.toMatchObject({ code: "idempotency.mismatch" });
    const other = { ...tenant.under("k", "other"), keyId: "key-2" };
    expect((await tenant.memory.remember(other, [newMemory("kettle")])).results[0]?.event).toBe("added");
    const route = { ...tenant.writer, idempotency: { route: "PUT /y", key: "k", bodyHash: "other" } };
    expect((await tenant.memory.remember(route, [newMemory("pot")])).results[0]?.event).toBe("added");
  });

  it("happens anew 24 h later, not 1 ms before", async () => {
    const tenant = world.tenant();
    const first = await send(tenant, "heron", "k");
    await tenant.memory.forget(tenant.writer, first.results[0]?.id ?? "");
    clock.advance(24 * HOUR_MS - 1);
    expect(await send(tenant, "heron", "k")).toEqual(first);
    expect(await all(tenant)).toEqual([]);
    clock.advance(1);
    expect((await send(tenant, "heron", "k")).results[0]?.id).not.toBe(first.results[0]?.id);
    await expect(send(tenant, "kettle", "k")).rejects.toMatchObject({ code: "idempotency.mismatch" });
  });

  it("that was refused leaves the key unused", async () => {
    const tenant = world.tenant();
    await tenant.tell("first", { externalId: "x" });
    const refused = tenant.memory.remember(tenant.under("k"), [newMemory("second", { externalId: "x" })]);
    await expect(refused).rejects.toMatchObject({ code: "memory.exists" });
    expect((await send(tenant, "third", "k", "another")).results[0]?.event).toBe("added");
  });

  it("of 250 memories goes on where it stopped", async () => {
    const tenant = world.tenant();
    const batch = Array.from({ length: 250 }, (_, i) => newMemory(`entry ${i}`));
    let transactions = 0;
    world.interfere.vectors = ({ method }) => {
      if (method === "upsert" && ++transactions === 2)
        world.interfere.transact = () => {
          throw new Error("the process dies");
        };
    };
    await expect(tenant.memory.remember(tenant.under("k"), batch)).rejects.toThrow();
    delete world.interfere.transact;
    delete world.interfere.vectors;
    expect(await partition(tenant)).toMatchObject({ memoryCount: 200 });
    const { results } = await tenant.memory.remember(tenant.under("k"), batch);
    expect(results.every(({ event }) => event === "added")).toBe(true);
    expect(await partition(tenant)).toMatchObject({ memoryCount: 250 });
  });
});

describe("forgetting", () => {
  it("takes the row, its history, chunks and vectors, and leaves a change without text", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("a secret about herons");
    await tenant.memory.patch(tenant.writer, id, { content: "a secret about storks" }, {});
    await tenant.memory.forget(tenant.writer, id);
    const rows: unknown[] = [];
    for await (const { table, row } of world.dependencies.records.export(tenant.scope)) rows.push({ table, row });
    expect(JSON.stringify(rows)).not.toMatch(/secret|heron|stork/);
    expect(await tenant.reader.range({ table: "chunk", prefix: [id], limit: 9 })).toEqual([]);
    expect(await tenant.reader.range({ table: "vector", prefix: [], limit: 9 })).toEqual([]);
    expect(await tenant.reader.range({ table: "change", prefix: ["ana"], limit: 9 })).toMatchObject([
      { seq: 1, op: "added" },
      { seq: 2, op: "updated", version: 2 },
      { seq: 3, op: "forgotten", version: 2 },
    ]);
    expect(await partition(tenant)).toMatchObject({ seq: 3, memoryCount: 0 });
  });

  it("what is not there, has expired or is another tenant's is memory.not_found", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("brief", { expiresAt: new Date(clock.now() + 1_000) });
    const other = world.tenant();
    await expect(other.memory.forget(other.writer, id)).rejects.toMatchObject({ code: "memory.not_found" });
    clock.advance(1_000);
    await expect(tenant.memory.forget(tenant.writer, id)).rejects.toMatchObject({ code: "memory.not_found" });
    await expect(tenant.memory.forget(tenant.writer, ID)).rejects.toMatchObject({ code: "memory.not_found" });
  });

  it("twice at once happens once: one answer, one memory.not_found; under one key two equal answers", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("brief");
    const both = await Promise.allSettled([1, 2].map(() => tenant.memory.forget(tenant.writer, id)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const again = await tenant.tell("brief once more");
    const same = await Promise.all([1, 2].map(() => tenant.memory.forget(tenant.under("k"), again)));
    expect(same[1]).toEqual(same[0]);
    expect(await partition(tenant)).toMatchObject({ memoryCount: 0, seq: 4 });
  });
});
