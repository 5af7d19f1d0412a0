import type { DeepModels, Embedder, StoredVector } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { describe, expect, it } from "vitest";
import { openWorld, recallRequest, type Tenant } from "../../../../test/support/memory-world.ts";
import { createMemory, type Memories } from "../index.ts";
import { vectorNameOf } from "./generations.ts";
import { createShelf, createSynonyms } from "../../../../test/support/shelf.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });

/** A service with deep models, over the stores of the world. */
function start(deep: DeepModels): Memories {
  return createMemory({ ...world.dependencies, deep });
}

async function settle(service: Memories, { scope }: Tenant): Promise<void> {
  await service.background.sweep(scope);
  await expect
    .poll(async () => (await service.memory.jobs(scope, { limit: 200 })).items.map(({ status }) => status))
    .not.toContain("queued");
  await expect
    .poll(async () => (await service.memory.jobs(scope, { limit: 200 })).items.map(({ status }) => status))
    .not.toContain("running");
}

async function vectorsOf({ reader }: Tenant): Promise<StoredVector[]> {
  return await reader.range({ table: "vector", prefix: [], limit: 1_000 });
}

const ask = async ({ memory }: Memories, { scope }: Tenant, query: string) =>
  await memory.recall(scope, recallRequest(query, { mode: "fast" }));

describe("a deep model", () => {
  it("is filled beside the built-in one, compared, and then finds what that does not", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    for (let i = 0; i < 40; i++) await tenant.tell(`Note ${i} tells of plain things, number ${i * 7}`);
    const service = start(createShelf(createSynonyms("1")));
    const before = await ask(service, tenant, "a car?");
    expect(before.results[0]?.factors.semantic ?? 0).toBeLessThan(0.3);
    await settle(service, tenant);
    const state = await service.memory.models(tenant.scope);
    expect(state).toMatchObject({ active: { number: 1, name: "synonyms", model: "synonyms-1" }, last: 1 });
    expect(state.next).toBeUndefined();
    expect((await vectorsOf(tenant)).filter(({ name }) => name === "synonyms")).toHaveLength(41);
    const after = await ask(service, tenant, "a car?");
    expect(after.results[0]?.memory.content).toBe("Ana bought an automobile");
    expect(after.results[0]?.factors.semantic).toBeGreaterThan(0.3);
    expect(after.skipped).toEqual([]);
    const job = (await service.memory.jobs(tenant.scope, { limit: 10 })).items.find(({ kind }) => kind === "embed");
    expect(job?.result).toMatchObject({ inUse: true, comparison: { queries: 41, selfAt10: 1 } });
    await service.background.stop();
  });

  it("gives vectors to what is written, changed and continued later", async () => {
    const tenant = world.tenant();
    await tenant.tell("The first of all");
    const service = start(createShelf(createSynonyms("1")));
    await settle(service, tenant);
    const { results } = await service.memory.remember(tenant.writer, [
      { content: "A physician came", userId: "ana", metadata: {} },
    ]);
    const id = results[0]?.id ?? "";
    await settle(service, tenant);
    expect((await ask(service, tenant, "the doctor")).results[0]?.memory.id).toBe(id);
    await service.memory.patch(tenant.writer, id, { content: "A feline came" }, {});
    await settle(service, tenant);
    const { results: cats } = await ask(service, tenant, "a cat");
    expect(cats[0]?.memory.id).toBe(id);
    expect(cats[0]?.factors.semantic).toBeGreaterThan(0.4);
    expect((await vectorsOf(tenant)).filter(({ name }) => name === "synonyms")).toHaveLength(2);
    await service.background.stop();
  });

  it("whose files are gone is named, and the built-in one answers", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const shelf = createShelf(createSynonyms("1"));
    const service = start(shelf);
    await settle(service, tenant);
    shelf.here.clear();
    const { results, skipped } = await ask(service, tenant, "which automobile?");
    expect(results[0]?.memory.content).toBe("Ana bought an automobile");
    expect(skipped).toMatchObject([{ source: "model", reason: "error", code: "embed.model_missing" }]);
    await service.background.stop();
  });

  it("that fails does not keep the answer away, and the answer is not kept", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const inner = createSynonyms("1");
    let fails = false;
    const flaky: Embedder = {
      ...inner,
      embed: async (texts, options) => {
        if (fails) throw new Error("out of order");
        return await inner.embed(texts, options);
      },
    };
    const service = start(createShelf(flaky));
    await settle(service, tenant);
    fails = true;
    const { results, skipped } = await ask(service, tenant, "which automobile?");
    expect(results).toHaveLength(1);
    expect(skipped).toMatchObject([{ source: "model", reason: "error" }]);
    fails = false;
    expect(await ask(service, tenant, "which automobile?")).toMatchObject({ skipped: [], cache: { tier: null } });
    await service.background.stop();
  });
});

