/** The cache inside this process: least recently used out first, over all tenants. */

import {
  type CacheChange,
  type CacheStore,
  type Clock,
  type Json,
  silent,
  type Telemetry,
  type TenantScope,
} from "@nexus/core";

export interface MemoryCacheOptions {
  readonly clock: Clock;
  readonly maxEntries: number;
  /** Bound of an estimate: UTF-16 units of key and JSON. */
  readonly maxBytes: number;
  readonly telemetry?: Telemetry | undefined;
}

interface Cached {
  /** As JSON until it is first asked for, which for most entries is never. */
  text: string | undefined;
  /** Frozen through and through, so that a further hit costs no copy. */
  value: Json | undefined;
  readonly bytes: number;
  /** On the monotonic clock: setting the wall clock back does not prolong a life. */
  readonly expiresAt: number;
}

/** Evicting starts above the first share of `maxBytes` and stops at the second, so that it does not run at every `set`. */
const EVICT_ABOVE = 0.9;
const EVICT_DOWN_TO = 0.8;
const TIER = { tier: "l1" };

export function createMemoryCache(options: MemoryCacheOptions): CacheStore {
  const { clock, maxEntries, maxBytes, telemetry = silent } = options;
  /** In order of use, the latest last: the map keeps it at no cost, so nothing need be sampled to find the oldest. */
  const entries = new Map<string, Cached>();
  let bytes = 0;

  const drop = (name: string, cached: Cached): void => {
    entries.delete(name);
    bytes -= cached.bytes;
  };
  const evict = (name: string, cached: Cached, reason: string): void => {
    drop(name, cached);
    telemetry.count("cache_evictions_total", { ...TIER, reason });
  };
  const evictOldest = (): void => {
    const [oldest] = entries;
    if (oldest) evict(...oldest, "entries");
  };
  const evictDownTo = (target: number): void => {
    for (const [name, cached] of entries) {
      if (bytes <= target) return;
      evict(name, cached, "bytes");
    }
  };
  const use = (name: string): Cached | undefined => {
    const cached = entries.get(name);
    if (!cached) return undefined;
    if (cached.expiresAt <= clock.monotonic()) {
      drop(name, cached);
      return undefined;
    }
    entries.delete(name);
    entries.set(name, cached);
    return cached;
  };
  /** `text` is the value as JSON; parsing it gives a copy that shares nothing with the caller's. */
  const store = (name: string, text: string, expiresAt: number): void => {
    const before = entries.get(name);
    if (before) drop(name, before);
    const size = name.length + text.length;
    if (expiresAt <= clock.monotonic() || size > maxBytes * EVICT_DOWN_TO) return;
    entries.set(name, { text, value: undefined, bytes: size, expiresAt });
    bytes += size;
    if (entries.size > maxEntries) evictOldest();
    if (bytes > maxBytes * EVICT_ABOVE) evictDownTo(maxBytes * EVICT_DOWN_TO);
    telemetry.gauge("cache_bytes", bytes, TIER);
  };

  return {
    async get(scope, keys) {
      return keys.map((key) => valueOf(use(named(scope, key))));
    },
    async set(scope, added) {
      for (const { key, value, ttlSeconds } of added) {
        store(named(scope, key), JSON.stringify(value), clock.monotonic() + ttlSeconds * 1_000);
      }
    },
    async remove(scope, keys) {
      for (const key of keys) {
        const name = named(scope, key);
        const cached = entries.get(name);
        if (cached) drop(name, cached);
      }
    },
    // Atomic because nothing here waits.
    async update(scope, key, change) {
      const name = named(scope, key);
      const before = use(name);
      const fields = applyChange(valueOf(before), change);
      store(name, JSON.stringify(fields), before?.expiresAt ?? clock.monotonic() + change.ttlSeconds * 1_000);
      return fields;
    },
    async clear(scope) {
      const own = named(scope, "");
      const found = [...entries].filter(([name]) => name.startsWith(own));
      for (const [name, cached] of found) drop(name, cached);
      return found.length;
    },
  };
}

function valueOf(cached: Cached | undefined): Json | undefined {
  if (cached?.text !== undefined) {
    cached.value = freeze(JSON.parse(cached.text) as Json);
    cached.text = undefined;
  }
  return cached?.value;
}

/** The tenant's length first: no choice of tenant and key can name another tenant's entry. */
function named(scope: TenantScope, key: string): string {
  return `${scope.tenant.length}:${scope.tenant}${key}`;
}

/** Additions first. What was there and is not a number counts as 0. */
function applyChange(before: Json | undefined, { add = {}, max = {} }: CacheChange): Record<string, number> {
  const fields = new Map<string, number>();
  const known = before !== null && typeof before === "object" ? Object.entries(before) : [];
  for (const [name, value] of known) if (typeof value === "number") fields.set(name, value);
  for (const [name, by] of Object.entries(add)) fields.set(name, (fields.get(name) ?? 0) + by);
  for (const [name, least] of Object.entries(max)) fields.set(name, Math.max(fields.get(name) ?? 0, least));
  return Object.fromEntries(fields);
}

function freeze(value: Json): Json {
  if (value !== null && typeof value === "object") {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}
