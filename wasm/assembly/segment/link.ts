/** Putting a row into the graph: Malkov & Yashunin 2018, algorithm 1. One thread at a time may link or repair. */

import { descend, isStone, searchLayer } from "./graph";
import { entryRow, headOf, levelOf, linksAbove, linksBelow, linksOf, markLinked, NONE, setEntry } from "./layout";
import { clearPool, keyAt, keyOf, offer, rowOf, size } from "./pool";
import { prepareRow, scorePair, scoreRow } from "./query";
import { candidates, chosen, forgetVisited, visit } from "./scratch";
import { selectNeighbours } from "./select";

/** Links a waiting row. Cost: a search with efConstruction candidates, and at most linksBelow scores for each link made. */
export function linkRow(row: u32, efConstruction: u32): void {
  const head = headOf(row);
  const level = levelOf(head);
  const entry = entryRow();
  if (entry === NONE) {
    markLinked(head);
    setEntry(row);
    return;
  }
  prepareRow(row);
  const top = levelOf(headOf(entry));
  let near = descend(entry, top, level);
  for (let at = min(top, level) + 1; at-- > 0;) {
    clearPool(efConstruction);
    forgetVisited();
    visit(row);
    visit(near);
    offer(scoreRow(near), near);
    searchLayer(at);
    near = connect(row, at, near);
  }
  // A row that died meanwhile stays dead: a stepping stone until repair.
  markLinked(head);
  if (level > top) setEntry(row);
}

/**
 * The row above level 0 that greedy descent for this row ends at. Rows that share it lie close together: linked one after
 * the other they find each other's neighbourhood in the cache.
 */
export function landmarkOf(row: u32): u32 {
  const entry = entryRow();
  if (entry === NONE) return NONE;
  prepareRow(row);
  return descend(entry, levelOf(headOf(entry)), 0);
}

/** Links the row with the best of the pool, both ways; the nearest. */
function connect(row: u32, level: u32, near: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    const key = keyAt(i);
    const other = rowOf(key);
    if (!isStone(other)) continue;
    store<u64>(candidates + (<usize>count << 3), key);
    count++;
  }
  const taken = selectNeighbours(candidates, count, linksAbove);
  const list = linksOf(row, level);
  writeList(list, taken, level);
  if (taken > 0) near = load<u32>(list);
  for (let i: u32 = 0; i < taken; i++) addLink(load<u32>(list + (<usize>i << 2)), row, level);
  return near;
}

/** Adds a link to a row's list; a full list is chosen anew from what it had and the new one. */
function addLink(from: u32, to: u32, level: u32): void {
  const list = linksOf(from, level);
  const room = level > 0 ? linksAbove : linksBelow;
  let count: u32 = 0;
  for (; count < room; count++) {
    const other = load<u32>(list + (<usize>count << 2));
    if (other === NONE) break;
    if (other === to) return;
  }
  if (count < room) {
    store<u32>(list + (<usize>count << 2), to);
    return;
  }
  let kept: u32 = 0;
  for (let i: u32 = 0; i < room; i++) {
    const other = load<u32>(list + (<usize>i << 2));
    if (isStone(other)) kept = insertCandidate(keyOf(scorePair(from, other), other), kept);
  }
  kept = insertCandidate(keyOf(scorePair(from, to), to), kept);
  writeList(list, selectNeighbours(candidates, kept, room), level);
}

/** Into the sorted candidates, best first; how many there are then. */
export function insertCandidate(key: u64, count: u32): u32 {
  let at = candidates + (<usize>count << 3);
  for (; at > candidates && load<u64>(at - 8) < key; at -= 8) store<u64>(at, load<u64>(at - 8));
  store<u64>(at, key);
  return count + 1;
}

/** Writes the chosen rows and an end. Another thread may read meanwhile: every word is a row or the end at any time. */
export function writeList(list: usize, count: u32, level: u32): void {
  const room = level > 0 ? linksAbove : linksBelow;
  for (let i: u32 = 0; i < room; i++) {
    store<u32>(list + (<usize>i << 2), i < count ? load<u32>(chosen + (<usize>i << 2)) : NONE);
  }
}
