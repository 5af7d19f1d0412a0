/** How large the next batch may be and how long it waits for more inputs, by how the last one went. */

import type { Clock } from "@nexus/core";
import { nextBatchSize, type SizeLimits } from "./batch-size.ts";

export interface PaceLimits extends SizeLimits {
  /** Of the first batch. */
  readonly startBatch: number;
  /** Longest wait for more inputs. None where the model is idle. */
  readonly waitMs: number;
}

export interface Pace {
  /** Inputs that the next batch may have. */
  limit(): number;
  /**
   * Milliseconds that the next batch waits. An idle model begins at once; just after a batch its callers are about to
   * come back, and for as many as there were it waits, though never longer than half of what a batch takes.
   */
  waitMs(waiting: number): number;
  /** A batch has ended: its inputs, those that waited beside it, and how long it took. */
  ran(count: number, beside: number, ms: number): void;
  /** Inputs per second at the last batch's pace; undefined before any. */
  perSecond(): number | undefined;
}

/** A wait below it would only be rounded up: timers count whole milliseconds. */
const LEAST_WAIT_MS = 1;

export function createPace(limits: PaceLimits, clock: Clock): Pace {
  let limit = limits.startBatch;
  const last = { endedAt: -Infinity, ms: 0, count: 0, together: 0 };
  return {
    limit: () => limit,
    waitMs(waiting) {
      if (waiting >= Math.min(limit, last.together)) return 0;
      const longest = Math.min(limits.waitMs, last.ms / 2);
      return longest < LEAST_WAIT_MS ? 0 : Math.max(0, last.endedAt + longest - clock.monotonic());
    },
    ran(count, beside, ms) {
      Object.assign(last, { endedAt: clock.monotonic(), ms, count, together: count + beside });
      limit = nextBatchSize(limit, count, ms, limits);
    },
    perSecond: () => (last.ms > 0 ? (1_000 * last.count) / last.ms : undefined),
  };
}
