/**
 * Searches of the graph: Malkov & Yashunin 2018 (HNSW), algorithms 2 and 5.
 *
 * Deviations: scores are dot products of 7-bit codes, larger is better; W and C are one sorted array (pool.ts); a neighbour
 * whose bits say that it hardly beats the worst kept is passed over before its codes are read (an early termination of
 * the distance: RaBitQ's idea with plain signs).
 */

import { codesOf, codeWidth, DEAD, entryRow, headOf, levelOf, LINKED, linksAbove, linksBelow, linksOf, NONE, stateOf } from "./layout";
import { clearPool, isExpanded, keyAt, markExpanded, offer, rowOf, size, worst } from "./pool";
import { estimate, scoreRow } from "./query";
import { countDistance, countDistances, countEstimates, forgetVisited, frontier, visit } from "./scratch";

/** Keeps the compiler from leaving out loads that only warm the cache. */
export let touched: u32 = 0;

/** Fills the pool with the best `ef` of level 0, dead rows among them. The query must be prepared. */
export function searchGraph(ef: u32): void {
  clearPool(ef);
  forgetVisited();
  const entry = entryRow();
  if (entry === NONE) return;
  const near = descend(entry, levelOf(headOf(entry)), 0);
  visit(near);
  countDistance();
  offer(scoreRow(near), near);
  searchLayer(0);
}

/** From `row` on level `top` greedily down to the level above `bottom`: algorithm 5, lines 3–5. */
export function descend(row: u32, top: u32, bottom: u32): u32 {
  if (top <= bottom) return row;
  let best = scoreRow(row);
  countDistance();
  for (let level = top; level > bottom; level--) {
    for (let moved = true; moved;) {
      moved = false;
      const list = linksOf(row, level);
      for (let i: u32 = 0; i < linksAbove; i++) {
        const other = load<u32>(list + (<usize>i << 2));
        if (other === NONE) break;
        // Freed, and perhaps used again: it leads nowhere.
        if (!isStone(other)) continue;
        countDistance();
        const score = scoreRow(other);
        if (score > best) {
          best = score;
          row = other;
          moved = true;
        }
      }
    }
  }
  return row;
}

/** Algorithm 2: expands the best that is not expanded until all in the pool are. The pool holds where to begin. */
export function searchLayer(level: u32): void {
  const room = level > 0 ? linksAbove : linksBelow;
  for (let place = nextPlace(0); place < size; place = nextPlace(place)) {
    const row = rowOf(keyAt(place));
    markExpanded(place);
    const next = nextPlace(place);
    if (next < size) touched = touch(linksOf(rowOf(keyAt(next)), level), <usize>room << 2);
    place = min(place, expand(linksOf(row, level), room));
  }
}

/** The first place from here on that is not expanded. */
function nextPlace(place: u32): u32 {
  while (place < size && isExpanded(keyAt(place))) place++;
  return place;
}

/**
 * Offers the neighbours in a list to the pool; the first place that one of them took.
 *
 * In passes, so that the processor waits for memory once a pass and not once a neighbour: which are new, whose bits leave
 * hope, then one load from each cache line of their codes, then their scores.
 */
function expand(list: usize, room: u32): u32 {
  const fresh = selectFresh(list, room);
  const hopeful = worst === -Infinity ? fresh : selectHopeful(fresh);
  let lines: u32 = 0;
  for (let at = frontier; at < hopeful; at += 4) lines += touch(codesOf(load<u32>(at)), codeWidth);
  touched = lines;
  let best = NONE;
  for (let at = frontier; at < hopeful; at += 4) {
    const row = load<u32>(at);
    const score = scoreRow(row);
    if (score > worst) best = min(best, offer(score, row));
  }
  countDistances(<u32>(hopeful - frontier) >> 2);
  return best;
}

/** Writes the neighbours that this search has not seen to the frontier; where they end. */
function selectFresh(list: usize, room: u32): usize {
  let at = frontier;
  let heads: u32 = 0;
  for (const end = list + (<usize>room << 2); list < end; list += 4) {
    const row = load<u32>(list);
    if (row === NONE) break;
    store<u32>(at, row);
    if (!visit(row)) continue;
    heads += load<u8>(headOf(row));
    at += 4;
  }
  touched = heads;
  return at;
}

/** Keeps those of the frontier that may beat the worst of the pool, going by their bits. */
function selectHopeful(end: usize): usize {
  const limit = worst;
  let kept = frontier;
  for (let at = frontier; at < end; at += 4) {
    const row = load<u32>(at);
    store<u32>(kept, row);
    if (estimate(row) >= limit) kept += 4;
  }
  countEstimates(<u32>(end - frontier) >> 2);
  return kept;
}

/** Loads one byte of each cache line. */
function touch(from: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = from + bytes; from < end; from += 64) sum += load<u8>(from);
  return sum;
}

/** Whether links may lead to it: a dead row is a stepping stone until repair; one that was freed, and perhaps used again since, is none. */
export function isStone(row: u32): bool {
  const state = stateOf(headOf(row));
  return state === LINKED || state === DEAD;
}

export function isLinked(row: u32): bool {
  return stateOf(headOf(row)) === LINKED;
}
