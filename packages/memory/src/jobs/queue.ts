/** Making and reading job rows. */

import {
  type Clock,
  type Ids,
  type Job,
  type JsonObject,
  NexusError,
  seal,
  type TenantScope,
  unseal,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { once } from "../remember/idempotency.ts";
import type { JobsRequest, Page, Writer } from "../requests.ts";

/** The work there is. Each kind has one handler. */
export type JobKind = "chunks" | "remember" | "forget" | "rebuild";

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
  const shown =
    cursor === undefined ? { from: undefined, ids: [] } : opened(unseal(signers, scope.tenant, "jobs", cursor));
  const rows = await records
    .reader(scope)
    .find({ index: "jobByNewest", anyOf: [[]], from: shown.from, limit: limit + shown.ids.length + 1 });
  const fresh = rows.filter(({ id }) => !shown.ids.includes(id));
  const items = fresh.slice(0, limit);
  const last = items.at(-1);
  if (!last || fresh.length <= limit) return { items, nextCursor: null };
  const from = -last.createdAt.getTime() * 1_000;
  const ids = items.filter(({ createdAt }) => createdAt.getTime() === last.createdAt.getTime()).map(({ id }) => id);
  return {
    items,
    nextCursor: seal(signers[0], scope.tenant, "jobs", {
      from,
      ids: shown.from === from ? [...shown.ids, ...ids] : ids,
    }),
  };
}

function opened(value: unknown): { from: number | undefined; ids: string[] } {
  if (value !== undefined) return value as { from: number; ids: string[] };
  const message = "is not a cursor of this list; leave it out to begin again";
  throw new NexusError("body.invalid", `[nexus/memory] cursor ${message}`, { problems: [{ path: "cursor", message }] });
}
