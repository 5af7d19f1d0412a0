/** Memories that took in or replaced others, changed by hand afterwards. */

import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

const ONE = "The spare key is under the blue flower pot by the door";
const SAME = "The spare key is under the blue flower pot, by the door!";
const THIRD = "The spare key is under the blue flower pot by the door.";

const tell = async (tenant: Tenant, text: string, createdAt?: Date): Promise<string> =>
  await tenant.tell(text, { speaker: "Ana", createdAt });

describe("invalidating", () => {
  it("never makes a memory hold longer than it did", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE, { createdAt: ago(90), validTo: ago(60) });
    const { memory } = await tenant.memory.invalidate(tenant.writer, id, { reason: "wrong" }, {});
    expect(memory.validTo).toEqual(ago(60));
    expect(await tenant.find("spare key", { asOf: ago(30) })).toEqual([]);
  });

  it("never makes what was superseded hold beside what superseded it", async () => {
    const tenant = world.tenant();
    const porto = await tell(tenant, "I live in Porto.", ago(90));
    await tell(tenant, "I live in Lisbon now.", ago(60));
    await tenant.memory.invalidate(tenant.writer, porto, { reason: "never did" }, {});
    expect(await tenant.find("Where does Ana live?", { asOf: ago(30) })).toEqual(["I live in Lisbon now."]);
  });

  it("ends a memory in the moment in which it was told", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE);
    await tenant.memory.invalidate(tenant.writer, id, { reason: "typed by mistake" }, {});
    expect(await tenant.find("spare key")).toEqual([]);
  });

  it("with an end to come keeps the memory until then", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE, { createdAt: ago(10) });
    const validTo = new Date(clock.now() + DAY_MS);
    await tenant.memory.invalidate(tenant.writer, id, { reason: "the lease ends", validTo }, {});
    expect(await tenant.find("spare key")).toEqual([ONE]);
  });
});

describe("a memory that took another in", () => {
  it("and was changed to say something else, when forgotten, leaves what the other says", async () => {
    const tenant = world.tenant();
    const first = await tenant.tell(ONE);
    const second = await tenant.tell(SAME);
    expect((await tenant.row(first))?.status).toBe("merged");
    await tenant.memory.patch(tenant.writer, second, { content: "Bees sleep in winter and wake up in March" }, {});
    await tenant.memory.forget(tenant.writer, second);
    expect(await tenant.row(first)).toMatchObject({ content: ONE });
  });

  it("and was changed to say something else lets the other be found", async () => {
    const tenant = world.tenant();
    await tenant.tell(ONE);
    const second = await tenant.tell(SAME);
    await tenant.memory.patch(tenant.writer, second, { content: "Bees sleep in winter and wake up in March" }, {});
    expect(await tenant.find("Where is the spare key?")).toContain(ONE);
  });

  it("gives it back although it was taken in itself, and only that one", async () => {
    const tenant = world.tenant();
    const ids = [await tenant.tell(ONE), await tenant.tell(SAME), await tenant.tell(THIRD)];
    const states = async () => await Promise.all(ids.map(async (id) => (await tenant.row(id))?.status));
    expect(await states()).toEqual(["merged", "merged", "active"]);
    await tenant.memory.undoMerges(tenant.writer, ids[2]!);
    expect(await states()).toEqual(["merged", "active", "active"]);
    await tenant.memory.forget(tenant.writer, ids[1]!);
    expect(await states()).toEqual([undefined, undefined, "active"]);
    expect(await tenant.reader.range({ table: "reference", prefix: [], limit: 10 })).toEqual([]);
  });

  it("when replaced and then undone, does not bring the old value back to life", async () => {
    const tenant = world.tenant();
    const first = await tell(tenant, "I live in Porto, by the river.", ago(90));
    const second = await tell(tenant, "I live in Porto by the river!", ago(89));
    expect((await tenant.row(first))?.status).toBe("merged");
    await tell(tenant, "I live in Lisbon now.", ago(10));
    expect((await tenant.row(second))?.status).toBe("superseded");
    await tenant.memory.undoMerges(tenant.writer, second).catch(() => undefined);
    expect((await tenant.row(first))?.status).not.toBe("active");
  });

  it("forgotten at the end of a long chain leaves nothing", async () => {
    const tenant = world.tenant();
    let last = "";
    for (let i = 0; i < 40; i++) last = await tenant.tell(i % 2 === 0 ? ONE : SAME);
    await tenant.memory.forget(tenant.writer, last);
    expect(await tenant.find("spare key")).toEqual([]);
    expect(await tenant.indexed()).toBe(0);
    expect(await tenant.reader.range({ table: "partition", prefix: [], limit: 10 })).toMatchObject([
      { memoryCount: 0 },
    ]);
    expect(await tenant.reader.range({ table: "entity", prefix: [], limit: 10 })).toEqual([]);
  });
});

