import { describe, expect, it } from "vitest";
import { newMemory, openWorld } from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 10_000 });
const { clock } = world;
const DAY_MS = 86_400_000;
const FIRST = "My bread stopped rising after I changed flour, water, yeast and oven at once. Which change did it?";
const LATER = "Now the rye bread came out flat after I swapped the flour, the oven and the yeast. Which was it?";
const HALVING = [
  "The build broke in forty commits, so I went back halfway and kept halving until one change was left",
  "Reverting half of the changes at a time showed which one was guilty",
  "Switched off half of the flags, then half of the rest, until one was left",
];

/** A user who found three memories helpful for a question about bread, a day ago, among forty others. */
async function learnt() {
  const tenant = world.tenant();
  const others = Array.from({ length: 40 }, (_, i) => newMemory(`Day ${i}: bread, flour and yeast for stall ${i}`));
  const { results } = await tenant.memory.remember(tenant.writer, [
    ...HALVING.map((text) => newMemory(text)),
    ...others,
  ]);
  const ids = results.slice(0, 3).map(({ id }) => id ?? "");
  const { queryId } = await tenant.ask(FIRST, { k: 200, mode: "maxAccuracy" });
  for (const memoryId of ids) await tenant.memory.rate(tenant.writer, { queryId, memoryId, rating: 1 });
  await tenant.background.sweep(tenant.scope);
  clock.advance(DAY_MS);
  await tenant.tell("a quiet day");
  await tenant.background.sweep(tenant.scope);
  return { tenant, ids };
}

describe("the intelligence engine in a search", () => {
  it("brings what helped with a question like this one, says so, and is a source of it", async () => {
    const { tenant, ids } = await learnt();
    const { results } = await tenant.ask(LATER, { k: 10 });
    const brought = results.filter(({ sources }) => sources.includes("intelligence"));
    expect(brought.map(({ memory }) => memory.id).sort()).toEqual([...ids].sort());
    for (const { explanation } of brought) expect(explanation).toMatch(/fits “|helped with a question like this/iu);
  });

  it("brings nothing when it is turned off, to another user, or past a filter", async () => {
    const { tenant } = await learnt();
    const sourcesOf = (answer: Awaited<ReturnType<typeof tenant.ask>>) =>
      new Set(answer.results.flatMap(({ sources }) => sources));
    const off = world.start({ engines: { ...world.dependencies.settings.engines, intelligence: false } });
    const request = { query: LATER, userId: "ana", k: 10, mode: "auto", minScore: 0, explain: false } as const;
    const rest = { filter: { all: [] }, maxStalenessMs: 1_000, budgetMs: 60_000 };
    expect(sourcesOf(await off.memory.recall(tenant.scope, { ...request, ...rest }))).not.toContain("intelligence");
    expect(sourcesOf(await tenant.ask(LATER, { userId: "ben" }))).not.toContain("intelligence");
    const filter = { field: "sessionId", operator: "eq", value: "none" } as const;
    expect((await tenant.ask(LATER, { filter })).results).toEqual([]);
  });
});

describe("ratings in a search", () => {
  it("put what a user likes first of two that read alike, where preference has a weight", async () => {
    const tenant = world.tenant();
    const { fusion } = world.dependencies.settings;
    const weights = { ...fusion.weights, keyword: fusion.weights.keyword - 0.05, preference: 0.05 };
    const { memory } = world.start({ fusion: { ...fusion, weights } });
    const rest = { userId: "ana", k: 10, mode: "auto", minScore: 0, explain: true, filter: { all: [] } } as const;
    const ask = (query: string) =>
      memory.recall(tenant.scope, { query, ...rest, maxStalenessMs: 1_000, budgetMs: 60_000 });
    const say = async (thing: string, speaker: string) =>
      await tenant.tell(`There is a ${thing} to go to.`, { speaker });
    const [ben, ana] = [await say("concert", "Ben"), await say("concert", "Ana")];
    await say("market", "Ben");
    await say("market", "Ana");
    const { queryId } = await ask("concert");
    await memory.rate(tenant.writer, { queryId, memoryId: ben, rating: 1 });
    await memory.rate(tenant.writer, { queryId, memoryId: ana, rating: -1 });
    const { results } = await ask("market");
    expect(results.slice(0, 2).map((result) => result.memory.speaker)).toEqual(["Ben", "Ana"]);
    expect(results[0]?.factors.preference).toBeGreaterThan(0.5);
    expect(results[1]?.factors.preference).toBeLessThan(0.5);
  });
});
