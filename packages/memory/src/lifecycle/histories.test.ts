/** Random histories of one user, also by several writers at once: the rows agree with each other afterwards. */

import type { Memory, TableName, Tables } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ended } from "../../../../test/support/erase-world.ts";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import type { ImportItem } from "../transfer/transfer-service.ts";

const world = await openWorld();
const { clock, dependencies } = world;
const DAY_MS = 86_400_000;

const TEXTS = [
  "I live in Porto.",
  "I moved to Lisbon, I live in Lisbon now.",
  "I moved to Berlin, I live in Berlin now.",
  "I work at Acme.",
  "I work at Globex now, I left Acme.",
  "The spare key is under the blue flower pot by the door",
  "The spare key is under the blue flower pot, by the door!",
  "The spare key is under the blue flower pot by the door.",
  "Maria Gonzalez repaired the mill with Jaroslav Novak",
];

type Step =
  | { readonly kind: "tell"; readonly texts: readonly number[]; readonly days: number }
  | { readonly kind: "forget" | "undo" | "invalidate"; readonly at: number }
  | { readonly kind: "patch"; readonly at: number; readonly text: number }
  | { readonly kind: "retag"; readonly at: number; readonly tag: string };

const at = fc.nat({ max: 30 });
const text = fc.nat({ max: TEXTS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("tell" as const),
      texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      days: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("forget" as const, "undo" as const, "invalidate" as const), at }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("patch" as const), at, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retag" as const), at, tag: fc.constantFrom("a", "b") }) },
);

/** What a step may be refused with: what it is about is gone, or in no state for it. */
const REFUSALS = ["memory.not_found", "memory.merge_not_found", "memory.time_invalid"];

async function take(tenant: Tenant, one: Step): Promise<void> {
  const { memory, writer } = tenant;
  if (one.kind === "tell") {
    const createdAt = new Date(clock.now() - one.days * DAY_MS);
    await memory.remember(
      writer,
      one.texts.map((i) => newMemory(TEXTS[i] ?? "", { speaker: "Ana", createdAt })),
    );
    return;
  }
  const rows = await tenant.reader.range({ table: "memory", prefix: [], limit: 1_000 });
  const id = rows[one.at % rows.length]?.id;
  if (id === undefined) return;
  try {
    if (one.kind === "forget") await memory.forget(writer, id);
    if (one.kind === "undo") await memory.undoMerges(writer, id);
    if (one.kind === "invalidate") await memory.invalidate(writer, id, { reason: "no more" }, {});
    if (one.kind === "patch") await memory.patch(writer, id, { content: TEXTS[one.text] ?? "" }, {});
    if (one.kind === "retag") await memory.patch(writer, id, { metadata: { tags: [one.tag] } }, {});
  } catch (error) {
    expect(REFUSALS).toContain((error as { code?: string }).code);
  }
}

const all = async <T extends TableName>(tenant: Tenant, table: T): Promise<Tables[T][]> =>
  await tenant.reader.range({ table, prefix: [], limit: 10_000 });

/** What does not agree; ids and names, no texts. */
async function faultsOf(tenant: Tenant): Promise<string[]> {
  const faults: string[] = [];
  const memories = await all(tenant, "memory");
  const byId = new Map(memories.map((row) => [row.id, row]));
  const [partition] = await all(tenant, "partition");
  if ((partition?.memoryCount ?? 0) !== memories.length) faults.push("the count of memories");
  if ((await tenant.indexed()) !== memories.length) faults.push("the number of indexed memories");
  if ((await tenant.owed()).length > 0) faults.push("the outbox");

  const counts = new Map<string, number>();
  for (const { entities = [] } of memories) for (const { id } of entities) counts.set(id, (counts.get(id) ?? 0) + 1);
  const entities = new Map((await all(tenant, "entity")).map(({ id, frequency }) => [id, frequency]));
  expect(entities).toEqual(counts);

  const stated = new Set<string>();
  const keyOf = (memoryId: string, fact: { subjectId: string; type: string; objectId: string }): string =>
    [memoryId, fact.subjectId, fact.type, fact.objectId].join("|");
  for (const { id, facts = [] } of memories) for (const fact of facts) stated.add(keyOf(id, fact));
  const relations = await all(tenant, "relation");
  expect(new Set(relations.map((row) => keyOf(row.memoryId, row)))).toEqual(stated);
  for (const { memoryId, validTo } of relations)
    if (byId.get(memoryId)?.validTo?.getTime() !== validTo?.getTime()) faults.push("the end of a relation");

  const live = (await all(tenant, "reference")).filter(({ undoneAt }) => undoneAt === undefined);
  for (const { memoryId, targetId } of live)
    if (!byId.has(memoryId) || !byId.has(targetId)) faults.push("a reference to nothing");
  const holding = (row: Memory, type: string): number =>
    live.filter((reference) => reference.targetId === row.id && reference.type === type).length;
  for (const row of memories) {
    if (row.status === "merged" && holding(row, "mergedInto") !== 1) faults.push("what holds a merged memory");
    if (row.status === "superseded" && holding(row, "supersedes") === 0) faults.push("what holds a superseded memory");
    if (row.status === "active" && holding(row, "mergedInto") + holding(row, "supersedes") > 0)
      faults.push("an active memory that is held");
    const versions = await tenant.reader.range({ table: "version", prefix: [row.id], limit: 100 });
    if (versions.length !== row.version - 1) faults.push("the history of a memory");
  }
  faults.push(...(await indexFaults(tenant, memories)));
  return faults;
}

