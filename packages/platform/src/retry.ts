/** When a failed call may be tried again: exponential back-off with full jitter. */

import { NexusError, type Random } from "@nexus/core";
import { pause, type Timers } from "./timers.ts";

export interface RetryPolicy {
  /** Calls after the first one. */
  readonly maxRetries: number;
  /** Upper bound of the first delay; it doubles with each further one, up to `maxMs`. */
  readonly baseMs: number;
  readonly maxMs: number;
}

export interface RetryTools {
  readonly policy: RetryPolicy;
  readonly random: Random;
  readonly timers: Timers;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Milliseconds to wait before the call is tried again; undefined: it is not.
 *
 * attempt  calls that have failed, from 1
 * chance   0 ≤ chance < 1
 * source   full jitter: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog 2015
 */
export function retryDelay(error: unknown, attempt: number, policy: RetryPolicy, chance: number): number | undefined {
  if (attempt > policy.maxRetries || !isRetryable(error)) return undefined;
  return chance * Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
}

/** Calls until it succeeds or may not be tried again. Only for what may safely happen twice. throws  the last error, or the signal's reason */
export async function withRetry<T>(call: () => Promise<T>, { policy, random, timers, signal }: RetryTools): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const delay = retryDelay(error, attempt, policy, fraction(random));
      if (delay === undefined) throw error;
      await pause(delay, timers, signal);
    }
  }
}

/** A breaker that is open asks to be left alone: only the client may come back later. */
function isRetryable(error: unknown): boolean {
  return error instanceof NexusError && error.retryable && error.code !== "breaker.open";
}

/** 0 ≤ x < 1, 32 random bits. */
function fraction(random: Random): number {
  const bytes = random.bytes(new Uint8Array(4));
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}
