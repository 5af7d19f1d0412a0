/** Least recently used goes first. */

import { KeyList } from "./key-list.ts";
import type { EvictionPolicy } from "./policy.ts";

/** cost  a step of a hash table for each use */
export function createLru(): EvictionPolicy {
  const byUse = new KeyList();
  return {
    touch(key) {
      byUse.moveToEnd(key);
    },
    add(key) {
      byUse.append(key);
    },
    drop(key) {
      byUse.remove(key);
    },
    evict() {
      const oldest = byUse.first;
      if (oldest !== undefined) byUse.remove(oldest);
      return oldest;
    },
  };
}
