/** What was found in memories goes with them when they are forgotten: its words are theirs. */

import type { Pattern, RecordTx } from "@nexus/core";
import { MIN_MEMORIES } from "./patterns.ts";
import { MAX_KEPT_IDS, MAX_ROWS } from "./trend-rows.ts";

/**
 * Takes memories out of a partition's trends and patterns. At least half of a row's memories have each of its words: it
 * goes with the half of them, so that none of its words is left that only forgotten ones had.
 *
 * cost     reads the partition's rows, some hundreds at most
 */
export async function dropFound(tx: RecordTx, partition: string, memoryIds: ReadonlySet<string>): Promise<void> {
  const rows = await tx.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
  for (const row of rows) {
    const left = row.memoryIds.filter((id) => !memoryIds.has(id));
    if (left.length === row.memoryIds.length) continue;
    if (isHeldBy(left.length, row)) tx.put("pattern", { ...row, memoryIds: left });
    else tx.remove("pattern", [partition, row.id]);
  }
}

function isHeldBy(left: number, { frequency }: Pattern): boolean {
  return left >= MIN_MEMORIES && 2 * left > Math.min(frequency, MAX_KEPT_IDS);
}
