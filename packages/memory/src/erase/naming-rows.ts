/** Rows of the whole tenant that may name a user or the user's memories: jobs, and answers kept for writes sent again. */

import type { IdempotencyRow, Job, Json, JsonObject } from "@nexus/core";
import { type Erasure, transactCounted } from "./erasure.ts";
import { goneOf, pagesOf } from "./pages.ts";

/** Runs after the memories are gone. */
export async function eraseNamingRows(erasure: Erasure): Promise<void> {
  const { scope, userId, deps, beat } = erasure;
  const reader = deps.records.reader(scope);
  const gone = await goneOf(reader, userId);
  for await (const page of pagesOf(reader, "job")) {
    const naming = page.filter((job) => namesInJob(job, erasure, gone));
    if (naming.length > 0) await eraseJobs(erasure, naming, gone);
    await beat();
  }
  for await (const page of pagesOf(reader, "idempotency")) {
    const naming = page.filter((row) => namesInAnswer(row, erasure, gone));
    if (naming.length > 0) {
      await transactCounted(erasure, async (tx) => {
        for (const { keyId, route, key } of naming) tx.remove("idempotency", [keyId, route, key]);
      });
    }
    await beat();
  }
}

/** Jobs and kept answers that still name the user or one of `gone`. */
export async function countNamingRows(
  erasure: Erasure,
  gone: ReadonlySet<string>,
): Promise<{ readonly job: number; readonly idempotency: number }> {
  const reader = erasure.deps.records.reader(erasure.scope);
  let [job, idempotency] = [0, 0];
  for await (const page of pagesOf(reader, "job")) job += page.filter((row) => namesInJob(row, erasure, gone)).length;
  for await (const page of pagesOf(reader, "idempotency"))
    idempotency += page.filter((row) => namesInAnswer(row, erasure, gone)).length;
  return { job, idempotency };
}

/**
 * What names a memory that is gone has nothing left to do or to tell. Other jobs go on without the user: no memory has the
 * MAC as its userId, so that a filter with it in place of the id matches nothing more than before.
 */
async function eraseJobs(erasure: Erasure, jobs: readonly Job[], gone: ReadonlySet<string>): Promise<void> {
  await transactCounted(erasure, async (tx) => {
    const rows = await tx.get(
      "job",
      jobs.map(({ id }) => [id]),
    );
    for (const row of rows) {
      if (!row) continue;
      const others = othersOf(row, gone);
      if (others.length > 0) tx.put("job", { ...row, payload: { ...row.payload, memoryIds: others } });
      else if (some([row.payload, row.result ?? null], (text) => gone.has(text))) tx.remove("job", [row.id]);
      else tx.put("job", { ...row, payload: replaced(row.payload, erasure.userId, erasure.subject) as JsonObject });
    }
  });
}

/** The memories of others that wait for their deep vectors in the same job. */
function othersOf({ kind, payload }: Job, gone: ReadonlySet<string>): string[] {
  const ids = payload["memoryIds"];
  if (kind !== "embed" || !Array.isArray(ids)) return [];
  return ids.filter((id) => typeof id === "string" && !gone.has(id)) as string[];
}

/** Those asked for later may name the user; an erasure that waits must. */
function namesInJob(job: Job, { jobId, userId, requestedAt }: Erasure, gone: ReadonlySet<string>): boolean {
  if (job.id === jobId || (job.kind === "erase" && job.status !== "failed")) return false;
  const values = [job.payload, job.result ?? null];
  if (some(values, (text) => gone.has(text))) return true;
  return job.createdAt.getTime() <= requestedAt && some(values, (text) => text === userId);
}

function namesInAnswer(
  { route, response, expiresAt }: IdempotencyRow,
  { userId, requestedAt, deps }: Erasure,
  gone: ReadonlySet<string>,
): boolean {
  const isBefore = expiresAt.getTime() - deps.settings.idempotencyTtlSeconds * 1_000 <= requestedAt;
  if (some(response, (text) => gone.has(text) || (isBefore && text === userId))) return true;
  return route.split("/").some((part) => gone.has(part));
}

/** Whether a text anywhere in the value passes; names of fields are ours. */
function some(value: Json | readonly Json[], test: (text: string) => boolean): boolean {
  if (typeof value === "string") return test(value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some((inner: Json) => some(inner, test));
}

function replaced(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((inner: Json) => replaced(inner, from, to));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, from, to)]));
}
