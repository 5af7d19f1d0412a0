import type { Factors } from "@nexus/memory";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant } from "../../../../test/support/memory-world.ts";
import { preferenceOf } from "../engines/learning.ts";
import { payloadOf } from "../subject.ts";

const world = await openWorld();
const { clock } = world;

/** A tenant with two memories and an answer that holds both. */
async function asked() {
  const tenant = world.tenant();
  const heron = await tenant.tell("the heron nests by the mill", { speaker: "Ben", metadata: { topic: "Birds" } });
  const miller = await tenant.tell("the mill was sold to Ife", { speaker: "Ana" });
  clock.advance(1_000);
  const { queryId } = await tenant.ask("mill");
  return { tenant, heron, miller, queryId };
}
const rate = (tenant: Tenant, queryId: string, rating: number, memoryId?: string, writer = tenant.writer) =>
  tenant.memory.rate(writer, { queryId, rating, memoryId });
const rows = (tenant: Tenant) => tenant.reader.range({ table: "feedback", prefix: ["ana"], limit: 100 });
async function preference(tenant: Tenant, id: string): Promise<number> {
  const [profile] = await tenant.reader.get("profile", [["ana"]]);
  const memory = await tenant.row(id);
  if (!memory) throw new Error("no such memory");
  return preferenceOf(profile, clock.now())(payloadOf(memory));
}

describe("a rating of a memory", () => {
  it("is kept with the factors it was answered with and its topics, and never its text", async () => {
    const { tenant, heron, queryId } = await asked();
    await rate(tenant, queryId, 1, heron);
    const [row] = await rows(tenant);
    expect(row).toMatchObject({ queryId, memoryId: heron, rating: 1 });
    const features = row?.features as unknown as { factors: Factors; mean: Factors; features: string[] };
    expect(features.factors.keyword).toBeGreaterThan(0);
    expect(Object.keys(features.mean)).toHaveLength(6);
    expect(features.features).toEqual(expect.arrayContaining(["speaker:ben", "topic:topic=birds"]));
    expect(JSON.stringify(row)).not.toContain("heron nests by the mill");
  });

  it("raises or lowers its quality, in the index too, and what its user is taken to prefer", async () => {
    const { tenant, heron, miller, queryId } = await asked();
    const [before, other] = [await tenant.row(heron), await tenant.row(miller)];
    await rate(tenant, queryId, 1, heron);
    await rate(tenant, queryId, -1, miller);
    const after = await tenant.row(heron);
    expect(after?.quality).toBeGreaterThan(before?.quality ?? 0.5);
    expect((await tenant.row(miller))?.quality).toBeLessThan(other?.quality ?? 0.5);
    expect(after?.version).toBe(before?.version);
    expect(await preference(tenant, heron)).toBeGreaterThan(0.5);
    expect(await preference(tenant, miller)).toBeLessThan(0.5);
    expect(await tenant.owed()).toEqual([]);
  });

  it("ends cached answers of its user", async () => {
    const { tenant, heron, queryId } = await asked();
    await tenant.ask("mill");
    expect((await tenant.ask("mill")).cache.tier).toBe("l1");
    await rate(tenant, queryId, 1, heron);
    expect((await tenant.ask("mill")).cache.tier).toBeNull();
  });

  it("replaces the earlier one of the same key, and 3 of 5 takes it back: quality and preference are what they were", async () => {
    const { tenant, heron, miller, queryId } = await asked();
    await rate(tenant, queryId, 0.5, miller);
    const quality = (await tenant.row(heron))?.quality;
    const [of, ofOther] = [await preference(tenant, heron), await preference(tenant, miller)];
    const first = await rate(tenant, queryId, -1, heron);
    const second = await rate(tenant, queryId, 1, heron);
    expect(second.id).toBe(first.id);
    expect(await rows(tenant)).toHaveLength(2);
    expect(await preference(tenant, heron)).toBeGreaterThan(of);
    await rate(tenant, queryId, 0, heron);
    expect((await tenant.row(heron))?.quality).toBeCloseTo(quality ?? 0.5, 10);
    expect(await preference(tenant, heron)).toBeCloseTo(of, 10);
    expect(await preference(tenant, miller)).toBeCloseTo(ofOther, 10);
  });

  it("counts beside that of another key", async () => {
    const { tenant, heron, queryId } = await asked();
    await rate(tenant, queryId, 1, heron);
    const once = (await tenant.row(heron))?.quality ?? 0;
    await rate(tenant, queryId, 1, heron, { ...tenant.writer, keyId: "key-2" });
    expect((await tenant.row(heron))?.quality).toBeGreaterThan(once);
    expect(await rows(tenant)).toHaveLength(2);
  });

  it("is refused for one that was not in the answer, was forgotten, or whose answer is not ours or a day old", async () => {
    const { tenant, heron, miller, queryId } = await asked();
    const other = await tenant.tell("somebody painted the door");
    await expect(rate(tenant, queryId, 1, other)).rejects.toMatchObject({
      code: "body.invalid",
      problems: [{ path: "memoryId" }],
    });
    await tenant.memory.forget(tenant.writer, miller);
    await expect(rate(tenant, queryId, 1, miller)).rejects.toMatchObject({ code: "memory.not_found" });
    await expect(rate(tenant, `${queryId}x`, 1)).rejects.toMatchObject({ code: "query.not_found" });
    await expect(rate(world.tenant(), queryId, 1, heron)).rejects.toMatchObject({ code: "query.not_found" });
    clock.advance(86_400_001);
    await expect(rate(tenant, queryId, 1, heron)).rejects.toMatchObject({ code: "query.not_found" });
    expect(await rows(tenant)).toEqual([]);
  });

  it("is refused to a token of another user as if there were no such answer", async () => {
    const { tenant, heron, queryId } = await asked();
    const as = (userId: string) =>
      tenant.memory.rate(tenant.writer, { queryId, rating: 1, memoryId: heron, subject: { userId } });
    await expect(as("ben")).rejects.toMatchObject({ code: "query.not_found" });
    expect((await as("ana")).seqs).toHaveLength(1);
  });

  it("is made once under an idempotency key, with the same answer, after a day too", async () => {
    const { tenant, heron, queryId } = await asked();
    const first = await rate(tenant, queryId, 1, heron, tenant.under("k"));
    const quality = (await tenant.row(heron))?.quality;
    expect(await rate(tenant, queryId, 1, heron, tenant.under("k"))).toEqual(first);
    expect((await tenant.row(heron))?.quality).toBe(quality);
    await expect(rate(tenant, queryId, -1, heron, tenant.under("k", "other"))).rejects.toMatchObject({
      code: "idempotency.mismatch",
    });
  });

  it("of an answer to the whole tenant changes the memory's quality and nobody's preferences", async () => {
    const { tenant, heron } = await asked();
    const { queryId } = await tenant.ask("heron", { userId: undefined });
    const before = (await tenant.row(heron))?.quality ?? 0.5;
    await rate(tenant, queryId, 1, heron);
    expect((await tenant.row(heron))?.quality).toBeGreaterThan(before);
    expect(await tenant.reader.get("profile", [["ana"]])).toEqual([undefined]);
  });
});

