import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { applyPatterns } from "./intelligence.ts";
import { recallTrends } from "./recall-trends.ts";

const world = await openWorld();
const { clock, dependencies } = world;
const { embedder, settings } = dependencies;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Memories of one day each, `ago` days back. */
async function tell(tenant: Tenant, texts: string[], { ago = 1, ...fields }: { ago?: number; userId?: string } = {}) {
  const createdAt = new Date(clock.now() - ago * DAY_MS);
  const { results } = await tenant.memory.remember(
    tenant.writer,
    texts.map((text, i) => newMemory(text, { createdAt: new Date(createdAt.getTime() - i * HOUR_MS), ...fields })),
  );
  return results.map(({ id }) => id ?? "");
}
const sourdough = [
  "fed the sourdough starter before breakfast",
  "Ben gave me a jar of sourdough",
  "sourdough needs a hot oven and steam",
  "the neighbour asked for some sourdough",
  "burnt one sourdough, kept the other",
  "wrote down what the sourdough weighed",
];
const trends = (tenant: Tenant, userId: string | undefined = "ana") =>
  tenant.memory.trends(tenant.scope, { userId, window: "week", limit: 10 });
/** Runs what is planned, now. */
async function runJob(tenant: Tenant, kind: "mine" | "learn"): Promise<void> {
  await tenant.background.sweep(tenant.scope);
  clock.advance(kind === "mine" ? HOUR_MS : DAY_MS);
  await tenant.tell(`another thing about ${kind}`);
  await tenant.background.sweep(tenant.scope);
  expect((await tenant.jobs()).filter((job) => job.kind === kind)).toMatchObject([{ status: "done" }]);
}

describe("trends", () => {
  it("are found without a job, with the newest memories first, and of the user alone", async () => {
    const tenant = world.tenant();
    const ids = await tell(tenant, sourdough);
    await tell(tenant, ["sourdough is dull", "more sourdough"], { userId: "ben" });
    const [trend, ...others] = await trends(tenant);
    expect(trend).toMatchObject({ topic: "sourdough", frequency: 6, growthRate: 6, memoryIds: ids });
    expect(others).toEqual([]);
    expect(await trends(tenant, "ben")).toEqual([]);
    expect(await trends(world.tenant())).toEqual([]);
    expect((await trends(tenant, undefined)).map(({ topic }) => topic)).toEqual(["sourdough"]);
  });

  it("are the same from the job's rows, which name no forgotten memory and are patterns of type trend", async () => {
    const tenant = world.tenant();
    const ids = await tell(tenant, sourdough);
    await runJob(tenant, "mine");
    const [gone, ...left] = ids;
    await tenant.memory.forget(tenant.writer, gone ?? "");
    expect(await trends(tenant)).toMatchObject([{ topic: "sourdough", frequency: 6, memoryIds: left }]);
    const rows = await tenant.memory.patterns(tenant.scope, { userId: "ana", type: "trend", limit: 10 });
    expect(rows.every(({ type, frequency }) => type === "trend" && frequency > 0)).toBe(true);
    expect(rows.map(({ description }) => description)).toContain(
      "“sourdough” came up 6 times in a week, 0 times in the one before",
    );
  });

  it("answer a question about the present and nothing else", async () => {
    const tenant = world.tenant();
    const ids = await tell(tenant, sourdough);
    await runJob(tenant, "mine");
    const rows = await tenant.reader.range({ table: "pattern", prefix: ["ana"], limit: 100 });
    const bring = (text: string) => recallTrends(rows, tenant.reader, { partition: "ana", text, now: clock.now() });
    const brought = await bring("What have I been busy with lately?");
    expect(brought.map(({ payload }) => payload.id).sort()).toEqual([...ids].sort());
    expect(brought[0]).toMatchObject({ score: 6 / 7, reason: "about “sourdough”, of late" });
    expect(await bring("What did Ben paint this week?")).toEqual([]);
    expect(await bring("What am I busy with?")).toEqual([]);
  });
});

