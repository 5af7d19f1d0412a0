/** The deep vectors that a write owes: a job in the same transaction, so that they are made whatever happens after it. */

import type { Clock, Ids, RecordTx } from "@nexus/core";
import { newJob } from "../jobs/queue.ts";
import { generationsToFill, type ModelState } from "./generations.ts";

/** Whether a job was put. `memoryIds`: memories that got new chunks. */
export function putOwed(
  tx: RecordTx,
  memoryIds: readonly string[],
  { state, ids, clock }: { readonly state: ModelState; readonly ids: Ids; readonly clock: Clock },
): boolean {
  if (memoryIds.length === 0 || generationsToFill(state).length === 0) return false;
  tx.put("job", newJob("embed", { memoryIds: [...memoryIds] }, { ids, clock }));
  return true;
}
