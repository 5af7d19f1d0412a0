/** Vectors that were computed before: bounded by entries and bytes, kept on disk where there is one. */

import { type Clock, createEviction, type EvictionName, silent, type Telemetry } from "@nexus/core";
import { tenantTag } from "./key.ts";

export interface CachedVector {
  readonly vector: Float32Array;
  readonly tokens: number;
  readonly truncated: boolean;
}

export interface EmbeddingCache {
  /** A copy of the vector. `ended`: also one whose time is over and that is still here, for when the model is not to be had. */
  get(key: string, options?: { readonly ended?: boolean }): CachedVector | undefined;
  /** Keeps a copy of the vector. */
  set(key: string, value: CachedVector): void;
  /** Takes in what the disk has kept, and lets it write from then on; the number of entries taken in. Works meanwhile. */
  restore(): Promise<number>;
  /** Drops everything of a tenant, on disk as well when the promise resolves; how many entries were in memory. */
  forget(tenant: string): Promise<number>;
  stats(): CacheStats;
  /** Brings what waits to disk. The cache goes on in memory. */
  close(): Promise<void>;
}

interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
}

/** Where entries outlive the process. A disk that fails forgets; it never makes an embedding fail. */
export interface CacheDisk {
  /** Hands over every intact entry, the oldest first. */
  load(visit: (key: string, value: CachedVector, storedAt: number) => void): Promise<void>;
  /** Returns at once; what is known already is not written again. */
  write(key: string, value: CachedVector, storedAt: number): void;
  /** The entry has served again and is worth keeping. */
  used(key: string): void;
  forget(prefix: string): Promise<void>;
  /** Resolves once all that was written before is in the operating system's hands. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface EmbeddingCacheOptions {
  readonly clock: Clock;
  readonly policy: EvictionName;
  readonly maxEntries: number;
  /** Of vectors, keys and what they need around them, as an estimate. */
  readonly maxBytes: number;
  /** 0: for ever. */
  readonly ttlSeconds: number;
  readonly telemetry?: Telemetry | undefined;
  readonly disk?: CacheDisk | undefined;
}

interface Entry {
  readonly value: CachedVector;
  readonly storedAt: number;
}

/** Of an entry beside its numbers: key, objects, and the links of map and policy. 540 measured as heap at 100,000 entries; ARC's memory of keys that are gone comes on top. */
const ENTRY_BYTES = 600;
const TIER = { tier: "embedding" };

/** cost  a hit is a look-up and a copy of the vector: about 10 µs among 100,000 of 384 dimensions, the key included (`npm run bench -- --only embedding-cache`) */
export function createEmbeddingCache(options: EmbeddingCacheOptions): EmbeddingCache {
  const { clock, maxEntries, maxBytes, telemetry = silent, disk } = options;
  const ttlMs = options.ttlSeconds === 0 ? Infinity : options.ttlSeconds * 1_000;
  const policy = createEviction(options.policy);
  const entries = new Map<string, Entry>();
  const counts = { hits: 0, misses: 0, evictions: 0 };
  let bytes = 0;

  const drop = (key: string, entry: Entry): void => {
    entries.delete(key);
    bytes -= sizeOf(entry.value);
  };
  /** Whether there was something to give up. */
  const evict = (reason: "entries" | "bytes"): boolean => {
    const victim = policy.evict(clock.now());
    const entry = victim === undefined ? undefined : entries.get(victim);
    if (victim === undefined || !entry) return false;
    drop(victim, entry);
    counts.evictions++;
    telemetry.count("cache_evictions_total", { ...TIER, reason });
    return true;
  };
  const isOver = (): boolean => bytes > maxBytes;
  const makeRoom = (): void => {
    if (entries.size > maxEntries) evict("entries");
    while (isOver() && evict("bytes"));
  };
  const put = (key: string, value: CachedVector, storedAt: number): void => {
    const before = entries.get(key);
    if (before) {
      policy.drop(key);
      drop(key, before);
    }
    if (sizeOf(value) > maxBytes || maxEntries < 1) return;
    entries.set(key, { value, storedAt });
    bytes += sizeOf(value);
    policy.add(key, storedAt + ttlMs);
    makeRoom();
    telemetry.gauge("cache_bytes", bytes, TIER);
  };
  const hasEnded = ({ storedAt }: Entry): boolean => clock.now() - storedAt >= ttlMs;
  return {
    get(key, { ended = false } = {}) {
      const entry = entries.get(key);
      const found = entry !== undefined && (ended || !hasEnded(entry)) ? entry : undefined;
      counts[found ? "hits" : "misses"]++;
      telemetry.count("embed_cache_total", { result: found ? "hit" : "miss" });
      if (!found) return undefined;
      policy.touch(key);
      disk?.used(key);
      return copyOf(found.value);
    },
    set(key, value) {
      const own = copyOf(value);
      const now = clock.now();
      put(key, own, now);
      disk?.write(key, own, now);
    },
    async restore() {
      let restored = 0;
      await disk?.load((key, value, storedAt) => {
        // What this process has computed since is at least as new.
        if (entries.has(key) || hasEnded({ value, storedAt })) return;
        put(key, value, storedAt);
        restored++;
      });
      return restored;
    },
    async forget(tenant) {
      const tag = tenantTag(tenant);
      const own = [...entries].filter(([key]) => key.startsWith(tag));
      for (const [key, entry] of own) {
        policy.drop(key);
        drop(key, entry);
      }
      telemetry.gauge("cache_bytes", bytes, TIER);
      await disk?.forget(tag);
      return own.length;
    },
    stats: () => ({ entries: entries.size, bytes, ...counts }),
    async close() {
      await disk?.close();
    },
  };
}

function sizeOf({ vector }: CachedVector): number {
  return vector.byteLength + ENTRY_BYTES;
}

/** The vector may be a view of a whole batch, which must not be held for its sake, and the caller may change it. */
function copyOf({ vector, tokens, truncated }: CachedVector): CachedVector {
  return { vector: vector.slice(), tokens, truncated };
}
