import { type Job, NexusError, silent } from "@nexus/core";
import { describe, expect, it } from "vitest";
import { openWorld, type Tenant, UNAVAILABLE } from "../../../../test/support/memory-world.ts";
import { newJob } from "./queue.ts";
import { createJobRunner, type JobHandler, type JobRunner } from "./runner.ts";

const world = await openWorld();
const { clock } = world;
const { records, ids, settings } = world.dependencies;
const LEASE_MS = settings.jobLeaseMs;

/** A runner of its own process, whose jobs of kind `forget` do what the test says. */
function runner(work: JobHandler): JobRunner {
  const none: JobHandler = async () => null;
  const handlers = {
    forget: work,
    chunks: none,
    remember: none,
    rebuild: none,
    learn: none,
    mine: none,
    erase: none,
    embed: none,
  };
  return createJobRunner({ records, clock, ids, telemetry: silent, settings, handlers });
}

async function enqueue(tenant: Tenant, fields: Partial<Job> = {}): Promise<string> {
  const job = { ...newJob("forget", {}, { ids, clock }), ...fields };
  await records.transact(tenant.scope, [], async (tx) => tx.put("job", job));
  return job.id;
}

const read = (tenant: Tenant, id: string): Promise<Job> => tenant.memory.job(tenant.scope, id);

describe("a job", () => {
  it("runs once, under a lease, and keeps its result; its runner is not named afterwards", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    let during: Job | undefined;
    const jobs = runner(async (scope, job) => {
      during = await tenant.memory.job(scope, job.id);
      return { forgotten: 3 };
    });
    expect(await jobs.runDue(tenant.scope)).toBe(1);
    expect(await jobs.runDue(tenant.scope)).toBe(0);
    expect(during).toMatchObject({ status: "running", attemptCount: 1, leaseUntil: new Date(clock.now() + LEASE_MS) });
    const done = await read(tenant, id);
    expect(done).toMatchObject({ status: "done", result: { forgotten: 3 }, finishedAt: new Date(clock.now()) });
    expect([done.leaseOwner, done.leaseUntil]).toEqual([undefined, undefined]);
  });

  it("does not run before its time", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant, { runAt: new Date(clock.now() + 10) });
    const jobs = runner(async () => null);
    clock.advance(9);
    expect(await jobs.runDue(tenant.scope)).toBe(0);
    clock.advance(1);
    expect(await jobs.runDue(tenant.scope)).toBe(1);
    expect((await read(tenant, id)).status).toBe("done");
  });

  it("40 of them run once each, though two runners compete", async () => {
    const tenant = world.tenant();
    for (let i = 0; i < 40; i++) await enqueue(tenant);
    const ran: string[] = [];
    const work: JobHandler = async (_scope, { id }) => {
      ran.push(id);
      return null;
    };
    const counts = await Promise.all([runner(work).runDue(tenant.scope), runner(work).runDue(tenant.scope)]);
    expect(ran).toHaveLength(40);
    expect(new Set(ran).size).toBe(40);
    expect(counts.reduce((a, b) => a + b)).toBe(40);
  });

  it("of another tenant is left alone", async () => {
    const [tenant, other] = [world.tenant(), world.tenant()];
    const id = await enqueue(other);
    expect(await runner(async () => null).runDue(tenant.scope)).toBe(0);
    expect((await read(other, id)).status).toBe("queued");
    await expect(read(tenant, id)).rejects.toMatchObject({ code: "job.not_found" });
  });
});

