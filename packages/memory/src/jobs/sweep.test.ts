import { NexusError } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { newMemory, openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";

const world = await openWorld({ searchDeadlineMs: 5_000 });
const { clock, interfere } = world;
const { records, blobs, vectors } = world.dependencies;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const sweep = (tenant: Tenant) => tenant.background.sweep(tenant.scope);
const rebuilds = async (tenant: Tenant): Promise<string[]> =>
  (await tenant.jobs()).filter(({ kind }) => kind === "rebuild").map(({ status }) => status);
const blobKeys = async (tenant: Tenant): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of blobs.list(tenant.scope, "")) keys.push(key);
  return keys;
};
/** Takes memories out of the vector store behind its back. */
const lose = async (tenant: Tenant, count: number): Promise<void> => {
  const rows = await tenant.reader.range({ table: "memory", prefix: [], limit: count });
  await vectors.remove(
    tenant.scope,
    rows.map(({ id }) => id),
  );
};

describe("requests that wait in blobs", () => {
  it("go once their job is done; those without a job an hour after they came", async () => {
    const tenant = world.tenant();
    await tenant.memory.rememberLater(tenant.writer, [newMemory("later")]);
    await expect.poll(async () => (await tenant.jobs())[0]?.status).toBe("done");
    expect(await blobKeys(tenant)).toHaveLength(1);
    await blobs.put(tenant.scope, "jobs/orphan.json", new Uint8Array(2));
    expect((await sweep(tenant)).removed).toBe(1);
    expect(await blobKeys(tenant)).toEqual(["jobs/orphan.json"]);
    // From the file's own time, which is the real one.
    clock.advance(Date.now() + HOUR_MS - clock.now());
    expect((await sweep(tenant)).removed).toBe(1);
    expect(await blobKeys(tenant)).toEqual([]);
  });

  it("stay while their job may run again, and when it failed", async () => {
    const tenant = world.tenant();
    await tenant.tell("taken", { externalId: "x" });
    await tenant.memory.rememberLater(tenant.writer, [newMemory("other words", { externalId: "x" })]);
    await expect.poll(async () => (await tenant.jobs())[0]?.status).toBe("failed");
    expect(await tenant.jobs()).toMatchObject([{ errorCode: "memory.exists", attemptCount: 1 }]);
    clock.advance(2 * HOUR_MS);
    expect((await sweep(tenant)).removed).toBe(0);
    expect(await blobKeys(tenant)).toHaveLength(1);
  });
});

describe("the sweep", () => {
  it("of a tenant in order does nothing, twice", async () => {
    const tenant = world.tenant();
    await tenant.tell("heron");
    for (let i = 0; i < 2; i++) expect(await sweep(tenant)).toEqual({ projected: 0, jobs: 0, expired: 0, removed: 0 });
  });

  it("forgets 450 expired memories of 3 users with all that belongs to them, and no other", async () => {
    const tenant = world.tenant();
    const expiresAt = new Date(clock.now() + 1_000);
    const batch = Array.from({ length: 480 }, (_, i) =>
      newMemory(`note ${i}`, {
        userId: `u${i % 3}`,
        ...(i < 450 && { expiresAt }),
        ...(i === 450 && { expiresAt: new Date(clock.now() + 1_001) }),
      }),
    );
    await tenant.memory.remember(tenant.writer, batch);
    expect((await sweep(tenant)).expired).toBe(0);
    clock.advance(1_000);
    expect((await sweep(tenant)).expired).toBe(450);
    expect(await tenant.indexed()).toBe(30);
    for (const table of ["memory", "chunk", "vector"] as const)
      expect(await tenant.reader.range({ table, prefix: [], limit: 999 })).toHaveLength(30);
    expect(await tenant.owed()).toEqual([]);
  });

  it("spares a memory that took the id of an expired one while it swept", async () => {
    const tenant = world.tenant();
    const id = "0190a8c0-0000-4000-8000-0000000000aa";
    await tenant.tell("gone", { id, expiresAt: new Date(clock.now() + 1_000) });
    clock.advance(1_000);
    interfere.transact = async () => {
      delete interfere.transact;
      await tenant.tell("here to stay", { id });
    };
    expect((await sweep(tenant)).expired).toBe(0);
    expect((await tenant.row(id))?.content).toBe("here to stay");
    expect(await tenant.find("here")).toEqual(["here to stay"]);
  });

  it("removes 450 idempotency rows after 24 h, not before", async () => {
    const tenant = world.tenant();
    await Promise.all(
      Array.from({ length: 450 }, (_, i) => tenant.memory.remember(tenant.under(`k${i}`), [newMemory("the same")])),
    );
    clock.advance(DAY_MS);
    expect((await sweep(tenant)).removed).toBe(0);
    clock.advance(1);
    expect((await sweep(tenant)).removed).toBe(450);
    expect(await tenant.reader.range({ table: "idempotency", prefix: [], limit: 9 })).toEqual([]);
  });

  it("removes finished jobs after 7 days and keeps dead letters", async () => {
    const tenant = world.tenant();
    const { id } = await tenant.memory.forgetMany(tenant.writer, { filter: { all: [] } });
    await expect.poll(async () => (await tenant.jobs())[0]?.status).toBe("done");
    const [job] = await tenant.jobs();
    await records.transact(tenant.scope, [], async (tx) => {
      if (job) tx.put("job", { ...job, id: "dead", status: "failed", errorCode: "store.full" });
    });
    clock.advance(7 * DAY_MS);
    expect((await sweep(tenant)).removed).toBe(0);
    clock.advance(world.dependencies.settings.jobLeaseMs + 1);
    expect((await sweep(tenant)).removed).toBe(1);
    await expect(tenant.memory.job(tenant.scope, id)).rejects.toMatchObject({ code: "job.not_found" });
    expect((await tenant.jobs()).map((left) => left.id)).toEqual(["dead"]);
  });

  it("runs jobs even when the vector store cannot be counted", async () => {
    const tenant = world.tenant();
    await tenant.tell("heron");
    interfere.vectors = () => {
      throw UNAVAILABLE;
    };
    await records.transact(tenant.scope, [], async (tx) =>
      tx.put("job", {
        id: "late",
        kind: "forget",
        status: "queued",
        attemptCount: 0,
        runAt: new Date(clock.now()),
        progress: { done: 0, total: 0 },
        payload: { filter: { all: [] } },
        createdAt: new Date(clock.now()),
      }),
    );
    expect((await sweep(tenant)).jobs).toBe(1);
    expect((await tenant.memory.job(tenant.scope, "late")).result).toEqual({ forgotten: 1 });
  });
});

