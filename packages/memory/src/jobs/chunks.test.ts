import { LIMITS } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { clock, interfere } = world;

/** A text of about `parts` chunks, each with a word of its own. */
const longText = (parts: number, mark: string): string =>
  Array.from({ length: parts }, (_, i) => `${`Part ${i} goes on about plain things. `.repeat(42)}${mark}${i}q`).join(
    "\n\n",
  );
const chunkJobs = async (tenant: Tenant) => (await tenant.jobs()).filter(({ kind }) => kind === "chunks");
const done = (tenant: Tenant, count = 1): Promise<unknown> =>
  expect
    .poll(async () => (await chunkJobs(tenant)).filter(({ status }) => status === "done").length, { timeout: 10_000 })
    .toBe(count);

describe("a long text", () => {
  it("has its first 32 chunks at once and the others by a job, without gap or overlap in their order", async () => {
    const tenant = world.tenant();
    const content = longText(200, "mark");
    const { results } = await tenant.memory.remember(tenant.writer, [{ content, userId: "ana", metadata: {} }]);
    const id = results[0]?.id ?? "";
    await done(tenant);
    const row = await tenant.row(id);
    expect(row).toMatchObject({ pendingCount: 0, version: 1 });
    const chunks = await tenant.reader.range({ table: "chunk", prefix: [id], limit: 1_000 });
    expect(chunks).toHaveLength(row?.chunkCount ?? 0);
    expect(chunks.length).toBeGreaterThan(LIMITS.inlineChunks + 128);
    expect(chunks.map(({ index }) => index)).toEqual(chunks.map((_, i) => i));
    expect(chunks[0]?.startOffset).toBe(0);
    expect(chunks.at(-1)?.endOffset).toBe(content.length);
    for (const [i, chunk] of chunks.entries()) {
      const before = chunks[i - 1];
      expect(chunk.startOffset).toBeLessThanOrEqual(before?.endOffset ?? 0);
      expect(chunk.startOffset).toBeGreaterThan(before?.startOffset ?? -1);
    }
    for (const part of [0, 33, 199]) {
      const found = await tenant.ask(`mark${part}q`);
      const [span] = found.results[0]?.spans ?? [];
      expect(content.slice(span?.start, span?.end)).toBe(`mark${part}q`);
    }
    expect(await tenant.memory.history(tenant.scope, id)).toHaveLength(1);
    expect(await tenant.owed()).toEqual([]);
  });

  it("interrupted in its job is resumed by another process where it stood", async () => {
    const tenant = world.tenant();
    const first = world.start();
    let upserts = 0;
    interfere.vectors = ({ method }) => {
      // Stopped after the first step's commit, before its projection.
      if (method === "upsert" && ++upserts === 2) void first.background.stop();
    };
    const { results } = await first.memory.remember(tenant.writer, [
      { content: longText(400, "mark"), userId: "ana", metadata: {} },
    ]);
    const id = results[0]?.id ?? "";
    await expect.poll(() => upserts).toBe(2);
    await first.background.stop();
    const interrupted = await tenant.row(id);
    expect(interrupted?.pendingCount).toBeGreaterThan(0);
    expect(interrupted?.chunkCount).toBe(LIMITS.inlineChunks + 128);
    expect(await chunkJobs(tenant)).toMatchObject([{ status: "queued", attemptCount: 0 }]);
    delete interfere.vectors;
    await tenant.background.sweep(tenant.scope);
    await done(tenant);
    expect((await tenant.row(id))?.pendingCount).toBe(0);
    expect((await tenant.find("mark399q")).length).toBe(1);
    const total = (interrupted?.chunkCount ?? 0) + (interrupted?.pendingCount ?? 0);
    expect(await tenant.reader.range({ table: "chunk", prefix: [id], limit: 2_000 })).toHaveLength(total);
  });

  it("whose job was left by a process that died is finished after the lease", async () => {
    const tenant = world.tenant();
    let transactions = 0;
    interfere.transact = () => {
      // The memory is committed and its job claimed; then nothing is written any more.
      if (++transactions > 2) throw UNAVAILABLE;
    };
    interfere.vectors = ({ method }) => {
      if (method === "upsert") throw UNAVAILABLE;
    };
    const id = await tenant.tell(longText(60, "mark"));
    await expect.poll(() => transactions).toBeGreaterThan(3);
    delete interfere.transact;
    delete interfere.vectors;
    expect((await tenant.row(id))?.pendingCount).toBeGreaterThan(0);
    const other = world.start();
    await other.background.sweep(tenant.scope);
    expect((await tenant.row(id))?.pendingCount).toBeGreaterThan(0);
    clock.advance(world.dependencies.settings.jobLeaseMs);
    await other.background.sweep(tenant.scope);
    await done(tenant);
    expect(await chunkJobs(tenant)).toMatchObject([{ attemptCount: 2 }]);
    expect(await tenant.find("mark59q")).toHaveLength(1);
  });

  it("forgotten before its job ran ends the job", async () => {
    const tenant = world.tenant();
    const gate = Promise.withResolvers<void>();
    let transactions = 0;
    interfere.transact = async () => {
      if (++transactions === 2) await gate.promise;
    };
    const id = await tenant.tell(longText(60, "mark"));
    delete interfere.transact;
    await tenant.memory.forget(tenant.writer, id);
    gate.resolve();
    await done(tenant);
    expect((await chunkJobs(tenant))[0]?.result).toEqual({ chunks: 0, forgotten: true });
    expect(await tenant.reader.range({ table: "chunk", prefix: [], limit: 9 })).toEqual([]);
    expect(await tenant.indexed()).toBe(0);
  });

  it("replaced by another long text while its job runs is indexed as the other", async () => {
    const tenant = world.tenant();
    let upserts = 0;
    interfere.vectors = async ({ method, memoryIds }) => {
      if (method !== "upsert" || ++upserts !== 2) return;
      await tenant.memory.patch(tenant.writer, memoryIds[0] ?? "", { content: longText(90, "other") }, {});
    };
    const id = await tenant.tell(longText(180, "mark"));
    await done(tenant, 2);
    const row = await tenant.row(id);
    expect(row).toMatchObject({ version: 2, pendingCount: 0 });
    expect(await tenant.reader.range({ table: "chunk", prefix: [id], limit: 999 })).toHaveLength(row?.chunkCount ?? 0);
    const found = await tenant.ask("other89q");
    const [span] = found.results[0]?.spans ?? [];
    expect(row?.content.slice(span?.start, span?.end)).toBe("other89q");
    expect((await tenant.ask("mark150q")).results.flatMap(({ spans }) => spans)).toEqual([]);
  });
});