describe("another model", () => {
  it("takes the place of the one before only when all is filled; reads go on with the old one until then", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 70; i++) await tenant.tell(`Note ${i} tells of an automobile, number ${i * 7}`);
    const [old, next] = [createSynonyms("1"), createSynonyms("2", 192)];
    const shelf = createShelf(old, next);
    const service = start(shelf);
    await settle(service, tenant);
    let isSearched = true;
    world.interfere.vectors = async ({ method }) => {
      if (method !== "upsert" || !isSearched) return;
      isSearched = false;
      // In the middle of the filling: half of the vectors are there, and none of them are searched.
      const { active, next: filling } = await service.memory.models(tenant.scope);
      expect([active?.model, filling?.model]).toEqual(["synonyms-1", "synonyms-2"]);
      expect((await ask(service, tenant, "car number 70")).skipped).toEqual([]);
    };
    shelf.wants = next;
    await settle(service, tenant);
    expect(isSearched).toBe(false);
    expect(await service.memory.models(tenant.scope)).toMatchObject({
      active: { number: 2, model: "synonyms-2" },
      previous: { number: 1, model: "synonyms-1" },
    });
    const names = new Set((await vectorsOf(tenant)).map(({ name, generation }) => `${name}.${generation}`));
    expect(names).toEqual(new Set(["hashing.1", "synonyms.1", "synonyms.2"]));
    await service.background.stop();
  });

  it("is rolled back at once, not begun again by itself, and retired on request", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const [old, next] = [createSynonyms("1"), createSynonyms("2", 192)];
    const shelf = createShelf(old, next);
    const service = start(shelf);
    await settle(service, tenant);
    shelf.wants = next;
    await settle(service, tenant);
    const back = await service.memory.switchModels(tenant.scope, "rollBack");
    expect(back).toMatchObject({ active: { model: "synonyms-1" }, previous: { model: "synonyms-2" } });
    expect((await ask(service, tenant, "the car")).skipped).toEqual([]);
    await expect(service.memory.switchModels(tenant.scope, "rollBack")).rejects.toMatchObject({
      code: "embed.generation_missing",
    });
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).next).toBeUndefined();
    await service.memory.switchModels(tenant.scope, "retire");
    await settle(service, tenant);
    expect((await vectorsOf(tenant)).map(vectorNameOfRow).sort()).toEqual(["hashing.1", "synonyms.1"]);
    await service.background.stop();
  });

  it("whose vectors do not find their own memories waits for an operator", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 30; i++) await tenant.tell(`Note ${i} tells of the thing called ${"abcdefghij"[i % 10]}${i}`);
    const [old, broken] = [createSynonyms("1"), createBroken()];
    const shelf = createShelf(old, broken);
    const service = start(shelf);
    await settle(service, tenant);
    shelf.wants = broken;
    await settle(service, tenant);
    const state = await service.memory.models(tenant.scope);
    expect(state).toMatchObject({ active: { model: "synonyms-1" }, next: { model: "broken" } });
    expect(state.next?.comparison?.selfAt10).toBeLessThan(0.5);
    const taken = await service.memory.switchModels(tenant.scope, "cutOver");
    expect(taken).toMatchObject({ active: { model: "broken" }, previous: { model: "synonyms-1" } });
    await service.background.stop();
  });
});

describe("a filling that failed", () => {
  it("is done again on request", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const shelf = createShelf(createSynonyms("1"));
    const service = start(shelf);
    // Gone between the plan and the comparison.
    const { here } = shelf;
    const kept = [...here];
    here.clear();
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).next?.model).toBe("synonyms-1");
    for (const [model, embedder] of kept) here.set(model, embedder);
    await service.memory.switchModels(tenant.scope, "refill");
    await settle(service, tenant);
    expect((await service.memory.models(tenant.scope)).active?.model).toBe("synonyms-1");
    await service.background.stop();
  });
});

describe("without a deep model", () => {
  it("there is nothing to roll back to, and the error says so", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    await expect(tenant.memory.switchModels(tenant.scope, "rollBack")).rejects.toMatchObject({
      code: "embed.generation_missing",
    });
  });

  it("memories written by another built-in model are given vectors of this one, while reads go on", async () => {
    const tenant = world.tenant();
    await tenant.tell("Ana bought an automobile");
    const successor: Embedder = {
      ...createHashingEmbedder({ dimension: 64 }),
      describe: () => ({ ...createHashingEmbedder({ dimension: 64 }).describe(), name: "successor" }),
    };
    const service = createMemory({ ...world.dependencies, embedder: successor });
    expect((await ask(service, tenant, "an automobile")).results).toHaveLength(1);
    await settle(service, tenant);
    expect((await vectorsOf(tenant)).map(vectorNameOfRow)).toEqual(["successor.1"]);
    expect((await ask(service, tenant, "automobile")).results[0]?.sources).toContain("dense");
    await service.background.stop();
  });
});

function vectorNameOfRow({ name, generation }: StoredVector): string {
  return vectorNameOf({ name, number: generation });
}

/** Gives every text another direction each time. */
function createBroken(): Embedder {
  let calls = 0;
  return {
    embed: async (texts) =>
      texts.map(() => {
        const vector = new Float32Array(64);
        vector[calls++ % 64] = 1;
        return vector;
      }),
    describe: () => ({ name: "broken", model: "broken", dimension: 64, unrelatedCosine: 0 }),
  };
}
