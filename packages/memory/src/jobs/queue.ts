/** Making and reading job rows. */

import { type Clock, type Ids, type Job, type JsonObject, NexusError, type TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { advance, fromCursor, toCursor } from "../position.ts";
import { once } from "../remember/idempotency.ts";
import type { JobsRequest, Page, Writer } from "../requests.ts";

/** The work there is. Each kind has one handler. */
export type JobKind = "chunks" | "remember" | "forget" | "rebuild" | "learn" | "mine" | "erase" | "embed";

/** A queued job row, to be put in the transaction of what it belongs to. */
export function newJob(kind: JobKind, payload: JsonObject, { ids, clock }: { ids: Ids; clock: Clock }, total = 0): Job {
  const now = new Date(clock.now());
  return {
    id: ids.next(),
    kind,
    status: "queued",
    attemptCount: 0,
    runAt: now,
    progress: { done: 0, total },
    payload,
    createdAt: now,
  };
}

/** A text of a job's payload. throws job.failed for a row that this version did not write */
export function textField({ id, payload }: Job, name: string): string {
  const value = payload[name];
  if (typeof value === "string") return value;
  throw new NexusError("job.failed", `[nexus/memory] job ${id} has no ${name}`);
}

/** Stores a job for a caller: it exists when this resolves. Asked twice under one idempotency key, it is the first job both times. */
export async function enqueueOnce(
  writer: Writer,
  draft: Job,
  { records, clock, settings }: Pick<Dependencies, "records" | "clock" | "settings">,
): Promise<Job> {
  const { value: id } = await records.transact(writer.scope, [], async (tx) =>
    once(tx, writer, { now: clock.now(), ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
      tx.put("job", draft);
      return draft.id;
    }),
  );
  return id === draft.id ? draft : await getJob(writer.scope, id, { records });
}

export async function getJob(scope: TenantScope, id: string, { records }: Pick<Dependencies, "records">): Promise<Job> {
  const [job] = await records.reader(scope).get("job", [[id]]);
  if (!job) throw new NexusError("job.not_found", `[nexus/memory] there is no job ${id}`);
  return job;
}

/** Newest first. */
export async function listJobs(
  scope: TenantScope,
  { limit, cursor }: JobsRequest,
  { records, signers }: Pick<Dependencies, "records" | "signers">,
): Promise<Page<Job>> {
  const before = fromCursor(cursor, scope, "jobs", signers);
  const shown = before?.shown ?? [];
  const rows = await records
    .reader(scope)
    .find({ index: "jobByNewest", anyOf: [[]], from: before?.newest, limit: limit + shown.length + 1 });
  const fresh = rows.filter(({ id }) => !shown.includes(id));
  const items = fresh.slice(0, limit);
  let after = before;
  for (const job of items) after = advance(after, "job", job);
  return { items, nextCursor: after && fresh.length > limit ? toCursor(after, scope, "jobs", signers) : null };
}
