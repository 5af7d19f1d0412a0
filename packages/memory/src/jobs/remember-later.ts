/** Job `remember`: a write accepted with `async: true`. Its text waits in a blob, which is on disk before the job's row is. */

import { type Job, type JsonObject, NexusError } from "@nexus/core";
import type { NewMemory, Writer } from "../requests.ts";
import { remember, type RememberDependencies } from "../remember/remember.ts";
import { enqueueOnce, newJob, textField } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

export const BLOB_PREFIX = "jobs/";

/** Stores the request, then its job. */
export async function rememberLater(
  writer: Writer,
  inputs: readonly NewMemory[],
  deps: RememberDependencies,
): Promise<Job> {
  const draft = newJob("remember", { keyId: writer.keyId }, deps, inputs.length);
  const key = blobKey(draft);
  await deps.blobs.put(writer.scope, key, new TextEncoder().encode(JSON.stringify(inputs)));
  const job = await enqueueOnce(writer, draft, deps);
  if (job.id !== draft.id) await deps.blobs.remove(writer.scope, key);
  deps.jobs.nudge(writer.scope);
  return job;
}

export function createRememberHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, { progress, signal }) => {
    signal.throwIfAborted();
    const { blobs } = deps();
    const bytes = await blobs.get(scope, blobKey(job));
    if (!bytes)
      throw new NexusError(
        "job.failed",
        "[nexus/memory] the request that this job was to carry out is no longer there",
      );
    const inputs = (JSON.parse(new TextDecoder().decode(bytes)) as JsonObject[]).map(revive);
    // The job's own id as idempotency key: an attempt that died after its commit is not repeated.
    const writer: Writer = {
      scope,
      keyId: textField(job, "keyId"),
      idempotency: { route: "job", key: job.id, bodyHash: job.id },
    };
    const { results } = await remember(writer, inputs, deps());
    await progress(inputs.length, inputs.length);
    // The blob stays until the job's row says done: the sweep takes it then.
    return { results: results.map((result) => ({ ...result })) };
  };
}

function blobKey({ id }: Job): string {
  return `${BLOB_PREFIX}${id}.json`;
}

const TIMES = new Set(["createdAt", "validFrom", "validTo", "expiresAt"]);

function revive(input: JsonObject): NewMemory {
  const entries = Object.entries(input).map(([name, value]) => [
    name,
    TIMES.has(name) && typeof value === "string" ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries) as NewMemory;
}
