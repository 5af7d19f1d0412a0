/** What has outlived its time goes first, then the least recently used. */

import { KeyList } from "./key-list.ts";
import type { EvictionPolicy } from "./policy.ts";

/** cost  as LRU, and one more list of the keys */
export function createTtlLru(): EvictionPolicy {
  const byUse = new KeyList();
  /** In the order in which they were added, which is the order in which they end. */
  const byAge = new KeyList();
  const endings = new Map<string, number>();
  const remove = (key: string): void => {
    byUse.remove(key);
    byAge.remove(key);
    endings.delete(key);
  };
  return {
    touch(key) {
      byUse.moveToEnd(key);
    },
    add(key, expiresAt) {
      byUse.append(key);
      byAge.append(key);
      endings.set(key, expiresAt);
    },
    drop: remove,
    evict(now) {
      const eldest = byAge.first;
      const victim = eldest !== undefined && (endings.get(eldest) ?? Infinity) <= now ? eldest : byUse.first;
      if (victim !== undefined) remove(victim);
      return victim;
    },
  };
}
