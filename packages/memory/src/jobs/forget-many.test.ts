import { allOf, equals } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { clock, interfere } = world;

const ended = async (tenant: Tenant, id: string) => {
  await expect
    .poll(async () => (await tenant.memory.job(tenant.scope, id)).status, { timeout: 10_000 })
    .toMatch(/done|failed/);
  return await tenant.memory.job(tenant.scope, id);
};
const left = async (tenant: Tenant): Promise<string[]> =>
  (await tenant.reader.range({ table: "memory", prefix: [], limit: 2_000 })).map(({ content }) => content);
const even = equals("metadata.even", true);

async function fill(tenant: Tenant, count: number, users = 1): Promise<void> {
  const memories = Array.from({ length: count }, (_, i) =>
    newMemory(`entry ${i}`, { userId: `u${i % users}`, metadata: { even: i % 2 === 0 } }),
  );
  for (let from = 0; from < count; from += 96)
    await tenant.memory.remember(tenant.writer, memories.slice(from, from + 96));
}

describe("forgetting many", () => {
  it("counts first and forgets just those that match, of all users or of one", async () => {
    const tenant = world.tenant();
    await fill(tenant, 480, 3);
    const one = { filter: allOf(equals("userId", "u1"), even) };
    expect(await tenant.memory.countMatching(tenant.scope, { filter: even })).toBe(240);
    expect(await tenant.memory.countMatching(tenant.scope, one)).toBe(80);
    expect(await tenant.memory.countMatching(tenant.scope, { filter: equals("userId", "nobody") })).toBe(0);
    expect(await left(tenant)).toHaveLength(480);
    const job = await ended(tenant, (await tenant.memory.forgetMany(tenant.writer, one)).id);
    expect(job).toMatchObject({ status: "done", result: { forgotten: 80 }, progress: { done: 80 } });
    expect((await left(tenant)).length).toBe(400);
    expect(await tenant.indexed()).toBe(400);
  });

  it("of 40 users goes in groups of 16", async () => {
    const tenant = world.tenant();
    for (let user = 0; user < 40; user++) await tenant.tell("note", { userId: `u${user}` });
    const job = await ended(tenant, (await tenant.memory.forgetMany(tenant.writer, { filter: { all: [] } })).id);
    expect(job.result).toEqual({ forgotten: 40 });
    expect(await left(tenant)).toEqual([]);
    expect(await tenant.indexed()).toBe(0);
  });

  it("spares what was recorded after it was asked for, and what no longer matches", async () => {
    const tenant = world.tenant();
    await fill(tenant, 4);
    const [first] = await tenant.reader.range({ table: "memory", prefix: [], limit: 1 });
    let claimed = false;
    interfere.transact = async () => {
      if (claimed) return;
      claimed = true;
      clock.advance(1);
      await tenant.tell("afterwards", { userId: "u0", metadata: { even: true } });
      if (first) await tenant.memory.patch(tenant.writer, first.id, { metadata: { even: "no longer" } }, {});
    };
    // The first transaction is that which stores the job; what follows comes behind its time.
    const job = await ended(tenant, (await tenant.memory.forgetMany(tenant.writer, { filter: even })).id);
    expect(job.result).toEqual({ forgotten: first?.metadata["even"] === true ? 1 : 2 });
    expect(await left(tenant)).toContain("afterwards");
    expect(await left(tenant)).toContain(first?.content);
  });

  it("interrupted goes on where it stood, and counts all it has forgotten", async () => {
    const tenant = world.tenant();
    const first = world.start();
    await fill(tenant, 180);
    let transactions = 0;
    interfere.transact = () => {
      // Stored, claimed, one step of 50 and its progress; then the process is told to stop.
      if (++transactions === 5) void first.background.stop();
    };
    const { id } = await first.memory.forgetMany(tenant.writer, { filter: { all: [] } });
    await expect.poll(() => transactions).toBeGreaterThan(4);
    await first.background.stop();
    delete interfere.transact;
    const job = await tenant.memory.job(tenant.scope, id);
    expect(job).toMatchObject({ status: "queued", attemptCount: 0 });
    expect(job.progress.done).toBeGreaterThan(0);
    expect((await left(tenant)).length).toBe(180 - job.progress.done);
    await tenant.background.sweep(tenant.scope);
    expect(await ended(tenant, id)).toMatchObject({ status: "done", result: { forgotten: 180 } });
    expect(await left(tenant)).toEqual([]);
  });

  it("asked twice under one idempotency key is one job", async () => {
    const tenant = world.tenant();
    const ask = () => tenant.memory.forgetMany(tenant.under("k"), { filter: even, tenantWide: true });
    const [first, second] = [await ask(), await ask()];
    expect(second.id).toBe(first.id);
    expect(await tenant.jobs()).toMatchObject([{ payload: { tenantWide: true } }]);
  });
});

