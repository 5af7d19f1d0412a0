import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";

const world = await openWorld();
const { clock } = world;
const DAY_MS = 86_400_000;

const ONE = "The spare key is under the blue flower pot by the door";
const SAME = "The spare key is under the blue flower pot, by the door!";

async function events(
  tenant: Tenant,
  ...texts: string[]
): Promise<{ id: string; event: string; relatedId: string | null }[]> {
  const { results } = await tenant.memory.remember(
    tenant.writer,
    texts.map((text) => newMemory(text)),
  );
  return results.map(({ id, event, relatedId }) => ({ id: id ?? "", event, relatedId }));
}

describe("nearly the same words", () => {
  it("are merged: the newer memory is found, the older one is kept with its history and says where it went", async () => {
    const tenant = world.tenant();
    const [first] = await events(tenant, ONE);
    const [second] = await events(tenant, SAME);
    expect(second).toMatchObject({ event: "merged", relatedId: first?.id });
    expect(await tenant.find("Where is the spare key?")).toEqual([SAME]);
    expect(await tenant.row(first?.id ?? "")).toMatchObject({ status: "merged", content: ONE, version: 2 });
    const history = await tenant.memory.history(tenant.scope, first?.id ?? "");
    expect(history.map(({ op, status }) => [op, status])).toEqual([
      ["added", "active"],
      ["merged", "merged"],
    ]);
  });

  it("are merged within one batch as well", async () => {
    const tenant = world.tenant();
    const [first, second] = await events(tenant, ONE, SAME);
    expect(second).toMatchObject({ event: "merged", relatedId: first?.id });
    expect(await tenant.find("Where is the spare key?")).toEqual([SAME]);
  });

  it("are merged when the index has not followed yet", async () => {
    const tenant = world.tenant();
    world.interfere.vectors = ({ method }) => {
      if (method === "upsert") throw new Error("not now");
    };
    await events(tenant, ONE);
    expect(await tenant.owed()).toHaveLength(1);
    const [second] = await events(tenant, SAME);
    expect(second?.event).toBe("merged");
  });

  it("stay two memories when the index cannot be searched: a write does not fail for it", async () => {
    const tenant = world.tenant();
    await events(tenant, ONE);
    world.interfere.vectors = ({ method }) => {
      if (method === "search") throw new Error("not now");
    };
    const [second] = await events(tenant, SAME);
    expect(second?.event).toBe("added");
  });

  it.each<[string, string, string]>([
    ["another number", "The rent is 950 euros a month from May on", "The rent is 980 euros a month from May on"],
    ["a negation", "Ana can come to the dinner on Sunday evening", "Ana can not come to the dinner on Sunday evening"],
    ["another name", "The meeting with Ana Silva is in the big room", "The meeting with Ana Sousa is in the big room"],
  ])("with %s are two memories", async (_what, a, b) => {
    const tenant = world.tenant();
    await events(tenant, a);
    const [second] = await events(tenant, b);
    expect(second).toMatchObject({ event: "added", relatedId: null });
  });

  it("with a relative date are two memories on two days", async () => {
    const tenant = world.tenant();
    const said = (createdAt: Date) => newMemory("I ran ten kilometres along the river today", { createdAt });
    await tenant.memory.remember(tenant.writer, [said(new Date(clock.now() - 2 * DAY_MS))]);
    const { results } = await tenant.memory.remember(tenant.writer, [said(new Date(clock.now()))]);
    expect(results[0]?.event).toBe("added");
  });

  it.each([["userId"], ["agentId"], ["speaker"]])("of another %s are never merged", async (field) => {
    const tenant = world.tenant();
    await tenant.memory.remember(tenant.writer, [newMemory(ONE, { speaker: "Ana", agentId: "a" })]);
    const { results } = await tenant.memory.remember(tenant.writer, [
      newMemory(SAME, { speaker: "Ana", agentId: "a", [field]: "other" }),
    ]);
    expect(results[0]?.event).toBe("added");
  });
});

