/** Who runs which job: a row is claimed for a while, and only its holder may change it. */

import type { Clock, Job, RecordStore, TenantScope } from "@nexus/core";
import type { Settings } from "../defaults.ts";

export interface Leases {
  /** Jobs to run: queued ones whose time has come, and those that a process left behind when it died. */
  due(scope: TenantScope): Promise<Job[]>;
  /** The job under our lease, or undefined when another runner was faster. */
  claim(scope: TenantScope, job: Job): Promise<Job | undefined>;
  /** Changes the row, or removes it where `change` gives none, while the lease is still ours; false when it is not. */
  update(scope: TenantScope, job: Job, change: (job: Job) => Job | undefined): Promise<boolean>;
}

export interface LeaseOptions {
  readonly records: RecordStore;
  readonly clock: Clock;
  readonly settings: Pick<Settings, "jobLeaseMs" | "jobMaxAttempts">;
  /** Tells this runner from all others. */
  readonly owner: string;
}

const BATCH = 16;

export function createLeases({ records, clock, settings, owner }: LeaseOptions): Leases {
  return {
    async due(scope) {
      const reader = records.reader(scope);
      const to = new Date(clock.now() + 1);
      const queued = await reader.find({ index: "jobByStatus", anyOf: [["queued"]], to, limit: BATCH });
      // A running job is ordered by the end of its lease: what is found here was left behind by a process that died.
      const abandoned = await reader.find({ index: "jobByStatus", anyOf: [["running"]], to, limit: BATCH });
      return [...queued, ...abandoned];
    },

    async claim(scope, { id }) {
      const { value } = await records.transact(scope, [], async (tx) => {
        const [job] = await tx.get("job", [[id]]);
        const now = clock.now();
        if (!job || job.runAt.getTime() > now || (job.status !== "queued" && job.status !== "running"))
          return undefined;
        // Each attempt ended with its process: the job may be why.
        if (job.attemptCount >= settings.jobMaxAttempts) {
          const errorDetail = "[nexus/memory] every attempt ended with the process that ran it";
          tx.put("job", finished({ ...job, status: "failed", errorCode: "job.failed", errorDetail }, clock));
          return undefined;
        }
        const leaseUntil = new Date(now + settings.jobLeaseMs);
        const claimed: Job = {
          ...job,
          status: "running",
          attemptCount: job.attemptCount + 1,
          leaseOwner: owner,
          leaseUntil,
          runAt: leaseUntil,
        };
        tx.put("job", claimed);
        return claimed;
      });
      return value;
    },

    async update(scope, { id }, change) {
      const { value } = await records.transact(scope, [], async (tx) => {
        const [job] = await tx.get("job", [[id]]);
        if (!job || job.leaseOwner !== owner || job.status !== "running") return false;
        const changed = change(job);
        if (changed) tx.put("job", changed);
        else tx.remove("job", [id]);
        return true;
      });
      return value;
    },
  };
}

export function finished(job: Job, clock: Clock): Job {
  return { ...released(job), finishedAt: new Date(clock.now()) };
}

export function released(job: Job): Job {
  const { leaseOwner: _owner, leaseUntil: _until, ...rest } = job;
  return rest;
}
