/** The job that fills every memory of a tenant: queued once, however often it is asked for. */

import type { Clock, Ids, Job, RecordReader, RecordTx } from "@nexus/core";
import { newJob } from "../jobs/queue.ts";

/** Jobs of one status that are looked through: those that fill are among the oldest. */
const OPEN_JOBS = 1_000;

/** `clean`: see models/fill.ts. */
export function putFill(tx: RecordTx, clean: boolean, deps: { readonly ids: Ids; readonly clock: Clock }): void {
  tx.put("job", newJob("embed", { clean }, deps));
}

/** Jobs that fill every memory, queued or running. */
export async function openFills(reader: RecordReader): Promise<Job[]> {
  const [queued, running] = await Promise.all(
    (["queued", "running"] as const).map((status) =>
      reader.find({ index: "jobByStatus", anyOf: [[status]], limit: OPEN_JOBS }),
    ),
  );
  return [...(queued ?? []), ...(running ?? [])].filter(
    ({ kind, payload }) => kind === "embed" && payload["memoryIds"] === undefined,
  );
}
