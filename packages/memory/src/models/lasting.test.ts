import type { DeepModels, Embedder, StoredVector } from "@nexus/core";
import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import { createMemory, type Memories } from "../index.ts";
import { createShelf, createSynonyms } from "../../../../test/support/shelf.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });

function start(deep: DeepModels): Memories {
  return createMemory({ ...world.dependencies, deep });
}

/** Sweeps until no job is open. */
async function settle(service: Memories, { scope }: Tenant): Promise<void> {
  await service.background.sweep(scope);
  const open = async (): Promise<string[]> =>
    (await service.memory.jobs(scope, { limit: 200 })).items
      .map(({ status }) => status)
      .filter((status) => status === "queued" || status === "running");
  await expect.poll(open).toEqual([]);
}

async function synonymsOf({ reader }: Tenant, generation: number): Promise<StoredVector[]> {
  const rows = await reader.range({ table: "vector", prefix: [], limit: 1_000 });
  return rows.filter((row) => row.name === "synonyms" && row.generation === generation);
}

const told = async ({ memory }: Memories, { writer }: Tenant, content: string): Promise<string> =>
  (await memory.remember(writer, [{ content, userId: "ana", metadata: {} }])).results[0]?.id ?? "";

const ask = async ({ memory }: Memories, { scope }: Tenant, query: string) =>
  await memory.recall(scope, recallRequest(query, { mode: "fast" }));

describe("a generation that is rolled back to", () => {
  it("is given vectors of what was written and changed since it was left", async () => {
    const tenant = world.tenant();
    const changed = await tenant.tell("Ana fed the dog");
    const shelf = createShelf(createSynonyms("1"), createSynonyms("2", 192));
    const service = start(shelf);
    await settle(service, tenant);
    shelf.wants = createSynonyms("2", 192);
    await settle(service, tenant);
    const later = await told(service, tenant, "A physician came");
    await service.memory.patch(tenant.writer, changed, { content: "A feline came" }, {});
    await settle(service, tenant);
    expect(await synonymsOf(tenant, 1)).toHaveLength(0);
    await service.memory.switchModels(tenant.scope, "rollBack");
    await settle(service, tenant);
    expect(await synonymsOf(tenant, 1)).toHaveLength(2);
    for (const [query, id] of [
      ["doctor", later],
      ["cat", changed],
    ] as const) {
      const [first] = (await ask(service, tenant, query)).results;
      expect(first?.memory.id).toBe(id);
      expect(first?.factors.semantic).toBeGreaterThan(0.3);
    }
    await service.background.stop();
  });

  it("is searched at once, also for memories whose points were written again since", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("Ana bought an automobile");
    const shelf = createShelf(createSynonyms("1"), createSynonyms("2", 192));
    const service = start(shelf);
    await settle(service, tenant);
    shelf.wants = createSynonyms("2", 192);
    await settle(service, tenant);
    // Writes the memory's points again and leaves its text.
    await service.memory.patch(tenant.writer, id, { metadata: { seen: true } }, {});
    await service.memory.switchModels(tenant.scope, "rollBack");
    const { results } = await ask(service, tenant, "a car?");
    expect(results[0]?.factors.semantic).toBeGreaterThan(0.3);
    await service.background.stop();
  });
});

