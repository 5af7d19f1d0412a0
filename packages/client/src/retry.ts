/** When a failed call is sent again. */

import type { NexusClientError } from "./errors.ts";

export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  /** Upper end of the first delay; doubles with each attempt. */
  readonly baseMs: number;
  /** Upper end of every delay. */
  readonly maxMs: number;
  /** A server that asks for a longer wait is not asked again. */
  readonly maxRetryAfterMs: number;
}

export const RETRIES: RetryPolicy = { retries: 3, baseMs: 100, maxMs: 2_000, maxRetryAfterMs: 30_000 };

/** Milliseconds to wait before attempt `attempt + 1`, with full jitter on top of `retry-after`; null to give up. */
export function retryDelay(
  error: NexusClientError,
  attempt: number,
  { retries, baseMs, maxMs, maxRetryAfterMs }: RetryPolicy,
  random: () => number,
): number | null {
  const passes = error.code === "client.unreachable" || error.status === 429 || error.status === 503;
  if (!passes || attempt > retries) return null;
  const asked = error.retryAfterMs ?? 0;
  if (asked > maxRetryAfterMs) return null;
  return asked + random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