describe("undoing a merge", () => {
  it("gives the older memory back: both are found, and a second undo finds nothing", async () => {
    const tenant = world.tenant();
    const [first] = await events(tenant, ONE);
    const [second] = await events(tenant, SAME);
    const undone = await tenant.memory.undoMerges(tenant.writer, second?.id ?? "");
    expect(undone.restored).toEqual([first?.id]);
    expect((await tenant.find("Where is the spare key?")).sort()).toEqual([ONE, SAME].sort());
    await expect(tenant.memory.undoMerges(tenant.writer, second?.id ?? "")).rejects.toMatchObject({
      code: "memory.merge_not_found",
    });
  });

  it("of a memory that is not there is memory.not_found", async () => {
    const tenant = world.tenant();
    await expect(tenant.memory.undoMerges(tenant.writer, "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")).rejects.toMatchObject(
      {
        code: "memory.not_found",
      },
    );
  });
});

describe("forgetting", () => {
  it("a memory forgets what it took in: nothing of the text is left", async () => {
    const tenant = world.tenant();
    const [first] = await events(tenant, ONE);
    const [second] = await events(tenant, SAME);
    await tenant.memory.forget(tenant.writer, second?.id ?? "");
    expect(await tenant.row(first?.id ?? "")).toBeUndefined();
    expect(await tenant.find("spare key")).toEqual([]);
    expect(await tenant.indexed()).toBe(0);
    expect(await tenant.reader.range({ table: "reference", prefix: [], limit: 10 })).toEqual([]);
    expect(await tenant.reader.range({ table: "entity", prefix: [], limit: 10 })).toEqual([]);
    expect(await tenant.reader.range({ table: "partition", prefix: [], limit: 10 })).toMatchObject([
      { memoryCount: 0 },
    ]);
  });

  it("a memory that was taken in leaves the other whole", async () => {
    const tenant = world.tenant();
    const [first] = await events(tenant, ONE);
    await events(tenant, SAME);
    await tenant.memory.forget(tenant.writer, first?.id ?? "");
    expect(await tenant.find("spare key")).toEqual([SAME]);
    expect(await tenant.reader.range({ table: "reference", prefix: [], limit: 10 })).toEqual([]);
  });
});

describe("invalidating", () => {
  it("hides a memory now, keeps it for the moments at which it held, and says why", async () => {
    const tenant = world.tenant();
    const before = new Date(clock.now() - 10 * DAY_MS);
    const id = await tenant.tell(ONE, { createdAt: before });
    const { memory } = await tenant.memory.invalidate(tenant.writer, id, { reason: "moved" }, {});
    expect(memory).toMatchObject({
      status: "invalidated",
      invalidReason: "moved",
      version: 2,
      validTo: new Date(clock.now()),
    });
    expect(await tenant.find("spare key")).toEqual([]);
    expect(await tenant.find("spare key", { asOf: new Date(clock.now() - DAY_MS) })).toEqual([ONE]);
    expect(await tenant.find("spare key", { asOf: new Date(clock.now() + 1) })).toEqual([]);
    expect((await tenant.memory.history(tenant.scope, id)).map(({ op }) => op)).toEqual(["added", "invalidated"]);
  });

  it("refuses an end before the beginning, another version, and a memory that is not there", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell(ONE);
    const early = { reason: "x", validTo: new Date(0) };
    await expect(tenant.memory.invalidate(tenant.writer, id, early, {})).rejects.toMatchObject({
      code: "memory.time_invalid",
    });
    clock.advance(1);
    await expect(tenant.memory.invalidate(tenant.writer, id, { reason: "x" }, { ifVersion: 7 })).rejects.toMatchObject({
      code: "memory.version_conflict",
    });
    await tenant.memory.forget(tenant.writer, id);
    await expect(tenant.memory.invalidate(tenant.writer, id, { reason: "x" }, {})).rejects.toMatchObject({
      code: "memory.not_found",
    });
  });
});
