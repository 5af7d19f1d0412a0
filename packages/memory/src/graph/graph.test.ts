import type { EntityType, Relation } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { EntitiesRequest, EntityView } from "./graph-service.ts";
import { spansOf } from "./relations.ts";

const DAY_MS = 86_400_000;
const world = await openWorld();
const { clock, interfere } = world;
const ago = (days: number): Date => new Date(clock.now() - days * DAY_MS);

const list = (tenant: Tenant, fields: Partial<EntitiesRequest> = {}) =>
  tenant.memory.entities(tenant.scope, { userId: "ana", limit: 50, ...fields });
async function named(tenant: Tenant, name: string): Promise<EntityView> {
  const { items } = await list(tenant, { q: name });
  return await tenant.memory.entity(tenant.scope, "ana", items[0]?.id ?? "");
}

let told = 0;
/** Tags are entities that no reading of the text can get wrong, and a text without words names nothing. */
const tag = (tenant: Tenant, ...tags: string[]): Promise<string> =>
  tenant.tell("!".repeat(++told), { metadata: { tags } });

describe("entities", () => {
  it("are listed most often named first, by type, and by a part of their name", async () => {
    const tenant = world.tenant();
    await tag(tenant, "birds", "mills");
    await tag(tenant, "birds");
    await tag(tenant, "Birdsong");
    const { items, nextCursor, ranked } = await list(tenant, { type: "tag" });
    expect(items.map(({ name, frequency }) => [name, frequency]).slice(0, 1)).toEqual([["birds", 2]]);
    expect(new Set(items.map(({ name }) => name))).toEqual(new Set(["birds", "mills", "Birdsong"]));
    expect([nextCursor, ranked]).toEqual([null, true]);
    expect((await list(tenant, { type: "tag", q: "BIRD" })).items.map(({ name }) => name)).toEqual([
      "birds",
      "Birdsong",
    ]);
    expect((await list(tenant, { type: "location" })).items).toEqual([]);
  });

  it("come page by page, each once, and a cursor of another list is refused", async () => {
    const tenant = world.tenant();
    const tags = Array.from({ length: 11 }, (_, i) => `tag-${i}`);
    for (const one of tags) await tag(tenant, one);
    for (const one of tags.slice(0, 5)) await tag(tenant, one);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(tenant, { type: "tag", limit: 4, cursor });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(tags.toSorted());
    expect(new Set(seen.slice(0, 5))).toEqual(new Set(tags.slice(0, 5)));
    const { nextCursor } = await list(tenant, { type: "tag", limit: 4 });
    await expect(list(tenant, { limit: 4, cursor: nextCursor ?? "" })).rejects.toMatchObject({ code: "body.invalid" });
    await expect(list(world.tenant(), { type: "tag", cursor: nextCursor ?? "" })).rejects.toMatchObject({
      code: "body.invalid",
    });
  });

  it("beyond 5,000 the others follow in the order of ids, and every one is listed once", async () => {
    const tenant = world.tenant();
    const entity = (n: number) => ({
      partition: "ana",
      id: String(n).padStart(5, "0"),
      type: "tag" as EntityType,
      name: `t${n}`,
      nameKey: `t${n}`,
      aliases: [],
      frequency: n % 7,
      firstSeenAt: ago(1),
      lastSeenAt: ago(1),
    });
    await world.dependencies.records.transact(tenant.scope, [], async (tx) => {
      for (let n = 0; n < 5_300; n++) tx.put("entity", entity(n));
    });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(tenant, { limit: 200, cursor });
      expect(page.ranked).toBe(false);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([5_300, 5_300]);
    expect(seen.slice(5_000)).toEqual(seen.slice(5_000).toSorted());
  });

  it("are those of one user", async () => {
    const tenant = world.tenant();
    await tenant.tell("....", { userId: "ben", metadata: { tags: ["secret"] } });
    await tenant.tell(".....", { userId: undefined, metadata: { tags: ["shared"] } });
    expect((await list(tenant)).items).toEqual([]);
    expect((await list(tenant, { userId: undefined, type: "tag" })).items.map(({ name }) => name)).toEqual(["shared"]);
  });
});

