/** Adaptive replacement: shares the room between what was used once lately and what was used again, by what it regrets to have given up. */

import { KeyList } from "./key-list.ts";
import type { EvictionPolicy } from "./policy.ts";

/**
 * A scan fills the part for keys seen once and leaves the rest alone. Where bytes bound the cache, the paper's c is the
 * number of keys held when one has to go.
 *
 * cost     one to three steps of hash tables for each use
 * memory   remembers up to as many keys that are gone as there are keys
 * source   Megiddo, Modha 2003, "ARC: a self-tuning, low overhead replacement cache", figure 4; here the key comes in
 *          before another goes, so it is left out of the counts
 */
export function createArc(): EvictionPolicy {
  /** T1 and T2 of the paper: held, seen once and seen again; B1 and B2: lately given up from either. In order of use. */
  const once = new KeyList();
  const again = new KeyList();
  const goneOnce = new KeyList();
  const goneAgain = new KeyList();
  /** p of the paper: the room that `once` should have. */
  let target = 0;
  let newest: string | undefined;
  let newestWasAgain = false;

  /** |T1| + |B1| ≤ c, and all four together ≤ 2c. */
  const forgetGone = (capacity: number): void => {
    while (goneOnce.size > 0 && once.size + goneOnce.size > capacity) removeFirst(goneOnce);
    while (goneAgain.size > 0 && once.size + again.size + goneOnce.size + goneAgain.size > 2 * capacity)
      removeFirst(goneAgain);
  };
  return {
    touch(key) {
      if (again.moveToEnd(key)) return;
      if (once.remove(key)) again.append(key);
    },
    add(key) {
      const wasOnce = goneOnce.has(key);
      newest = key;
      newestWasAgain = goneAgain.has(key);
      if (wasOnce) target = Math.min(once.size + again.size, target + Math.max(1, goneAgain.size / goneOnce.size));
      if (newestWasAgain) target = Math.max(0, target - Math.max(1, goneOnce.size / goneAgain.size));
      goneOnce.remove(key);
      goneAgain.remove(key);
      (wasOnce || newestWasAgain ? again : once).append(key);
    },
    drop(key) {
      once.remove(key);
      again.remove(key);
    },
    evict() {
      const ofOnce = once.firstBut(newest);
      const ofAgain = again.firstBut(newest);
      const held = once.size - (newest !== undefined && once.has(newest) ? 1 : 0);
      const prefersOnce = held > target || (newestWasAgain && held === target);
      const givesOnce = ofOnce !== undefined && (prefersOnce || ofAgain === undefined);
      const victim = (givesOnce ? ofOnce : ofAgain) ?? newest;
      if (victim === undefined || !(once.remove(victim) || again.remove(victim))) return undefined;
      (givesOnce ? goneOnce : goneAgain).append(victim);
      forgetGone(Math.max(1, once.size + again.size));
      return victim;
    },
  };
}

function removeFirst(keys: KeyList): void {
  if (keys.first !== undefined) keys.remove(keys.first);
}