describe("a vector store that", () => {
  it("lost memories is filled again from the records", async () => {
    const tenant = world.tenant();
    await tenant.memory.remember(
      tenant.writer,
      Array.from({ length: 250 }, (_, i) => newMemory(`heron ${i}`, { userId: `u${i % 5}` })),
    );
    await lose(tenant, 250);
    expect(await tenant.find("heron 7", { userId: undefined })).toEqual([]);
    expect((await sweep(tenant)).jobs).toBe(1);
    expect(await tenant.indexed()).toBe(250);
    expect((await tenant.find("heron 7", { userId: undefined, k: 1 }))[0]).toBe("heron 7");
    expect(await tenant.jobs()).toMatchObject([
      { kind: "rebuild", status: "done", progress: { done: 250, total: 250 } },
    ]);
    expect((await sweep(tenant)).jobs).toBe(0);
  });

  it("still has memories that were forgotten is rid of them, and not rebuilt a second time", async () => {
    const tenant = world.tenant();
    const ids = [await tenant.tell("heron one"), await tenant.tell("heron two"), await tenant.tell("heron three")];
    const hits = await vectors.search(tenant.scope, {
      by: { sparse: { ids: new Uint32Array(), weights: new Float32Array() } },
      filter: { all: [] },
      among: ids,
      limit: 9,
    });
    await tenant.memory.forget(tenant.writer, ids[1] ?? "");
    // As if the removal had reached the store but not its disk.
    const ghosts = hits.filter(({ memoryId }) => memoryId === ids[1]);
    const sparse = { ids: Uint32Array.of(1), weights: Float32Array.of(1) };
    await vectors.upsert(
      tenant.scope,
      ghosts.map(({ pointId, chunkIndex, payload }) => ({
        pointId,
        chunkIndex,
        payload,
        sparse,
        vectors: { hashing: new Float32Array(256) },
      })),
    );
    expect(await tenant.indexed()).toBe(3);
    expect((await sweep(tenant)).jobs).toBe(1);
    expect(await tenant.indexed()).toBe(2);
    expect((await sweep(tenant)).jobs).toBe(0);
    expect(await rebuilds(tenant)).toEqual(["done"]);
  });

  it("only lags behind is not rebuilt", async () => {
    const tenant = world.tenant();
    interfere.vectors = ({ method }) => {
      if (method === "upsert") throw UNAVAILABLE;
    };
    await tenant.tell("heron");
    await sweep(tenant);
    expect(await rebuilds(tenant)).toEqual([]);
  });

  it("is to be rebuilt is rebuilt once, however many ask at once", async () => {
    const tenant = world.tenant();
    await tenant.tell("heron");
    const gate = Promise.withResolvers<void>();
    interfere.vectors = ({ method }) => (method === "upsert" ? gate.promise : undefined);
    await Promise.all(Array.from({ length: 8 }, () => tenant.background.rebuild(tenant.scope)));
    await expect.poll(() => rebuilds(tenant)).toEqual(["running"]);
    await tenant.background.rebuild(tenant.scope);
    expect(await rebuilds(tenant)).toHaveLength(1);
    gate.resolve();
    await expect.poll(() => rebuilds(tenant)).toEqual(["done"]);
    await tenant.background.rebuild(tenant.scope);
    await expect.poll(() => rebuilds(tenant)).toEqual(["done", "done"]);
  });
});

describe("the loop of sweeps", () => {
  it("goes on after a failure, for the other tenants too, until it is stopped", async () => {
    const [bad, good] = [world.tenant(), world.tenant()];
    const memories = world.start({ sweepMs: 5 });
    await bad.tell("heron");
    interfere.vectors = ({ method }) => {
      if (method === "upsert") throw UNAVAILABLE;
    };
    await good.tell("kettle");
    delete interfere.vectors;
    let rounds = 0;
    memories.background.start(async () => {
      rounds++;
      if (rounds === 1) throw new NexusError("store.unavailable", "[test] no list of tenants");
      if (rounds === 2) {
        interfere.transact = () => {
          throw UNAVAILABLE;
        };
      } else delete interfere.transact;
      return [bad.scope, good.scope];
    });
    await expect.poll(() => rounds).toBeGreaterThan(3);
    await expect.poll(() => good.owed()).toEqual([]);
    await memories.background.stop();
    const after = rounds;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(rounds).toBe(after);
  });
});
