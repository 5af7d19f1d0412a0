import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { seeded } from "../../../../test/support/random.ts";

const world = await openWorld();

const NAMES = ["Ana", "Ben", "Carla Silva", "Dmitri", "Ifeoma"];
const PLACES = ["Lisbon", "Porto", "Buenos Aires", "Osaka"];

/** Statements that meet each other: same subjects, near-duplicates, plain mentions. */
function text(pick: <T>(of: readonly T[]) => T): string {
  return pick([
    () => `I live in ${pick(PLACES)}.`,
    () => `I live in ${pick(PLACES)} now.`,
    () => `I work at ${pick(["Acme", "Globex", "Initech"])}.`,
    () => `${pick(NAMES)} met ${pick(NAMES)} in ${pick(PLACES)} and they talked about the harvest.`,
    () => `My sister lives in ${pick(PLACES)}.`,
    () => `The spare key is with ${pick(NAMES)}${pick(["", ".", "!"])}`,
  ])();
}

async function rowsOf(tenant: Tenant) {
  const all = { prefix: [], limit: 10_000 } as const;
  const [memories, entities, relations, references, partitions] = await Promise.all([
    tenant.reader.range({ table: "memory", ...all }),
    tenant.reader.range({ table: "entity", ...all }),
    tenant.reader.range({ table: "relation", ...all }),
    tenant.reader.range({ table: "reference", ...all }),
    tenant.reader.range({ table: "partition", ...all }),
  ]);
  return { memories, entities, relations, references, partitions };
}

describe("after any writes, patches, forgettings and undoings", () => {
  it.each([1, 2, 3, 4])("entities are counted right, and no row points at what is gone (seed %i)", async (seed) => {
    const next = seeded(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
    const tenant = world.tenant();
    const ids: string[] = [];
    let expired = 0;
    const act: Record<string, () => Promise<unknown>> = {
      remember: async () => {
        const batch = Array.from({ length: 1 + Math.floor(next() * 3) }, () =>
          newMemory(text(pick), { userId: pick(["ana", "ben"]), speaker: pick(["Ana", "Ben"]) }),
        );
        const { results } = await tenant.memory.remember(tenant.writer, batch);
        for (const { id } of results) if (id !== null) ids.push(id);
      },
      patch: () => tenant.memory.patch(tenant.writer, pick(ids), { content: text(pick) }, {}),
      forget: () => tenant.memory.forget(tenant.writer, pick(ids)),
      undo: () => tenant.memory.undoMerges(tenant.writer, pick(ids)),
      invalidate: () => tenant.memory.invalidate(tenant.writer, pick(ids), { reason: "x" }, {}),
    };
    for (let i = 0; i < 120; i++) {
      world.clock.advance(1_000);
      const name =
        ids.length === 0
          ? "remember"
          : pick(["remember", "remember", "remember", "patch", "forget", "undo", "invalidate"]);
      try {
        await act[name]?.();
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/^memory\.(not_found|merge_not_found|time_invalid)$/),
        });
        expired++;
      }
    }
    const { memories, entities, relations, references, partitions } = await rowsOf(tenant);
    expect(memories.length).toBeGreaterThan(10);
    expect(expired).toBeLessThan(100);
    const known = new Set(memories.map(({ id }) => id));
    const counts = new Map<string, number>();
    for (const memory of memories)
      for (const { id } of memory.entities ?? []) {
        const key = `${memory.userId} ${id}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    expect(new Map(entities.map(({ partition, id, frequency }) => [`${partition} ${id}`, frequency]))).toEqual(counts);
    const facts = memories.flatMap(({ id, facts }) =>
      (facts ?? []).map((fact) => `${id} ${fact.subjectId} ${fact.type} ${fact.objectId}`),
    );
    expect(relations.map((row) => `${row.memoryId} ${row.subjectId} ${row.type} ${row.objectId}`).sort()).toEqual(
      facts.sort(),
    );
    for (const { memoryId, targetId } of references)
      expect([known.has(memoryId), known.has(targetId)]).toEqual([true, true]);
    for (const { partition, memoryCount } of partitions)
      expect(memories.filter(({ userId }) => userId === partition)).toHaveLength(memoryCount);
    // What is out of sight was put there by something that still is.
    for (const memory of memories.filter(({ status }) => status === "merged" || status === "superseded"))
      expect(references.some(({ targetId, undoneAt }) => targetId === memory.id && undoneAt === undefined)).toBe(true);
    expect(await tenant.owed()).toEqual([]);
    expect(await tenant.indexed()).toBe(memories.length);
  });
});

it("of many writers of nearly the same text exactly one memory stays in sight", async () => {
  const tenant = world.tenant();
  const versions = Array.from(
    { length: 12 },
    (_, i) => `The heron nests by the old mill on the river${".".repeat(1 + (i % 3))}${" ".repeat(i)}`,
  );
  await Promise.all(versions.map((content) => tenant.memory.remember(tenant.writer, [newMemory(content)])));
  const { memories } = await rowsOf(tenant);
  expect(memories.filter(({ status }) => status === "active")).toHaveLength(1);
});