describe("a filling", () => {
  it("of a model whose files were gone meanwhile is taken up again by itself once they are back", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const shelf = createShelf(createSynonyms("1"));
    const service = start(shelf);
    const kept = [...shelf.here];
    shelf.here.clear();
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).next?.model).toBe("synonyms-1");
    for (const [model, embedder] of kept) shelf.here.set(model, embedder);
    world.clock.advance(600_001);
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).active?.model).toBe("synonyms-1");
    await service.background.stop();
  });

  it("that begins while memories are walked for another reason is not compared before it is filled", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 40; i++) await tenant.tell(`Note ${i} tells of an automobile, number ${i * 7}`);
    const [old, next] = [createSynonyms("1"), createSynonyms("2", 192)];
    const shelf = createShelf(old, next);
    const service = start(shelf);
    await settle(service, tenant);
    let isPlanned = false;
    const inner = { ...shelf };
    Object.assign(shelf, {
      // Another model is wanted just after a walk has begun that finds nothing lacking.
      async of(model: string): Promise<Embedder | undefined> {
        const found = await inner.of(model);
        if (!isPlanned && shelf.wants === old) {
          isPlanned = true;
          shelf.wants = next;
          void service.background.sweep(tenant.scope);
          await expect.poll(async () => (await service.memory.models(tenant.scope)).next?.number).toBe(2);
        }
        return found;
      },
    });
    await service.memory.switchModels(tenant.scope, "refill");
    await settle(service, tenant);
    await expect
      .poll(async () => (await service.memory.models(tenant.scope)).active)
      .toMatchObject({ number: 2, model: "synonyms-2" });
    await service.background.stop();
  });

  it("does not keep the tenant's other jobs waiting until it is done", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 70; i++) await tenant.tell(`Note ${i} tells of an automobile, number ${i * 7}`);
    const service = start(createShelf(createSynonyms("1")));
    let accepted: string | undefined;
    const progress: unknown[] = [];
    world.interfere.vectors = async ({ method }) => {
      if (method !== "upsert") return;
      const { items } = await service.memory.jobs(tenant.scope, { limit: 200 });
      const isFilling = items.some(({ kind, status }) => kind === "embed" && status === "running");
      if (isFilling && accepted === undefined) {
        accepted = "";
        const draft = { content: "Said while the vectors are filled", userId: "ana", metadata: {} };
        accepted = (await service.memory.rememberLater(tenant.writer, [draft])).id;
      }
      if (accepted && items.some(({ id, status }) => id === accepted && status === "running")) progress.push(isFilling);
    };
    await settle(service, tenant);
    expect(progress).toContain(true);
    await service.background.stop();
  });

  it("goes on past a text that the model cannot read", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    await tenant.tell("broken beyond reading");
    const inner = createSynonyms("1");
    const picky: Embedder = {
      ...inner,
      async embed(texts, options) {
        if (texts.some((text) => text.includes("broken")))
          throw new NexusError("embed.input_broken", "[test] cannot be read");
        return await inner.embed(texts, options);
      },
    };
    const service = start(createShelf(picky));
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).active?.model).toBe("synonyms-1");
    const { results } = await ask(service, tenant, "a car?");
    expect(results[0]?.memory.content).toBe("Ana bought an automobile");
    await service.background.stop();
  });
});

describe("what a write owes", () => {
  it.each(["gone", "damaged"] as const)("is made up for once the model, %s for a while, is back", async (fault) => {
    const tenant = world.tenant();
    await tenant.tell("The first of all");
    const inner = createSynonyms("1");
    let isDamaged = false;
    const model: Embedder = {
      ...inner,
      async embed(texts, options) {
        if (isDamaged) throw new NexusError("embed.checksum", "[test] damaged");
        return await inner.embed(texts, options);
      },
    };
    const shelf = createShelf(model);
    const service = start(shelf);
    await settle(service, tenant);
    if (fault === "gone") shelf.here.clear();
    else isDamaged = true;
    await told(service, tenant, "A physician came");
    await settle(service, tenant);
    expect(await synonymsOf(tenant, 1)).toHaveLength(1);
    shelf.here.set("synonyms-1", model);
    isDamaged = false;
    world.clock.advance(600_001);
    await settle(service, tenant);
    expect(await synonymsOf(tenant, 1)).toHaveLength(2);
    await service.background.stop();
  });

  it("leaves no job behind once it is done", async () => {
    const tenant = world.tenant();
    await tenant.tell("The first of all");
    const service = start(createShelf(createSynonyms("1")));
    await settle(service, tenant);
    const before = (await tenant.jobs()).length;
    for (const content of ["A physician came", "A feline came"]) await told(service, tenant, content);
    await settle(service, tenant);
    expect(await synonymsOf(tenant, 1)).toHaveLength(3);
    expect(await tenant.jobs()).toHaveLength(before);
    await service.background.stop();
  });

  it("ends the answers that were found without it", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 12; i++) await tenant.tell(`The doctor's note ${i}, of the doctor and number ${i * 7}`);
    const inner = createSynonyms("1");
    let held: Promise<void> | undefined;
    const slow: Embedder = {
      ...inner,
      async embed(texts, options) {
        if (options?.role !== "query") await held;
        return await inner.embed(texts, options);
      },
    };
    const service = start(createShelf(slow));
    await settle(service, tenant);
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    const id = await told(service, tenant, "A physician came");
    const semantic = async (): Promise<number> => {
      const { results } = await service.memory.recall(
        tenant.scope,
        recallRequest("which doctor came", { mode: "fast", k: 20, maxStalenessMs: 0 }),
      );
      return results.find(({ memory }) => memory.id === id)?.factors.semantic ?? 0;
    };
    const early = await semantic();
    release();
    await settle(service, tenant);
    expect(await semantic()).toBeGreaterThan(early + 0.1);
    await service.background.stop();
  });
});
