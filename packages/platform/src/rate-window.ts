/** Fixed windows that count events per key in the cache store, so that all processes behind one cache share them. */

import type { CacheStore, Clock, TenantScope } from "@nexus/core";

export interface RateVerdict {
  readonly allowed: boolean;
  /** Until the window ends; at least 1. */
  readonly retryAfterSeconds: number;
}

/** Up to twice the limit may pass within a minute that straddles two windows: the price of one atomic step per event. */
export interface RateWindow {
  /** Counts one event and says whether it is within the limit. */
  hit(scope: TenantScope, key: string, limit: number): Promise<RateVerdict>;
  /** Whether one more event would be within the limit; counts nothing. */
  peek(scope: TenantScope, key: string, limit: number): Promise<RateVerdict>;
}

/** A cache that fails lets everything through: it may be forgetful, but never a reason to refuse service. */
export function createRateWindow(options: {
  readonly cache: CacheStore;
  readonly clock: Clock;
  readonly windowSeconds: number;
}): RateWindow {
  const { cache, clock, windowSeconds } = options;
  const windowMs = windowSeconds * 1_000;
  const window = () => Math.floor(clock.now() / windowMs);
  const verdict = (count: number, limit: number): RateVerdict => ({
    allowed: count <= limit,
    retryAfterSeconds: Math.max(1, Math.ceil(windowSeconds - (clock.now() % windowMs) / 1_000)),
  });
  return {
    async hit(scope, key, limit) {
      try {
        const change = { add: { count: 1 }, ttlSeconds: windowSeconds };
        const { count = 0 } = await cache.update(scope, `${key}:${window()}`, change);
        return verdict(count, limit);
      } catch {
        return verdict(0, limit);
      }
    },
    async peek(scope, key, limit) {
      try {
        const [entry] = await cache.get(scope, [`${key}:${window()}`]);
        return verdict(countOf(entry) + 1, limit);
      } catch {
        return verdict(0, limit);
      }
    },
  };
}

function countOf(entry: unknown): number {
  const count = entry !== null && typeof entry === "object" && "count" in entry ? entry.count : 0;
  return typeof count === "number" ? count : 0;
}