describe("patterns", () => {
  const likes = [
    "I love the old lighthouse",
    "we enjoyed the lighthouse again",
    "nothing beats it, I like that lighthouse",
  ];

  it("are found without a job, filtered by type and domain, and left out when their memories are gone", async () => {
    const tenant = world.tenant();
    const ids = [];
    for (const [i, text] of likes.entries()) ids.push(...(await tell(tenant, [text], { ago: i + 1 })));
    const patterns = (fields = {}) => tenant.memory.patterns(tenant.scope, { userId: "ana", limit: 10, ...fields });
    const [found, ...others] = await patterns({ type: "preference" });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      description: "3 memories tell a preference about “lighthouse”",
      frequency: 3,
      memoryIds: ids.toReversed(),
    });
    expect(await patterns({ type: "habit" })).toEqual([]);
    expect(await patterns({ domain: "legal" })).toEqual([]);
    await runJob(tenant, "learn");
    expect(await patterns({ type: "preference" })).toMatchObject([{ id: found?.id }]);
    for (const id of ids) await tenant.memory.forget(tenant.writer, id);
    expect(await patterns()).toEqual([]);
  });
});

describe("what helped with a question of another domain", () => {
  const first = "My bread stopped rising after I changed flour, water, yeast and oven at once. Which change did it?";
  const later = "Now the rye bread came out flat after I swapped the flour, the oven and the yeast. Which was it?";
  const texts = [
    "The build broke in forty commits and the bread crumb trail of halving led to one change",
    "Reverting half of the changes at a time showed which one was guilty",
    "Switched off half of the flags, then half of the rest, until one was left",
  ];

  async function solved(rating: number) {
    const tenant = world.tenant();
    const ids = await tell(tenant, texts);
    const { queryId, results } = await tenant.ask(first, { k: 10 });
    for (const id of ids.filter((one) => results.some(({ memory }) => memory.id === one)))
      await tenant.memory.rate(tenant.writer, { queryId, memoryId: id, rating });
    await runJob(tenant, "learn");
    const rows = await tenant.reader.range({ table: "pattern", prefix: ["ana"], limit: 100 });
    const bring = async (text: string, domain: string, patterns = rows) => {
      const [vector = new Float32Array(0)] = await embedder.embed([text]);
      const { unrelatedCosine } = embedder.describe();
      const query = { partition: "ana", domain, vector, now: clock.now(), text, path: "smart" as const };
      return await applyPatterns(patterns, tenant.reader, query, {
        likeness: settings.engines.likeness,
        unrelatedCosine,
      });
    };
    return { tenant, ids, bring, rows, results };
  }

  it("is brought for the next question like it, with likeness × success rate, and for no other question", async () => {
    const { ids, bring, results } = await solved(1);
    expect(results.length).toBe(3);
    const brought = await bring(later, "elsewhere");
    expect(brought.map(({ payload }) => payload.id).sort()).toEqual([...ids].sort());
    for (const { score } of brought) expect(score > 0.2 && score < 1).toBe(true);
    expect(await bring("When does the library open on Sunday?", "elsewhere")).toEqual([]);
  });

  it("is not brought within its own special domain, nor when it was rated bad", async () => {
    const good = await solved(1);
    const technical = { ...good, rows: good.rows.map((row) => ({ ...row, domain: "technical" })) };
    expect(await technical.bring(later, "technical", technical.rows)).toEqual([]);
    expect(await technical.bring(later, "general", technical.rows)).toHaveLength(3);
    const general = good.rows.map((row) => ({ ...row, domain: "general" }));
    expect(await good.bring(later, "general", general)).toHaveLength(3);
    const bad = await solved(-1);
    expect(await bad.bring(later, "elsewhere")).toEqual([]);
  });

  it("is not brought once it is forgotten", async () => {
    const { tenant, ids, bring } = await solved(1);
    await tenant.memory.forget(tenant.writer, ids[0] ?? "");
    const brought = await bring(later, "elsewhere");
    expect(brought.map(({ payload }) => payload.id).sort()).toEqual(ids.slice(1).sort());
  });
});
