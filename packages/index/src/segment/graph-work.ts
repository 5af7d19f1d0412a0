/** Linking and repairing in pieces, whichever thread it is that holds the instance. */

import type { SegmentInstance } from "./instance.ts";

/** Rows whose links are repaired at once: a millisecond or so where few of them need it. */
const REPAIR_ROWS = 4_096;

/** Rows in the order of what they lie close to, so that one finds the last one's neighbourhood in the cache. Cost: a greedy descent each. */
export function orderForLinking(wasm: SegmentInstance, rows: Uint32Array): Uint32Array {
  const landmarks = new Map<number, number>();
  for (const row of rows) landmarks.set(row, wasm.landmarkOf(row));
  return rows.toSorted((a, b) => landmarks.get(a)! - landmarks.get(b)! || a - b);
}

/** Leads all links past dead rows, a step at a time; dead rows of before may be used again after the last. */
export function* repairInSteps(rows: number): Iterable<(wasm: SegmentInstance) => void> {
  yield (wasm) => wasm.electEntry();
  for (let from = 0; from < rows; from += REPAIR_ROWS) {
    yield (wasm) => void wasm.repairRows(from, Math.min(rows, from + REPAIR_ROWS));
  }
}
