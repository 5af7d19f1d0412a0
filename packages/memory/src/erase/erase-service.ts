/** What callers ask of erasure: that nothing of a user is left anywhere. */

import { type Job, NexusError, SHARED_PARTITION } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import type { Writer } from "../requests.ts";
import { getJob, newJob } from "../jobs/queue.ts";
import { once } from "../remember/idempotency.ts";
import { subjectOf } from "./ledger.ts";

export interface EraseService {
  /**
   * A job that erases a user everywhere; its result is the receipt. It covers what was there, or accepted for later, when
   * this is called: what the user writes afterwards is new and stays. Memories that belong to no user are never touched.
   *
   * throws   body.invalid for the name that stands for no user, idempotency.mismatch, store.*
   */
  eraseUser(writer: Writer, userId: string): Promise<Job>;
}

export function eraseService(deps: RememberDependencies): EraseService {
  return { eraseUser: (writer, userId) => eraseUser(writer, userId, deps) };
}

async function eraseUser(writer: Writer, userId: string, deps: RememberDependencies): Promise<Job> {
  if (userId === "" || userId === SHARED_PARTITION) {
    const message = "must name a user; memories of no user are forgotten with DELETE /api/memories";
    throw new NexusError("body.invalid", `[nexus/memory] userId ${message}`, {
      problems: [{ path: "userId", message }],
    });
  }
  const { records, clock, settings } = deps;
  const { scope, keyId, idempotency } = writer;
  const subject = subjectOf(scope, userId, deps.signers[0]);
  // The request's path names the user, which no row may when the erasure is over.
  const nameless: Writer = {
    ...writer,
    idempotency: idempotency && { route: "DELETE /api/users", key: idempotency.key, bodyHash: subject },
  };
  const { value: id } = await records.transact(scope, [userId], (tx) =>
    once(tx, nameless, { now: clock.now(), ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
      const [row] = await tx.get("partition", [[userId]]);
      const payload = { userId, subject, reached: row?.seq ?? 0, keyId };
      const job = newJob("erase", payload, deps, row?.memoryCount ?? 0);
      tx.put("job", job);
      return job.id;
    }),
  );
  deps.jobs.nudge(scope);
  return await getJob(scope, id, deps);
}
