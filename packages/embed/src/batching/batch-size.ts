/** How many inputs a batch may have: as many as answer within a target. */

export interface SizeLimits {
  readonly minBatch: number;
  readonly maxBatch: number;
  /** A batch should take about this long. */
  readonly targetMs: number;
}

/**
 * The limit after a batch: three quarters of it when it took too long, a quarter more when a full one took less than
 * half of the target. By at least one, since ⌊5n/4⌋ stays at n below 4.
 *
 * limit  that the batch was taken under
 * ran    inputs that it had: too many of them say less, too few nothing of what more would cost
 */
export function nextBatchSize(limit: number, ran: number, ms: number, limits: SizeLimits): number {
  const { minBatch, maxBatch, targetMs } = limits;
  if (ms > targetMs) return Math.max(minBatch, Math.floor((3 * Math.min(limit, ran)) / 4));
  if (ms >= targetMs / 2 || ran < limit) return limit;
  return Math.min(maxBatch, Math.max(limit + 1, Math.ceil((5 * limit) / 4)));
}