describe("forgetting", () => {
  it("leaves no reference behind, undone ones neither", async () => {
    const tenant = world.tenant();
    const first = await tenant.tell(ONE);
    const second = await tenant.tell(SAME);
    await tenant.memory.undoMerges(tenant.writer, second);
    await tenant.memory.forget(tenant.writer, first);
    expect(await tenant.reader.range({ table: "reference", prefix: [], limit: 10 })).toEqual([]);
  });
});

describe("changing", () => {
  it("tags alone changes which entities a memory names", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("we painted the fence", { metadata: { tags: ["garden"] } });
    await tenant.memory.patch(tenant.writer, id, { metadata: { tags: ["house"] } }, {});
    const names = (await tenant.reader.range({ table: "entity", prefix: ["ana"], limit: 10 })).map(({ name }) => name);
    expect(names).toContain("house");
    expect(names).not.toContain("garden");
  });

  it("when it began to hold changes its relations too", async () => {
    const tenant = world.tenant();
    const id = await tell(tenant, "I live in Porto.", ago(10));
    await tenant.memory.patch(tenant.writer, id, { validFrom: ago(300) }, {});
    const relations = await tenant.reader.range({ table: "relation", prefix: ["ana"], limit: 10 });
    expect(relations.map(({ validFrom }) => validFrom)).toEqual([ago(300)]);
  });

  it("a text and changing it back leaves the memory worth what it was", async () => {
    const tenant = world.tenant();
    const id = await tell(tenant, "I live in Porto.");
    const before = await tenant.row(id);
    await tenant.memory.patch(tenant.writer, id, { content: "ok" }, {});
    await tenant.memory.patch(tenant.writer, id, { content: "I live in Porto." }, {});
    const after = await tenant.row(id);
    expect(after?.quality).toBeCloseTo(before?.quality ?? 0, 6);
    expect(after?.entities).toEqual(before?.entities);
    expect(after?.facts).toEqual(before?.facts);
  });
});

describe("the same request sent again under its key", () => {
  it("undoes once, and gives the first answer", async () => {
    const tenant = world.tenant();
    const first = await tenant.tell(ONE);
    const second = await tenant.tell(SAME);
    const once = await tenant.memory.undoMerges(tenant.under("u"), second);
    const again = await tenant.memory.undoMerges(tenant.under("u"), second);
    expect(again.restored).toEqual([first]);
    expect(again.seqs).toEqual(once.seqs);
  });

  it("merges once although the merge was undone meanwhile", async () => {
    const tenant = world.tenant();
    await tenant.tell(ONE);
    const writer = tenant.under("m");
    const sent = await tenant.memory.remember(writer, [newMemory(SAME)]);
    await tenant.memory.undoMerges(tenant.writer, sent.results[0]?.id ?? "");
    expect(await tenant.memory.remember(writer, [newMemory(SAME)])).toMatchObject({ results: sent.results });
    expect((await tenant.find("spare key")).sort()).toEqual([ONE, SAME].sort());
  });

  it("invalidates once, and refuses another body", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE, { createdAt: ago(1) });
    const request = { reason: "moved" };
    await tenant.memory.invalidate(tenant.under("i"), id, request, {});
    const again = await tenant.memory.invalidate(tenant.under("i"), id, request, {});
    expect(again.memory.version).toBe(2);
    await expect(tenant.memory.invalidate(tenant.under("i", "other"), id, { reason: "x" }, {})).rejects.toMatchObject({
      code: "idempotency.mismatch",
    });
  });
});