describe("a failure", () => {
  it("that may pass is tried again after 1, 4, 16 and 64 s, and a dead letter after 5 attempts", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    let attempts = 0;
    const jobs = runner(async () => {
      attempts++;
      throw UNAVAILABLE;
    });
    for (const delayMs of [1_000, 4_000, 16_000, 64_000]) {
      expect(await jobs.runDue(tenant.scope)).toBe(1);
      expect(await read(tenant, id)).toMatchObject({
        status: "queued",
        errorCode: "store.unavailable",
        runAt: new Date(clock.now() + delayMs),
      });
      clock.advance(delayMs - 1);
      expect(await jobs.runDue(tenant.scope)).toBe(0);
      clock.advance(1);
    }
    expect(await jobs.runDue(tenant.scope)).toBe(1);
    expect(attempts).toBe(5);
    expect(await read(tenant, id)).toMatchObject({
      status: "failed",
      attemptCount: 5,
      errorCode: "store.unavailable",
      finishedAt: new Date(clock.now()),
    });
    clock.advance(1_000_000);
    expect(await jobs.runDue(tenant.scope)).toBe(0);
  });

  it("that cannot pass ends the job at once", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    await runner(async () => {
      throw new NexusError("memory.exists", "[test] taken");
    }).runDue(tenant.scope);
    expect(await read(tenant, id)).toMatchObject({
      status: "failed",
      attemptCount: 1,
      errorCode: "memory.exists",
      errorDetail: "[test] taken",
    });
  });

  it("that is a bug of ours is tried again and tells nothing of its text", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    await runner(async () => {
      throw new TypeError("secret is undefined");
    }).runDue(tenant.scope);
    const job = await read(tenant, id);
    expect(job).toMatchObject({ status: "queued", errorCode: "internal.unexpected" });
    expect(job.errorDetail).not.toContain("secret");
  });

  it("of one job does not hold up the next", async () => {
    const tenant = world.tenant();
    const [bad, good] = [await enqueue(tenant), await enqueue(tenant)];
    await runner(async (_scope, { id }) => {
      if (id === bad) throw UNAVAILABLE;
      return null;
    }).runDue(tenant.scope);
    expect((await read(tenant, good)).status).toBe("done");
  });
});

describe("a lease", () => {
  /** A job that a process took and then died with. */
  const abandoned = (tenant: Tenant, attemptCount = 1): Promise<string> => {
    const leaseUntil = new Date(clock.now() + LEASE_MS);
    return enqueue(tenant, { status: "running", attemptCount, leaseOwner: "dead", leaseUntil, runAt: leaseUntil });
  };

  it("keeps others away until it ends, then another runner takes over", async () => {
    const tenant = world.tenant();
    const id = await abandoned(tenant);
    const jobs = runner(async () => "taken over");
    clock.advance(LEASE_MS - 1);
    expect(await jobs.runDue(tenant.scope)).toBe(0);
    clock.advance(1);
    expect(await jobs.runDue(tenant.scope)).toBe(1);
    expect(await read(tenant, id)).toMatchObject({ status: "done", attemptCount: 2, result: "taken over" });
  });

  it("that ended 5 times with its process makes the job a dead letter, which is not run a 6th time", async () => {
    const tenant = world.tenant();
    const [id, last] = [await abandoned(tenant, 5), await abandoned(tenant, 4)];
    clock.advance(LEASE_MS);
    expect(await runner(async () => null).runDue(tenant.scope)).toBe(1);
    expect(await read(tenant, id)).toMatchObject({ status: "failed", attemptCount: 5, errorCode: "job.failed" });
    expect((await read(tenant, last)).status).toBe("done");
  });

  it("is renewed by progress, which is saved", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    await runner(async (_scope, _job, { progress }) => {
      for (let done = 1; done <= 3; done++) {
        clock.advance(LEASE_MS - 1);
        expect(await runner(async () => null).runDue(tenant.scope)).toBe(0);
        await progress(done, 3);
        const leaseUntil = new Date(clock.now() + LEASE_MS);
        expect(await read(tenant, id)).toMatchObject({ progress: { done, total: 3 }, leaseUntil, runAt: leaseUntil });
      }
      return null;
    }).runDue(tenant.scope);
    expect(await read(tenant, id)).toMatchObject({ status: "done", attemptCount: 1, progress: { done: 3, total: 3 } });
  });

  it("that was lost ends the handler at its next progress, and what it did is not written over the other's", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    let after = false;
    await runner(async (_scope, _job, { progress }) => {
      clock.advance(LEASE_MS);
      await runner(async () => "the other's").runDue(tenant.scope);
      await progress(1, 2);
      after = true;
      return "mine";
    }).runDue(tenant.scope);
    expect(after).toBe(false);
    expect(await read(tenant, id)).toMatchObject({ status: "done", result: "the other's", attemptCount: 2 });
  });

  it("that was lost lets neither a result nor a failure overwrite the other's", async () => {
    const tenant = world.tenant();
    for (const ending of ["result", "failure"]) {
      const id = await enqueue(tenant);
      await runner(async () => {
        clock.advance(LEASE_MS);
        await runner(async () => "the other's").runDue(tenant.scope);
        if (ending === "failure") throw new NexusError("memory.empty", "x");
        return "mine";
      }).runDue(tenant.scope);
      expect(await read(tenant, id)).toMatchObject({ status: "done", result: "the other's" });
    }
  });
});

