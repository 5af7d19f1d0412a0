/** Least often used goes first; of those used equally often, the least recently used. */

import { KeyList } from "./key-list.ts";
import type { EvictionPolicy } from "./policy.ts";

/** The keys that were used equally often, between those used less and those used more often. */
interface Level {
  readonly count: number;
  readonly keys: KeyList;
  fewer: Level | undefined;
  more: Level | undefined;
}

/**
 * Counts begin anew when a key comes back after it was given up, and never fade.
 *
 * cost     a few steps of hash tables for each use, whatever the counts
 * source   Shah, Mitra, Matani 2010, "An O(1) algorithm for implementing the LFU cache eviction scheme"
 */
export function createLfu(): EvictionPolicy {
  const levels = new Map<string, Level>();
  let lowest: Level | undefined;
  /** The newest key is the least used one, and yet not what should make room for itself. */
  let newest: string | undefined;

  /** The level of `count`, which belongs right after `fewer`. */
  const levelAfter = (fewer: Level | undefined, count: number): Level => {
    const more = fewer ? fewer.more : lowest;
    if (more?.count === count) return more;
    const level: Level = { count, keys: new KeyList(), fewer, more };
    if (fewer) fewer.more = level;
    else lowest = level;
    if (more) more.fewer = level;
    return level;
  };
  const put = (key: string, level: Level): void => {
    level.keys.append(key);
    levels.set(key, level);
  };
  const leave = (key: string, { keys, fewer, more }: Level): void => {
    keys.remove(key);
    if (keys.size > 0) return;
    if (fewer) fewer.more = more;
    else lowest = more;
    if (more) more.fewer = fewer;
  };
  const drop = (key: string): void => {
    const level = levels.get(key);
    if (!level) return;
    levels.delete(key);
    leave(key, level);
  };
  return {
    touch(key) {
      const level = levels.get(key);
      if (!level) return;
      put(key, levelAfter(level, level.count + 1));
      leave(key, level);
    },
    add(key) {
      put(key, levelAfter(undefined, 1));
      newest = key;
    },
    drop,
    evict() {
      const victim = lowest?.keys.firstBut(newest) ?? lowest?.more?.keys.first ?? lowest?.keys.first;
      if (victim !== undefined) drop(victim);
      return victim;
    },
  };
}