describe("an entity", () => {
  it("shows what it is named with, how often, and its newest memories", async () => {
    const tenant = world.tenant();
    const first = await tag(tenant, "birds", "mills");
    clock.advance(1_000);
    const second = await tag(tenant, "birds", "mills", "boats");
    clock.advance(1_000);
    const third = await tag(tenant, "birds");
    const { entity, companions, memoryIds } = await named(tenant, "birds");
    expect(entity).toMatchObject({ name: "birds", type: "tag", frequency: 3 });
    expect(memoryIds).toEqual([third, second, first]);
    const tags = companions.filter((one) => one.entity.type === "tag");
    expect(tags.map((one) => [one.entity.name, one.count, one.memoryIds])).toEqual([
      ["mills", 2, [second, first]],
      ["boats", 1, [second]],
    ]);
    expect(tags[0]?.strength).toBeCloseTo(2 / Math.sqrt(3 * 2), 12);
  });

  it("leaves out what was forgotten, has expired or was invalidated", async () => {
    const tenant = world.tenant();
    const kept = await tag(tenant, "birds");
    const gone = await tag(tenant, "birds", "boats");
    await tenant.tell("...", { metadata: { tags: ["birds"] }, expiresAt: new Date(clock.now() + 1_000) });
    const wrong = await tag(tenant, "birds", "mills");
    await tenant.memory.forget(tenant.writer, gone);
    clock.advance(2_000);
    await tenant.memory.invalidate(tenant.writer, wrong, { reason: "a mistake" }, {});
    const { companions, memoryIds } = await named(tenant, "birds");
    expect([companions, memoryIds]).toEqual([[], [kept]]);
  });

  it("has relations with their strength and their time, from the memories that state them", async () => {
    const tenant = world.tenant();
    const old = await tenant.tell("I live in Lisbon", { speaker: "Ana", createdAt: ago(40) });
    const now = await tenant.tell("I live in Porto now", { speaker: "Ana", createdAt: ago(20) });
    const { relations } = await named(tenant, "Ana");
    const homes = relations
      .filter(({ type }) => type === "home")
      .sort((a, b) => Number(a.validFrom) - Number(b.validFrom));
    expect(homes).toMatchObject([
      { to: { name: "Lisbon" }, validFrom: ago(40), validTo: ago(20), memoryIds: [old], occurrenceCount: 1 },
      { to: { name: "Porto" }, validFrom: ago(20), validTo: undefined, memoryIds: [now], occurrenceCount: 1 },
    ]);
    expect(homes[0]?.strength).toBeCloseTo(homes[0]?.confidence ?? 0, 12);
    const lisbon = await named(tenant, "Lisbon");
    expect(lisbon.relations).toMatchObject([{ type: "home", from: { name: "Ana" } }]);
  });

  it("is not found under another user, in another tenant, or under no id", async () => {
    const tenant = world.tenant();
    await tag(tenant, "birds");
    const { id } = (await named(tenant, "birds")).entity;
    const missing = { code: "entity.not_found" };
    await expect(tenant.memory.entity(tenant.scope, "ben", id)).rejects.toMatchObject(missing);
    const other = world.tenant();
    await expect(other.memory.entity(other.scope, "ana", id)).rejects.toMatchObject(missing);
    await expect(tenant.memory.entity(tenant.scope, "ana", "x'; DELETE entity")).rejects.toMatchObject(missing);
  });
});

