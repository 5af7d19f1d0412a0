/** Walks the partitions of a tenant, for jobs that do something for each user. */

import type { RecordReader } from "@nexus/core";

const STEP = 500;

/** In key order, with how far the walk is; `total` grows while more are found. */
export async function* allPartitions(
  reader: RecordReader,
): AsyncGenerator<{ readonly partition: string; readonly done: number; readonly total: number }> {
  let done = 0;
  let after: string[] | undefined;
  for (;;) {
    const rows = await reader.range({ table: "partition", prefix: [], after, limit: STEP });
    const total = done + rows.length;
    for (const { partition } of rows) yield { partition, done: ++done, total };
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    after = [last.partition];
  }
}
