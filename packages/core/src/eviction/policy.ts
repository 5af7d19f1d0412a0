/** Which entry a cache gives up when it is full: a policy knows keys and how they were used, the cache has values and bounds. */

import { createArc } from "./arc.ts";
import { createLfu } from "./lfu.ts";
import { createLru } from "./lru.ts";
import { createTtlLru } from "./ttl-lru.ts";

export interface EvictionPolicy {
  /** A key that is held was asked for. */
  touch(key: string): void;
  /** Takes in a key that is not held; all keys live equally long, so those added first end first. `Infinity`: for ever. */
  add(key: string, expiresAt: number): void;
  /** A key leaves for a reason of the cache's own; unknown keys are fine. */
  drop(key: string): void;
  /** Gives up one key and returns it, never the one added last unless it is alone; undefined where none is held. */
  evict(now: number): string | undefined;
}

export type EvictionName = "lru" | "lfu" | "ttl-lru" | "arc";

export const EVICTION_NAMES: readonly EvictionName[] = ["lru", "lfu", "ttl-lru", "arc"];

const POLICIES: Readonly<Record<EvictionName, () => EvictionPolicy>> = {
  lru: createLru,
  lfu: createLfu,
  "ttl-lru": createTtlLru,
  arc: createArc,
};

export function createEviction(name: EvictionName): EvictionPolicy {
  return POLICIES[name]();
}