describe("spans of a relation", () => {
  const row = (from: number, to: number | undefined, confidence: number, memoryId: string): Relation => ({
    partition: "ana",
    subjectId: "a",
    type: "home",
    objectId: "b",
    memoryId,
    subjectName: "Ana",
    objectName: "Lisbon",
    confidence,
    validFrom: new Date(from),
    validTo: to === undefined ? undefined : new Date(to),
  });

  it("join statements whose times touch, at the chance that one of them is right, and keep apart what began again", () => {
    const spans = spansOf([row(5, 9, 0.5, "m2"), row(1, 6, 0.8, "m1"), row(20, undefined, 0.6, "m3")]);
    expect(spans).toMatchObject([
      { validFrom: new Date(1), validTo: new Date(9), occurrenceCount: 2, confidence: 0.8, memoryIds: ["m2", "m1"] },
      { validFrom: new Date(20), validTo: undefined, occurrenceCount: 1, confidence: 0.6 },
    ]);
    expect(spans[0]?.strength).toBeCloseTo(0.9, 12);
  });

  it("have no end while one statement has none", () => {
    expect(spansOf([row(1, undefined, 0.5, "m1"), row(2, 3, 0.5, "m2"), row(9, 10, 0.5, "m3")])).toHaveLength(1);
  });
});

describe("the graph", () => {
  /** birds – mills – boats – nets: each named with the next. */
  async function chain() {
    const tenant = world.tenant();
    await tag(tenant, "birds", "mills");
    await tag(tenant, "mills", "boats");
    await tag(tenant, "boats", "nets");
    return tenant;
  }
  const around = async (tenant: Tenant, entity: string, fields: { depth?: 1 | 2; limit?: number } = {}) => {
    const graph = await tenant.memory.graph(tenant.scope, { userId: "ana", entity, depth: 1, limit: 50, ...fields });
    const names = new Map(graph.nodes.map(({ id, name }) => [id, name] as const));
    const edges = graph.edges.map(({ from, to, type }) =>
      [names.get(from) ?? "", names.get(to) ?? ""].toSorted().join(` ${type} `),
    );
    return { nodes: graph.nodes.map(({ name }) => name), edges: edges.sort() };
  };

  it("reaches one step, or two, from an entity given by name or id, in any spelling", async () => {
    const tenant = await chain();
    expect(await around(tenant, " BIRDS ")).toEqual({ nodes: ["birds", "mills"], edges: ["birds coOccurs mills"] });
    expect(await around(tenant, (await named(tenant, "birds")).entity.id, { depth: 2 })).toEqual({
      nodes: ["birds", "mills", "boats"],
      edges: ["birds coOccurs mills", "boats coOccurs mills"],
    });
  });

  it("has relations as edges with their time, between nodes that it shows", async () => {
    const tenant = world.tenant();
    const id = await tenant.tell("I live in Lisbon", { speaker: "Ana", createdAt: ago(40) });
    const graph = await tenant.memory.graph(tenant.scope, { userId: "ana", entity: "Ana", depth: 1, limit: 50 });
    const [ana, lisbon] = ["Ana", "Lisbon"].map((name) => graph.nodes.find((node) => node.name === name)?.id);
    expect(graph.nodes[0]?.id).toBe(ana);
    const home = graph.edges.find(({ type }) => type === "home");
    expect(home).toMatchObject({ from: ana, to: lisbon, validFrom: ago(40), validTo: undefined, memoryIds: [id] });
  });

  it("has no more nodes than asked for, and no edge to one that it leaves out", async () => {
    const tenant = world.tenant();
    await tag(tenant, "hub", "a", "b", "c", "d");
    const graph = await tenant.memory.graph(tenant.scope, { userId: "ana", entity: "hub", depth: 2, limit: 3 });
    const ids = new Set(graph.nodes.map(({ id }) => id));
    expect(ids.size).toBe(3);
    for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
  });

  it("is not found around what nothing names, and searches no more than 13 times", async () => {
    const tenant = world.tenant();
    await expect(around(tenant, "nobody")).rejects.toMatchObject({ code: "entity.not_found" });
    await tag(tenant, "hub", ...Array.from({ length: 15 }, (_, i) => `spoke ${i}`));
    let searches = 0;
    interfere.vectors = ({ method }) => {
      if (method === "search") searches++;
    };
    await around(tenant, "hub", { depth: 2 });
    expect(searches).toBe(13);
  });
});