describe("stopping", () => {
  it("interrupts the job in hand, which does not count as an attempt, and starts no other", async () => {
    const tenant = world.tenant();
    const [first, second] = [await enqueue(tenant), await enqueue(tenant)];
    const started = Promise.withResolvers<void>();
    const stopped = runner(async (_scope, _job, { signal }) => {
      started.resolve();
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
      return null;
    });
    stopped.nudge(tenant.scope);
    await started.promise;
    await stopped.stop();
    const jobs = await Promise.all([first, second].map((id) => read(tenant, id)));
    expect(jobs.map(({ status, attemptCount }) => [status, attemptCount])).toEqual([
      ["queued", 0],
      ["queued", 0],
    ]);
    expect(await stopped.runDue(tenant.scope)).toBe(0);
    expect(await runner(async () => null).runDue(tenant.scope)).toBe(2);
  });

  it("waits for a job that does not listen, and keeps its result", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    const gate = Promise.withResolvers<void>();
    const stubborn = runner(async () => {
      await gate.promise;
      return "finished";
    });
    const running = stubborn.runDue(tenant.scope);
    await expect.poll(async () => (await read(tenant, id)).status).toBe("running");
    const stopping = stubborn.stop();
    gate.resolve();
    await stopping;
    await running;
    expect(await read(tenant, id)).toMatchObject({ status: "done", result: "finished", attemptCount: 1 });
  });
});

describe("a nudge", () => {
  it("while jobs run is not lost: what came meanwhile is run too", async () => {
    const tenant = world.tenant();
    const first = await enqueue(tenant);
    let second = "";
    const busy = runner(async (scope, { id }) => {
      if (id === first) {
        second = await enqueue(tenant);
        busy.nudge(scope);
      }
      return null;
    });
    busy.nudge(tenant.scope);
    await expect.poll(async () => (second === "" ? "" : (await read(tenant, second)).status)).toBe("done");
  });

  it("when the store is away is logged and harms nobody", async () => {
    const tenant = world.tenant();
    const id = await enqueue(tenant);
    const nudged = runner(async () => null);
    let refused = 0;
    world.interfere.transact = () => {
      refused++;
      throw UNAVAILABLE;
    };
    nudged.nudge(tenant.scope);
    await expect.poll(() => refused).toBeGreaterThan(0);
    delete world.interfere.transact;
    await expect.poll(() => nudged.runDue(tenant.scope)).toBe(1);
    expect((await read(tenant, id)).status).toBe("done");
  });
});

describe("the list of jobs", () => {
  it("is newest first, in pages without gaps, jobs of one millisecond included", async () => {
    const tenant = world.tenant();
    const expected: string[] = [];
    for (let i = 0; i < 23; i++) {
      if (i % 7 === 0) clock.advance(1);
      expected.push(await enqueue(tenant));
    }
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await tenant.memory.jobs(tenant.scope, { limit: 5, ...(cursor !== undefined && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(5);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(expected.toSorted());
    const times = await Promise.all(found.map(async (id) => (await read(tenant, id)).createdAt.getTime()));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });
});