describe("a rating of an answer as a whole", () => {
  it("is kept, and moves no memory", async () => {
    const { tenant, heron, queryId } = await asked();
    const before = await tenant.row(heron);
    expect((await rate(tenant, queryId, -1)).seqs).toEqual([]);
    expect(await rows(tenant)).toMatchObject([{ queryId, rating: -1 }]);
    expect(await tenant.row(heron)).toEqual(before);
  });
});

describe("a reset", () => {
  it("of a profile makes all preferences neutral, ends cached answers, and lets only later ratings count", async () => {
    const { tenant, heron, miller, queryId } = await asked();
    await rate(tenant, queryId, 1, heron);
    await tenant.ask("mill");
    clock.advance(1_000);
    expect(await tenant.memory.resetProfile(tenant.writer, "ana")).toHaveLength(1);
    expect(await preference(tenant, heron)).toBe(0.5);
    expect((await tenant.ask("mill")).cache.tier).toBeNull();
    await rate(tenant, queryId, 1, miller);
    await rate(tenant, queryId, -1, miller);
    expect(await preference(tenant, miller)).toBeLessThan(0.5);
    expect(await preference(tenant, heron)).toBeLessThanOrEqual(0.5);
  });

  it("of a user without ratings changes nothing", async () => {
    const tenant = world.tenant();
    expect(await tenant.memory.resetProfile(tenant.writer, "nobody")).toEqual([]);
  });
});
