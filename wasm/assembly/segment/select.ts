/** Which candidates a row is linked with: Malkov & Yashunin 2018, algorithm 4. */

import { linksAbove } from "./layout";
import { rowOf, scoreOf } from "./pool";
import { scorePair } from "./query";
import { chosen, frontier } from "./scratch";

/**
 * Takes candidates from the best on, each unless it is closer to one taken before than to the row itself. Candidates are not
 * extended. Two deviations. Those passed over fill a short list up to half of linksAbove, not all the room: else the rows around
 * a centre would all be linked with it alone, whose list has no room for them. And of candidates that are equal to one
 * another and to the row no more than half a list is taken, so that thousands of equal rows still lead elsewhere.
 *
 * shapes   keys: [count] u64, best first; `chosen` receives the rows
 * returns  how many were chosen, at most `room`
 * cost     at most count · room scores of two rows
 */
export function selectNeighbours(keys: usize, count: u32, room: u32): u32 {
  const mostEqual = room >> 1;
  const least = linksAbove >> 1;
  let passed: u32 = 0;
  let taken: u32 = 0;
  let equal: u32 = 0;
  let first: f32 = Infinity;
  for (let i: u32 = 0; i < count && taken < room; i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    const row = rowOf(key);
    const score = scoreOf(key);
    if (isCloserToChosen(row, score, taken)) {
      if (passed < least) {
        store<u32>(frontier + (<usize>passed << 2), row);
        passed++;
      }
      continue;
    }
    // As close to the row as the first, and to the first as to the row: all three are equal.
    if (score === first && scorePair(row, load<u32>(chosen)) === score && ++equal >= mostEqual) continue;
    if (taken === 0) first = score;
    store<u32>(chosen + (<usize>taken << 2), row);
    taken++;
  }
  for (let i: u32 = 0; i < passed && taken < least; i++) {
    store<u32>(chosen + (<usize>taken << 2), load<u32>(frontier + (<usize>i << 2)));
    taken++;
  }
  return taken;
}

function isCloserToChosen(row: u32, score: f32, taken: u32): bool {
  for (let i: u32 = 0; i < taken; i++) {
    if (scorePair(row, load<u32>(chosen + (<usize>i << 2))) > score) return true;
  }
  return false;
}
