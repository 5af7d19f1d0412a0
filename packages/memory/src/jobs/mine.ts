/** Job `mine`: finds the trends of every user who wrote since the last time, and of those whose trends have run out. */

import type { RememberDependencies } from "../remember/remember.ts";
import { WINDOW_MS } from "../engines/mining.ts";
import { lastRecorded } from "../engines/recent.ts";
import { markedAt, MAX_ROWS, storeTrends } from "../engines/trend-rows.ts";
import { allPartitions } from "./partitions.ts";
import type { JobHandler } from "./runner.ts";

/** Windows move on while nobody writes: what was a trend yesterday is looked at again. */
const LOOK_AGAIN_MS = 3_600_000;

export function createMineHandler(deps: () => Pick<RememberDependencies, "records" | "clock">): JobHandler {
  return async (scope, _job, { progress, signal }) => {
    const { records, clock } = deps();
    const reader = records.reader(scope);
    let [users, trends] = [0, 0];
    for await (const { partition, done, total } of allPartitions(reader)) {
      signal.throwIfAborted();
      const now = clock.now();
      const recorded = await lastRecorded(reader, partition);
      const rows = await reader.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
      const mined = markedAt(rows, partition, "trends");
      const isNew = recorded !== undefined && (mined === undefined || recorded >= mined);
      const hasTrends = rows.some(({ type, frequency }) => type === "trend" && frequency > 0);
      const couldHave = recorded !== undefined && now - recorded < 2 * WINDOW_MS.month;
      if (isNew || ((hasTrends || couldHave) && now - (mined ?? 0) >= LOOK_AGAIN_MS)) {
        trends += await storeTrends(scope, partition, { records, now });
        users++;
      }
      await progress(done, total);
    }
    return { users, trends };
  };
}