/** The index holds each memory's state as it is. */
async function indexFaults(tenant: Tenant, memories: readonly Memory[]): Promise<string[]> {
  if (memories.length === 0) return [];
  const sparse = { ids: new Uint32Array(0), weights: new Float32Array(0) };
  const hits = await dependencies.vectors.search(tenant.scope, {
    by: { sparse },
    filter: { all: [] },
    among: memories.map(({ id }) => id),
    limit: 10_000,
  });
  const states = new Map(hits.map(({ memoryId, payload }) => [memoryId, [payload.status, payload.version].join()]));
  return memories.flatMap(({ id, status, version }) =>
    states.get(id) === [status, version].join() ? [] : ["a payload in the index"],
  );
}

/** All of one tenant put into an empty one, as the wire would carry it. */
async function move(from: Tenant, to: Tenant): Promise<void> {
  const items: ImportItem[] = [];
  for await (const item of from.memory.exportItems(from.scope, {})) {
    if (item.kind === "memory") items.push({ kind: "memory", memory: { ...item.row, arrival: item.row.addedSeq } });
    if (item.kind === "reference") items.push(item);
  }
  for (let at = 0; at < items.length; at += 100) {
    const results = await to.memory.importItems(to.writer, items.slice(at, at + 100));
    expect(results.filter(({ event }) => event !== "imported")).toEqual([]);
  }
}

const statesOf = async (tenant: Tenant) =>
  (await all(tenant, "memory")).map(({ id, content, status, validTo }) => ({ id, content, status, validTo }));

describe("after any history", { timeout: 120_000 }, () => {
  it("of one writer, rows, counts, references and index agree", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        const tenant = world.tenant();
        for (const one of steps) {
          clock.advance(60_000);
          await take(tenant, one);
        }
        expect(await faultsOf(tenant)).toEqual([]);
        for (const { status } of await statesOf(tenant)) seen.add(status);
      }),
      { numRuns: 25 },
    );
    expect([...seen].sort()).toEqual(["active", "invalidated", "merged", "superseded"]);
  });

  it("of several writers at once, they agree as well", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        async (writers) => {
          const tenant = world.tenant();
          clock.advance(60_000);
          await Promise.all(
            writers.map(async (steps) => {
              for (const one of steps) await take(tenant, one);
            }),
          );
          expect(await faultsOf(tenant)).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("and a move to another tenant they agree there too, in the same states", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        const [from, to] = [world.tenant(), world.tenant()];
        for (const one of steps) {
          clock.advance(60_000);
          await take(from, one);
        }
        await move(from, to);
        expect(await faultsOf(to)).toEqual([]);
        expect(await statesOf(to)).toEqual(await statesOf(from));
      }),
      { numRuns: 10 },
    );
  });

  it("during which the user is erased, they agree, and nothing from before is left", async () => {
    const many = fc.array(fc.array(step, { minLength: 3, maxLength: 6 }), { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), many, async (before, writers) => {
        const tenant = world.tenant();
        for (const one of before) await take(tenant, one);
        const former = (await all(tenant, "memory")).map(({ id }) => id);
        clock.advance(60_000);
        const [job] = await Promise.all([
          tenant.memory.eraseUser(tenant.writer, "ana"),
          ...writers.map(async (steps) => {
            for (const one of steps) await take(tenant, one);
          }),
        ]);
        expect(await ended(tenant, job.id)).toMatchObject({ status: "done" });
        await tenant.background.sweep(tenant.scope);
        expect(await faultsOf(tenant)).toEqual([]);
        const left = new Set((await all(tenant, "memory")).map(({ id }) => id));
        expect(former.filter((id) => left.has(id))).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });
});
