/**
 * Leading links past dead rows, so that their rows can be used again: FreshDiskANN (Singh et al. 2021), algorithm 4,
 * on every level. A pass over all rows; the dead of before the pass have no links to them after it.
 */

import { isLinked, isStone } from "./graph";
import { headOf, linksAbove, linksBelow, levelOf, linksOf, NONE, rowCount, setEntry } from "./layout";
import { insertCandidate, writeList } from "./link";
import { keyOf } from "./pool";
import { scorePair } from "./query";
import { candidates, forgetVisited, visit } from "./scratch";
import { selectNeighbours } from "./select";

/** Repairs rows [from, to); how many lists were chosen anew. */
export function repairRows(from: u32, to: u32): u32 {
  let repaired: u32 = 0;
  for (let row = from; row < to; row++) {
    const head = headOf(row);
    // Dead ones too: those that died since the pass began stay stepping stones.
    if (!isStone(row)) continue;
    for (let level: u32 = 0; level <= levelOf(head); level++) {
      if (hasUnlinked(row, level)) {
        repairList(row, level);
        repaired++;
      }
    }
  }
  return repaired;
}

/** Candidates: the live neighbours, and the live neighbours of the dead ones. */
function repairList(row: u32, level: u32): void {
  const room = level > 0 ? linksAbove : linksBelow;
  const list = linksOf(row, level);
  forgetVisited();
  visit(row);
  let count: u32 = 0;
  for (let i: u32 = 0; i < room; i++) {
    const other = load<u32>(list + (<usize>i << 2));
    if (other === NONE) break;
    if (isLinked(other)) {
      if (visit(other)) count = insertCandidate(keyOf(scorePair(row, other), other), count);
      continue;
    }
    const behind = linksOf(other, level);
    for (let j: u32 = 0; j < room; j++) {
      const next = load<u32>(behind + (<usize>j << 2));
      if (next === NONE) break;
      if (visit(next) && isLinked(next)) count = insertCandidate(keyOf(scorePair(row, next), next), count);
    }
  }
  writeList(list, selectNeighbours(candidates, count, room), level);
}

function hasUnlinked(row: u32, level: u32): bool {
  const room = level > 0 ? linksAbove : linksBelow;
  const list = linksOf(row, level);
  for (let i: u32 = 0; i < room; i++) {
    const other = load<u32>(list + (<usize>i << 2));
    if (other === NONE) return false;
    if (!isLinked(other)) return true;
  }
  return false;
}

/** Makes the highest live row the entry: needed once the entry is dead. */
export function electEntry(): void {
  let entry = NONE;
  let highest: i32 = -1;
  const count = rowCount();
  for (let row: u32 = 0; row < count; row++) {
    const head = headOf(row);
    if (!isLinked(row) || <i32>levelOf(head) <= highest) continue;
    entry = row;
    highest = levelOf(head);
  }
  setEntry(entry);
}