describe("remembering later", () => {
  it("answers with a job that exists, whose result is that of the write", async () => {
    const tenant = world.tenant();
    const times = { createdAt: new Date(clock.now() - 5_000), validFrom: new Date(clock.now() - 4_000) };
    const expiry = { validTo: new Date(clock.now() + 4_000), expiresAt: new Date(clock.now() + 5_000) };
    const { id, status } = await tenant.memory.rememberLater(tenant.writer, [
      newMemory("later", { ...times, ...expiry }),
    ]);
    expect(status).toBe("queued");
    const job = await ended(tenant, id);
    expect(job).toMatchObject({
      status: "done",
      progress: { done: 1, total: 1 },
      result: { results: [{ event: "added" }] },
    });
    expect(JSON.stringify(job)).not.toContain("later");
    expect((await tenant.reader.range({ table: "memory", prefix: [], limit: 9 }))[0]).toMatchObject({
      ...times,
      ...expiry,
    });
  });

  it("whose process died after the commit is not written twice", async () => {
    const tenant = world.tenant();
    let transactions = 0;
    interfere.transact = () => {
      // Stored, claimed, committed; what follows is lost.
      if (++transactions > 3) throw UNAVAILABLE;
    };
    const { id } = await tenant.memory.rememberLater(tenant.writer, [newMemory("once"), newMemory("and twice")]);
    await expect.poll(() => transactions).toBeGreaterThan(5);
    delete interfere.transact;
    expect((await tenant.memory.job(tenant.scope, id)).status).toBe("running");
    clock.advance(world.dependencies.settings.jobLeaseMs);
    await world.start().background.sweep(tenant.scope);
    const job = await ended(tenant, id);
    expect(job).toMatchObject({ status: "done", attemptCount: 2 });
    expect(job.result).toMatchObject({ results: [{ event: "added" }, { event: "added" }] });
    expect(await left(tenant)).toHaveLength(2);
  });

  it("under one idempotency key twice is one job and one blob", async () => {
    const tenant = world.tenant();
    const ask = () => tenant.memory.rememberLater(tenant.under("k"), [newMemory("later")]);
    const jobs = await Promise.all([ask(), ask()]);
    expect(jobs[1]?.id).toBe(jobs[0]?.id);
    await ended(tenant, jobs[0]?.id ?? "");
    const keys: string[] = [];
    for await (const { key } of world.dependencies.blobs.list(tenant.scope, "")) keys.push(key);
    expect(keys).toEqual([`jobs/${jobs[0]?.id}.json`]);
    expect(await left(tenant)).toEqual(["later"]);
  });

  it("whose request is gone fails at once and says so", async () => {
    const tenant = world.tenant();
    let stored = false;
    interfere.transact = async () => {
      if (stored) return;
      stored = true;
      for await (const { key } of world.dependencies.blobs.list(tenant.scope, ""))
        await world.dependencies.blobs.remove(tenant.scope, key);
    };
    const { id } = await tenant.memory.rememberLater(tenant.writer, [newMemory("later")]);
    expect(await ended(tenant, id)).toMatchObject({ status: "failed", errorCode: "job.failed", attemptCount: 1 });
  });
});
