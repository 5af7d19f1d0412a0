/** Memories that took in or replaced others: what later changes of one mean for the rest. */

import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

const ONE = "The spare key is under the blue flower pot by the door";
const SAME = "The spare key is under the blue flower pot, by the door!";
const PORTO = ["I live in Porto, by the river.", "I live in Porto by the river!", "I live in Porto by the river"];
const LISBON = "I moved to Lisbon, I live in Lisbon now.";

const say = async (tenant: Tenant, text: string, days: number): Promise<string> =>
  await tenant.tell(text, { speaker: "Ana", createdAt: ago(days) });
const status = async (tenant: Tenant, id: string | undefined) => (await tenant.row(id ?? ""))?.status;

describe("a memory taken in by one that was taken in itself", () => {
  it("and all of them replaced, is not brought to life by undoing the middle", async () => {
    const tenant = world.tenant();
    const ids = [await say(tenant, PORTO[0]!, 90), await say(tenant, PORTO[1]!, 89), await say(tenant, PORTO[2]!, 88)];
    expect([await status(tenant, ids[0]), await status(tenant, ids[1])]).toEqual(["merged", "merged"]);
    await say(tenant, LISBON, 10);
    expect(await status(tenant, ids[2])).toBe("superseded");
    await tenant.memory.undoMerges(tenant.writer, ids[1]!).catch(() => undefined);
    expect(await status(tenant, ids[0])).not.toBe("active");
    expect(await tenant.find("Where does Ana live?", { asOf: ago(1) })).toEqual([LISBON]);
  });

  it("is not brought to life by undoing the middle, while the last holds", async () => {
    const tenant = world.tenant();
    const ids = [await say(tenant, PORTO[0]!, 90), await say(tenant, PORTO[1]!, 89), await say(tenant, PORTO[2]!, 88)];
    await tenant.memory.undoMerges(tenant.writer, ids[1]!).catch(() => undefined);
    expect(await tenant.find("Where does Ana live?")).toHaveLength(1);
  });
});

describe("changing what is not the text", () => {
  it("tags, leaves merges as they are", async () => {
    const tenant = world.tenant();
    const first = await tenant.tell(ONE);
    const second = await tenant.tell(SAME);
    await tenant.memory.patch(tenant.writer, second, { metadata: { tags: ["house"] } }, {});
    expect(await status(tenant, first)).toBe("merged");
    expect(await tenant.find("Where is the spare key?")).toEqual([SAME]);
  });

  it("tags, leaves what was undone undone", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO[0]!, 90);
    const lisbon = await say(tenant, LISBON, 10);
    await tenant.memory.undoMerges(tenant.writer, lisbon);
    expect(await status(tenant, porto)).toBe("active");
    await tenant.memory.patch(tenant.writer, lisbon, { metadata: { tags: ["move"] } }, {});
    expect(await status(tenant, porto)).toBe("active");
  });
});

describe("changing the text", () => {
  it("of what was replaced to something else makes it hold again", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO[0]!, 90);
    await say(tenant, LISBON, 10);
    await tenant.memory.patch(tenant.writer, porto, { content: "Bees sleep in winter and wake up in March" }, {});
    expect(await tenant.row(porto)).toMatchObject({ status: "active" });
    expect((await tenant.row(porto))?.validTo).toBeUndefined();
  });

  it("of what replaces another gives that back", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO[0]!, 90);
    const lisbon = await say(tenant, LISBON, 10);
    await tenant.memory.patch(tenant.writer, lisbon, { content: "Bees sleep in winter and wake up in March" }, {});
    expect(await status(tenant, porto)).toBe("active");
    expect(await tenant.owed()).toEqual([]);
  });

  it("from one new value to another still replaces the old one, and says so once", async () => {
    const tenant = world.tenant();
    const porto = await say(tenant, PORTO[0]!, 90);
    const lisbon = await say(tenant, LISBON, 10);
    await tenant.memory.patch(tenant.writer, lisbon, { content: "I moved to Berlin, I live in Berlin now." }, {});
    expect(await tenant.row(porto)).toMatchObject({ status: "superseded", validTo: ago(10) });
    const references = await tenant.reader.range({ table: "reference", prefix: [], limit: 10 });
    expect(references.filter(({ undoneAt }) => undoneAt === undefined)).toMatchObject([
      { memoryId: lisbon, targetId: porto, type: "supersedes" },
    ]);
  });
});

describe("an end of validity that is still to come", () => {
  it("ends cached answers when it comes", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE, { createdAt: ago(10) });
    const validTo = new Date(clock.now() + 600_000);
    await tenant.memory.invalidate(tenant.writer, id, { reason: "the lease ends", validTo }, {});
    expect(await tenant.find("spare key")).toEqual([ONE]);
    expect((await tenant.ask("spare key")).cache.tier).toBe("l1");
    clock.advance(600_001);
    expect(await tenant.find("spare key")).toEqual([]);
  });

  it("does not end later for being told twice", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE, { createdAt: ago(10) });
    await tenant.memory.invalidate(tenant.writer, id, { reason: "a", validTo: ago(5) }, {});
    const { memory } = await tenant.memory.invalidate(tenant.writer, id, { reason: "b" }, {});
    expect(memory.validTo).toEqual(ago(5));
  });
});

describe("a value told many times", () => {
  it("is replaced as a whole by the next one", async () => {
    const tenant = world.tenant();
    const many = Array.from({ length: 600 }, (_, i) =>
      newMemory("I work at Acme.", { speaker: "Ana", createdAt: ago(3_000 - 2 * i), sessionId: `s${i}` }),
    );
    await tenant.memory.remember(tenant.writer, many);
    await tenant.tell("I work at Acme.", { speaker: "Ana", createdAt: ago(2), sessionId: "one more" });
    const last = await tenant.tell("I work at Globex now.", { speaker: "Ana", createdAt: ago(1) });
    const { items } = await tenant.memory.list(tenant.scope, {
      filter: { all: [] },
      userId: "ana",
      includeSuperseded: false,
      limit: 10,
    });
    expect(items.map(({ id }) => id)).toEqual([last]);
  });
});
