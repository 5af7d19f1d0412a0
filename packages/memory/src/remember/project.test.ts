import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import {
  newMemory,
  openWorld,
  type Tenant,
  UNAVAILABLE,
  type VectorCall,
} from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { interfere } = world;

/** Writes to the vector store fail, reads go on. */
const refuseWrites = ({ method }: VectorCall): void => {
  if (method === "upsert" || method === "remove") throw UNAVAILABLE;
};

/** What an answer says, without the id and the times of the event. */
async function answer(tenant: Tenant, query: string): Promise<unknown> {
  const { results, confidence, skipped } = await tenant.ask(query);
  return {
    confidence: confidence.toFixed(6),
    // An engine that is late on a busy machine brings nothing here, before as after.
    skipped: skipped.filter(({ source }) => source !== "intelligence"),
    results: results.map(({ memory, score, sources, factors, explanation, spans }) => ({
      memory,
      score: score.toFixed(6),
      sources: sources.toSorted(),
      keyword: factors.keyword.toFixed(6),
      semantic: factors.semantic.toFixed(6),
      explanation,
      spans,
    })),
  };
}

describe("while the vector store refuses writes", () => {
  it("a memory is acknowledged, owed, said to be unprojected, and found all the same", async () => {
    const tenant = world.tenant();
    interfere.vectors = refuseWrites;
    const { results, projected } = await tenant.memory.remember(tenant.writer, [
      newMemory("The heron nests by the mill"),
    ]);
    expect(projected).toBe(false);
    expect(await tenant.owed()).toEqual([results[0]?.id]);
    expect(await tenant.indexed()).toBe(0);
    expect(await tenant.find("where does the heron nest?")).toEqual(["The heron nests by the mill"]);
  });

  it("answers are exactly those after projection, for what was added, changed and forgotten, save for neighbours", async () => {
    const tenant = world.tenant();
    const texts = ["heron by the mill", "heron on the lake at dawn", "a kettle for the mill", "the bus stops at noon"];
    const ids: string[] = [];
    for (const [i, text] of texts.entries()) ids.push(await tenant.tell(text, { sessionId: `s${i}` }));
    interfere.vectors = refuseWrites;
    await tenant.tell("a quetzal and a heron in one tree");
    await tenant.memory.patch(tenant.writer, ids[1] ?? "", { content: "heron on the river, quetzal above" }, {});
    await tenant.memory.patch(tenant.writer, ids[2] ?? "", { metadata: { from: "the shop" } }, {});
    await tenant.memory.forget(tenant.writer, ids[0] ?? "");
    expect(await tenant.owed()).toHaveLength(4);
    const queries = ["quetzal", "heron", "the mill", "heron on the lake", "noon bus", "kettle"];
    const before = await Promise.all(queries.map((query) => answer(tenant, query)));
    delete interfere.vectors;
    expect((await tenant.background.sweep(tenant.scope)).projected).toBe(4);
    expect(await tenant.owed()).toEqual([]);
    await tenant.tell("ends the cached answers", { expiresAt: new Date(world.clock.now()) });
    await tenant.background.sweep(tenant.scope);
    const after = await Promise.all(queries.map((query) => answer(tenant, query)));
    expect(before).toEqual(after);
    expect(JSON.stringify(after)).toContain("quetzal above");
  });

  it("the same memories are found in a session as after projection, in the same order", async () => {
    const tenant = world.tenant();
    await tenant.tell("we met the ferryman", { sessionId: "s" });
    interfere.vectors = refuseWrites;
    await tenant.tell("he showed us the ferry", { sessionId: "s" });
    await tenant.tell("the tea was cold", { sessionId: "t" });
    const before = await tenant.find("the ferry");
    delete interfere.vectors;
    await tenant.background.sweep(tenant.scope);
    await tenant.tell("ends the cached answers", { userId: "ana", expiresAt: new Date(world.clock.now()) });
    expect(before).toHaveLength(3);
    expect(await tenant.find("the ferry")).toEqual(before);
  });

  it("a word that no indexed memory has finds the memory that is pending", async () => {
    const tenant = world.tenant();
    await tenant.tell("nothing of the sort");
    interfere.vectors = refuseWrites;
    await tenant.tell("code XJ42");
    const { results } = await tenant.ask("XJ42");
    expect(results[0]).toMatchObject({
      memory: { content: "code XJ42" },
      explanation: expect.stringContaining("XJ42") as string,
    });
    expect(results[0]?.sources).toContain("sparse");
  });

  it("600 changes of one user are all found, not only the first of them", async () => {
    const tenant = world.tenant();
    interfere.vectors = refuseWrites;
    for (let i = 0; i < 600; i += 60) {
      await Promise.all(Array.from({ length: 60 }, (_, n) => tenant.tell(`note number${i + n}x`)));
    }
    expect(await tenant.owed()).toHaveLength(600);
    expect((await tenant.find("number599x", { k: 1 }))[0]).toBe("note number599x");
    expect((await tenant.find("number599x", { k: 1, userId: undefined }))[0]).toBe("note number599x");
    const before = world.logs.length;
    expect((await tenant.background.sweep(tenant.scope)).projected).toBe(0);
    // One attempt is enough to see that the store is away.
    expect(world.logs.slice(before).filter(({ message }) => message.startsWith("projection failed"))).toHaveLength(1);
    delete interfere.vectors;
    expect((await tenant.background.sweep(tenant.scope)).projected).toBe(600);
    expect(await tenant.owed()).toEqual([]);
    expect(await tenant.indexed()).toBe(600);
  });

  it("what is forgotten is not found, and gone from the store after the sweep", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("a walrus in the bath");
    interfere.vectors = refuseWrites;
    await tenant.memory.forget(tenant.writer, id);
    expect(await tenant.indexed()).toBe(1);
    expect(await tenant.find("walrus")).toEqual([]);
    delete interfere.vectors;
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.indexed()).toBe(0);
  });
});

