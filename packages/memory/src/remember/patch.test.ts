import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { MemoryPatch, Writer } from "../requests.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { clock, interfere } = world;

const change = (tenant: Tenant, id: string, changes: MemoryPatch, ifVersion?: number, writer: Writer = tenant.writer) =>
  tenant.memory.patch(writer, id, changes, { ifVersion });

/** Something else happens to the memory once, between the read that prepares a patch and its transaction. */
function meanwhile(work: () => Promise<unknown>): void {
  interfere.transact = async () => {
    delete interfere.transact;
    await work();
  };
}

describe("a patch", () => {
  it("makes the next version, keeps what it does not name and removes what it sets to null", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five", { speaker: "Ana", sessionId: "s", metadata: { a: 1 } });
    clock.advance(5_000);
    const { memory, seqs } = await change(tenant, id, { metadata: { b: 2 }, speaker: null });
    expect(memory).toMatchObject({
      content: "tea at five",
      sessionId: "s",
      metadata: { b: 2 },
      version: 2,
      seq: 2,
      addedSeq: 1,
    });
    expect(memory.speaker).toBeUndefined();
    expect(memory.updatedAt.getTime() - memory.recordedAt.getTime()).toBe(5_000);
    expect(seqs).toEqual([{ partition: "ana", seq: 2 }]);
    expect(await tenant.row(id)).toEqual(memory);
  });

  it("that changes nothing makes no version, takes no sequence and owes nothing", async () => {
    const tenant = world.tenant();
    const validTo = new Date(clock.now() + 9_000);
    const id = await tenant.tell("tea at five", { speaker: "Ana", validTo, metadata: { a: 1, b: { c: [1, 2] } } });
    const same = {
      content: "tea at five",
      speaker: "Ana",
      validTo: new Date(validTo),
      metadata: { b: { c: [1, 2] }, a: 1 },
    };
    for (const changes of [{}, same, { expiresAt: null, validFrom: null }]) {
      expect(await change(tenant, id, changes)).toMatchObject({ memory: { version: 1, seq: 1 }, seqs: [] });
    }
    expect(await tenant.memory.history(tenant.scope, id)).toHaveLength(1);
    expect(await tenant.owed()).toEqual([]);
  });

  it("of content replaces chunks, terms and vectors; of the speaker too, as the name is a term", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five", { speaker: "Ana" });
    await change(tenant, id, { content: "cocoa at six" });
    expect((await tenant.ask("tea")).results.flatMap(({ sources }) => sources)).not.toContain("sparse");
    expect(await tenant.find("cocoa")).toEqual(["cocoa at six"]);
    expect(await tenant.reader.range({ table: "chunk", prefix: [id], limit: 9 })).toMatchObject([{ endOffset: 12 }]);
    await change(tenant, id, { speaker: "Zebedee" });
    expect((await tenant.ask("Zebedee")).results[0]?.sources).toContain("sparse");
  });

  it("with an impossible validity is memory.time_invalid and changes nothing", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    const created = new Date(clock.now());
    await expect(change(tenant, id, { validTo: created })).rejects.toMatchObject({ code: "memory.time_invalid" });
    await change(tenant, id, { validTo: new Date(clock.now() + 1_000) });
    await expect(change(tenant, id, { validFrom: new Date(clock.now() + 1_000) })).rejects.toMatchObject({
      code: "memory.time_invalid",
    });
    expect((await tenant.row(id))?.version).toBe(2);
  });

  it("of what is not there, or has expired, is memory.not_found; it may take an expiry away before", async () => {
    const tenant = world.tenant();
    const brief = { expiresAt: new Date(clock.now() + 1_000) };
    const [kept, lost] = [await tenant.tell("kept", brief), await tenant.tell("lost", brief)];
    await change(tenant, kept, { expiresAt: null });
    clock.advance(1_000);
    await expect(change(tenant, lost, { metadata: { a: 1 } })).rejects.toMatchObject({ code: "memory.not_found" });
    expect((await change(tenant, kept, { metadata: { a: 1 } })).memory.version).toBe(3);
  });
});

describe("If-Match", () => {
  it("lets the version named be changed and no other", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    await expect(change(tenant, id, { metadata: { a: 1 } }, 2)).rejects.toMatchObject({
      code: "memory.version_conflict",
    });
    expect((await change(tenant, id, { metadata: { a: 1 } }, 1)).memory.version).toBe(2);
    await expect(change(tenant, id, { metadata: { a: 1 } }, 1)).rejects.toMatchObject({
      code: "memory.version_conflict",
    });
  });

  it("holds against a change that comes between reading and writing", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    meanwhile(() => change(tenant, id, { content: "tea at six" }));
    await expect(change(tenant, id, { content: "tea at seven" }, 1)).rejects.toMatchObject({
      code: "memory.version_conflict",
    });
    expect((await tenant.row(id))?.content).toBe("tea at six");
  });
});

