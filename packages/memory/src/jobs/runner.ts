/** Runs job rows: claims one under a lease, runs its handler, retries with back-off, and after the last attempt leaves it as a dead letter. */

import {
  asNexusError,
  type Clock,
  type Ids,
  type Job,
  type Json,
  type RecordStore,
  type Telemetry,
  type TenantScope,
} from "@nexus/core";
import type { Settings } from "../defaults.ts";
import { createLeases, finished, released } from "./leases.ts";
import type { JobKind } from "./queue.ts";

export interface JobContext {
  /** Saves progress and renews the lease. */
  readonly progress: (done: number, total: number) => Promise<void>;
  /** Runs some of the tenant's other jobs that are due: for one that takes minutes. Not inside a write. */
  readonly giveWay: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Must be safe to run again from the start: a process may die between any two lines of it. Without a result nobody asks after the job, and its row goes. */
export type JobHandler = (scope: TenantScope, job: Job, context: JobContext) => Promise<Json | undefined>;

export interface JobRunner {
  /** Tells the runner that there is work; returns at once. */
  nudge(scope: TenantScope): void;
  /** Runs all that is due; the number of jobs run. */
  runDue(scope: TenantScope): Promise<number>;
  /** Stops taking jobs, waits for the one in hand. */
  stop(): Promise<void>;
}

export interface JobRunnerDependencies {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly settings: Pick<Settings, "jobLeaseMs" | "jobMaxAttempts">;
  readonly handlers: Readonly<Record<JobKind, JobHandler>>;
}

const RETRY_BASE_MS = 1_000;

export function createJobRunner({
  records,
  clock,
  ids,
  telemetry,
  settings,
  handlers,
}: JobRunnerDependencies): JobRunner {
  const leases = createLeases({ records, clock, settings, owner: ids.next() });
  const stopping = new AbortController();
  const running = new Map<string, Promise<number>>();
  const wanted = new Set<string>();
  /** Jobs of this runner under way: one that gives way must not be taken for one that a process left behind. */
  const inHand = new Set<string>();

  const run = async (scope: TenantScope, job: Job): Promise<void> => {
    const context: JobContext = {
      signal: stopping.signal,
      async progress(done, total) {
        const leaseUntil = new Date(clock.now() + settings.jobLeaseMs);
        const ours = await leases.update(scope, job, (row) => ({
          ...row,
          progress: { done, total },
          leaseUntil,
          runAt: leaseUntil,
        }));
        if (!ours) throw new LeaseLost();
      },
      giveWay: async () => void (await runRound(scope)),
    };
    inHand.add(job.id);
    try {
      const result = await handlers[job.kind as JobKind](scope, job, context);
      const ours = await leases.update(scope, job, (row) =>
        result === undefined ? undefined : finished({ ...row, status: "done", result }, clock),
      );
      if (ours) telemetry.count("jobs_total", { type: job.kind, status: "done" });
    } catch (error) {
      if (error instanceof LeaseLost) return;
      if (stopping.signal.aborted) await putBack(scope, job);
      else await fail(scope, job, error);
    } finally {
      inHand.delete(job.id);
    }
  };

  /** Interrupted by our own shutdown: the attempt does not count. */
  const putBack = async (scope: TenantScope, job: Job): Promise<void> => {
    const runAt = new Date(clock.now());
    await leases.update(scope, job, (row) =>
      released({ ...row, status: "queued", runAt, attemptCount: job.attemptCount - 1 }),
    );
  };

  const fail = async (scope: TenantScope, job: Job, error: unknown): Promise<void> => {
    const { code, message, retryable } = asNexusError(error);
    const last = job.attemptCount >= settings.jobMaxAttempts || (!retryable && code !== "internal.unexpected");
    const delayMs = RETRY_BASE_MS * 4 ** (job.attemptCount - 1);
    await leases.update(scope, job, (row) =>
      last
        ? finished({ ...row, status: "failed", errorCode: code, errorDetail: message }, clock)
        : released({
            ...row,
            status: "queued",
            errorCode: code,
            errorDetail: message,
            runAt: new Date(clock.now() + delayMs),
          }),
    );
    telemetry.count("jobs_total", { type: job.kind, status: last ? "failed" : "retried" });
    telemetry.log(last ? "error" : "warn", "job failed", {
      code,
      detail: message,
      kind: job.kind,
      attempt: job.attemptCount,
    });
  };

  /** Runs what is due now, but not what comes meanwhile. */
  const runRound = async (scope: TenantScope): Promise<number> => {
    let count = 0;
    for (const candidate of await leases.due(scope)) {
      if (stopping.signal.aborted) return count;
      if (inHand.has(candidate.id)) continue;
      const job = await leases.claim(scope, candidate);
      if (!job) continue;
      await run(scope, job);
      count++;
    }
    return count;
  };

  const runDue = async (scope: TenantScope): Promise<number> => {
    let count = 0;
    for (;;) {
      const ran = await runRound(scope);
      count += ran;
      if (ran === 0 || stopping.signal.aborted) return count;
    }
  };

  const start = (scope: TenantScope): Promise<number> => {
    const active = running.get(scope.tenant);
    if (active) {
      wanted.add(scope.tenant);
      return active;
    }
    const promise = runDue(scope).finally(() => {
      running.delete(scope.tenant);
      if (wanted.delete(scope.tenant) && !stopping.signal.aborted) nudge(scope);
    });
    running.set(scope.tenant, promise);
    return promise;
  };

  const nudge = (scope: TenantScope): void => {
    if (stopping.signal.aborted) return;
    start(scope).catch((error: unknown) => {
      telemetry.log("error", "job runner stopped early", { code: asNexusError(error).code });
    });
  };

  return {
    nudge,
    runDue: start,
    async stop() {
      stopping.abort();
      await Promise.allSettled(running.values());
    },
  };
}

/** Another runner has taken the job over; this one leaves it alone. */
class LeaseLost extends Error {}