describe("projection", () => {
  it("takes its outbox entries off, one a transaction and partition", async () => {
    const tenant = world.tenant();
    const memories = ["ana", "ben"].flatMap((userId) => [newMemory("one", { userId }), newMemory("two", { userId })]);
    interfere.vectors = refuseWrites;
    await tenant.memory.remember(tenant.writer, memories);
    expect(await tenant.reader.range({ table: "outbox", prefix: [], limit: 10 })).toMatchObject([
      { partition: "ana", seq: 2, memoryIds: [expect.any(String), expect.any(String)] },
      { partition: "ben", seq: 2, memoryIds: [expect.any(String), expect.any(String)] },
    ]);
    delete interfere.vectors;
    await tenant.tell("three");
    expect(await tenant.owed()).toHaveLength(4);
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.owed()).toEqual([]);
  });

  it("a memory changed while it is projected ends with its latest state", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("version one");
    let changes = 0;
    interfere.vectors = async ({ method }) => {
      if (method !== "upsert" || changes >= 3) return;
      changes++;
      const [row] = await tenant.reader.get("memory", [[id]]);
      if (row && changes === 1)
        await tenant.memory.patch(tenant.writer, id, { content: "version three of zebras" }, {});
    };
    await tenant.memory.patch(tenant.writer, id, { content: "version two of yaks" }, {});
    expect(await tenant.find("zebras")).toEqual(["version three of zebras"]);
    expect((await tenant.row(id))?.version).toBe(3);
    expect(await tenant.owed()).toEqual([]);
  });

  it("a memory that changes faster than 5 passes stays owed, and the sweep repairs it", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("stable");
    let depth = 0;
    interfere.vectors = async ({ method }) => {
      if (method !== "upsert" || depth >= 8) return;
      // The record changes under every upsert, and that change's own projection is held up by the next one.
      const n = ++depth;
      await world.dependencies.records.transact(tenant.scope, ["ana"], async (tx) => {
        const [row] = await tx.get("memory", [[id]]);
        if (!row) return;
        const seq = tx.change("ana", { op: "updated", memoryId: id, version: row.version, memories: 0 });
        tx.put("memory", { ...row, seq, metadata: { n } });
      });
    };
    await tenant.memory.patch(tenant.writer, id, { metadata: { n: 0 } }, {});
    expect(new Set(await tenant.owed())).toEqual(new Set([id]));
    delete interfere.vectors;
    expect((await tenant.ask("stable")).results[0]?.memory.metadata).toEqual({ n: 5 });
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.owed()).toEqual([]);
    expect((await tenant.ask("stable")).results[0]?.memory.metadata).toEqual({ n: 5 });
  });

  it("a memory forgotten while it is projected is not left in the store", async () => {
    const tenant = world.tenant();
    let once = true;
    interfere.vectors = async ({ method, memoryIds }) => {
      if (method !== "upsert" || !once) return;
      once = false;
      await tenant.memory.forget(tenant.writer, memoryIds[0] ?? "");
    };
    const id = await tenant.tell("gone before it came");
    expect(await tenant.row(id)).toBeUndefined();
    expect(await tenant.indexed()).toBe(0);
    expect(await tenant.owed()).toEqual([]);
  });

  it("one memory that the store cannot take holds up none of 300 others, of its own batch neither", async () => {
    const tenant = world.tenant();
    interfere.vectors = refuseWrites;
    const { results } = await tenant.memory.remember(
      tenant.writer,
      Array.from({ length: 100 }, (_, i) => newMemory(`first batch ${i}`)),
    );
    const poison = results[50]?.id ?? "";
    await tenant.memory.remember(
      tenant.writer,
      Array.from({ length: 200 }, (_, i) => newMemory(`later ${i}`, { userId: `user${i % 8}` })),
    );
    interfere.vectors = ({ method, memoryIds }) => {
      if (method === "upsert" && memoryIds.includes(poison)) throw new NexusError("vector.not_finite", "[test] NaN");
    };
    expect((await tenant.background.sweep(tenant.scope)).projected).toBe(299);
    expect(await tenant.indexed()).toBe(299);
    expect(new Set(await tenant.owed())).toEqual(new Set(results.map(({ id }) => id)));
    delete interfere.vectors;
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.owed()).toEqual([]);
    expect(await tenant.indexed()).toBe(300);
  });

  it("entries that could not be removed are applied again and removed by the sweep", async () => {
    const tenant = world.tenant();
    let writes = 0;
    interfere.transact = () => {
      // The write itself passes, the removal of its outbox entry does not.
      if (++writes === 2) throw UNAVAILABLE;
    };
    await tenant.tell("kept twice");
    await expect.poll(() => writes).toBe(2);
    delete interfere.transact;
    expect(await tenant.owed()).toHaveLength(1);
    expect(await tenant.find("kept twice")).toEqual(["kept twice"]);
    await tenant.background.sweep(tenant.scope);
    expect(await tenant.owed()).toEqual([]);
  });

  it("stop waits until what was applied is off the outbox", async () => {
    const tenant = world.tenant();
    const other = world.start();
    await other.memory.remember(tenant.writer, [newMemory("last words")]);
    await other.background.stop();
    expect(await tenant.reader.range({ table: "outbox", prefix: [], limit: 10 })).toEqual([]);
  });

  it("of another process is seen as owed until it is done", async () => {
    const tenant = world.tenant();
    const other = world.start();
    interfere.vectors = refuseWrites;
    await other.memory.remember(tenant.writer, [newMemory("from the other process")]);
    delete interfere.vectors;
    expect(await tenant.find("the other process")).toEqual(["from the other process"]);
    await other.background.sweep(tenant.scope);
    expect(await tenant.owed()).toEqual([]);
  });
});