describe("patches at once", () => {
  it("32 of metadata, none with If-Match: all succeed, each answer is its own version", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    const answers = await Promise.all(Array.from({ length: 32 }, (_, n) => change(tenant, id, { metadata: { n } })));
    expect(answers.map(({ memory }) => memory.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 32 }, (_, i) => i + 2),
    );
    for (const [n, { memory }] of answers.entries()) expect(memory.metadata).toEqual({ n });
    expect(await tenant.memory.history(tenant.scope, id)).toHaveLength(33);
    expect(await tenant.owed()).toEqual([]);
  });

  it("16 of content: all succeed, and the words of the last are those that find it", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("beginning");
    await Promise.all(Array.from({ length: 16 }, (_, n) => change(tenant, id, { content: `word${n}x` })));
    const { content = "" } = (await tenant.row(id)) ?? {};
    expect((await tenant.row(id))?.version).toBe(17);
    expect((await tenant.ask(content)).results[0]).toMatchObject({ memory: { content }, spans: [{ term: content }] });
    expect(await tenant.reader.range({ table: "chunk", prefix: [id], limit: 9 })).toHaveLength(1);
  });

  it("of the speaker, whose text changes meanwhile, indexes the new text", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    meanwhile(() => change(tenant, id, { content: "cocoa at six" }));
    const { memory } = await change(tenant, id, { speaker: "Zebedee" });
    expect(memory).toMatchObject({ content: "cocoa at six", speaker: "Zebedee", version: 3 });
    expect(await tenant.find("cocoa")).toEqual(["cocoa at six"]);
    expect((await tenant.ask("Zebedee")).results[0]?.sources).toContain("sparse");
  });

  it("gives up with store.conflict when the text changes under each of 5 attempts", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at zero");
    let n = 0;
    let own = false;
    interfere.transact = async () => {
      if (own || n === 5) return;
      own = true;
      await change(tenant, id, { content: `tea at ${++n}` });
      own = false;
    };
    await expect(change(tenant, id, { speaker: "Ana" })).rejects.toMatchObject({
      code: "store.conflict",
      retryable: true,
    });
    delete interfere.transact;
    expect(await tenant.row(id)).toMatchObject({ content: "tea at 5", version: 6 });
    expect((await tenant.row(id))?.speaker).toBeUndefined();
  });

  it("a memory forgotten between reading and writing is memory.not_found", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    meanwhile(() => tenant.memory.forget(tenant.writer, id));
    await expect(change(tenant, id, { metadata: { a: 1 } })).rejects.toMatchObject({ code: "memory.not_found" });
    expect(await tenant.row(id)).toBeUndefined();
  });
});

describe("a patch under an idempotency key", () => {
  it("sent again changes nothing and has the sequences of the first", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    const first = await change(tenant, id, { metadata: { a: 1 } }, undefined, tenant.under("k"));
    expect(await change(tenant, id, { metadata: { a: 1 } }, undefined, tenant.under("k"))).toEqual(first);
    expect((await tenant.row(id))?.version).toBe(2);
    await expect(
      change(tenant, id, { metadata: { a: 2 } }, undefined, tenant.under("k", "other")),
    ).rejects.toMatchObject({
      code: "idempotency.mismatch",
    });
  });

  it("is carried out although the text changes under its first attempt", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    meanwhile(() => change(tenant, id, { content: "cocoa at six" }));
    const { memory } = await change(tenant, id, { speaker: "Ana" }, undefined, tenant.under("k"));
    expect(memory).toMatchObject({ content: "cocoa at six", speaker: "Ana", version: 3 });
  });
});

describe("the history", () => {
  it("has every version, oldest first, with its times and the key that made it", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("tea at five");
    clock.advance(1_000);
    await change(tenant, id, { content: "tea at six" }, 1, { ...tenant.writer, keyId: "key-2" });
    clock.advance(1_000);
    await change(tenant, id, { validTo: new Date(clock.now() + 5_000) });
    const versions = await tenant.memory.history(tenant.scope, id);
    expect(versions).toMatchObject([
      { version: 1, op: "added", content: "tea at five", changedBy: "key-1" },
      { version: 2, op: "updated", content: "tea at six", changedBy: "key-2" },
      { version: 3, op: "updated", content: "tea at six", changedBy: "key-1", validTo: new Date(clock.now() + 5_000) },
    ]);
    expect(versions.map(({ recordedAt }) => recordedAt.getTime() - clock.now())).toEqual([-2_000, -1_000, 0]);
  });

  it("of a memory that expired, was forgotten, or is another tenant's is memory.not_found", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("brief", { expiresAt: new Date(clock.now() + 1_000) });
    const other = world.tenant();
    await other.memory.remember(other.writer, [newMemory("theirs")]);
    await expect(other.memory.history(other.scope, id)).rejects.toMatchObject({ code: "memory.not_found" });
    clock.advance(1_000);
    await expect(tenant.memory.history(tenant.scope, id)).rejects.toMatchObject({ code: "memory.not_found" });
    await expect(tenant.memory.get(tenant.scope, id)).rejects.toMatchObject({ code: "memory.not_found" });
  });
});
