/** How near a memory is to the dates that a query names. */

import type { PointPayload } from "@nexus/core";

/** Milliseconds; `from` belongs to it, `to` does not. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
/** People speak of what happened within days; 3 and 14 days do as well. */
const SCALE_MS: number = 7 * DAY_MS;
/** What was said before the day came is a plan, and less likely what is asked for. */
const AHEAD = 2;

/** 1 for a memory that was said in one of the intervals or speaks of one, e^(−gap/7 d) for one said outside them. */
export function closeness(
  { createdAt, occurredFrom, occurredTo }: Pick<PointPayload, "createdAt" | "occurredFrom" | "occurredTo">,
  dates: readonly Interval[],
): number {
  let best = 0;
  for (const { from, to } of dates) {
    if (occurredFrom !== undefined && occurredFrom < to && (occurredTo ?? occurredFrom + 1) > from) return 1;
    const gap = createdAt < from ? AHEAD * (from - createdAt) : Math.max(0, createdAt - to);
    best = Math.max(best, Math.exp(-gap / SCALE_MS));
  }
  return best;
}
