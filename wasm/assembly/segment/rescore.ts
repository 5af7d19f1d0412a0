/** Exact scores: of the best by codes, of all rows where they are few, or of the rows of a list. */

import { dot } from "../dot";
import { isAccepted } from "./filter";
import { dimension, headOf, isLive, rowCount, valuesOf } from "./layout";
import { keyAt, rowOf, scoreOf, size } from "./pool";
import { errorOf } from "./query";
import { countDistances, foundRows, foundScores, queryValues } from "./scratch";

/** What JavaScript writes over a key whose row its filter refuses. */
const REFUSED: u64 = 0;

/**
 * The best `k` by exact f32 scores among the first `limit` of the pool; found rows and scores, best first, lower rows first among equals.
 *
 * `bounded`: stops where four standard deviations of the codes' error no longer lift a row into the best k; only for full-width codes.
 * shapes   k ≥ 1
 * returns  how many were found
 */
export function rescore(k: u32, limit: u32, bounded: bool): u32 {
  let found: u32 = 0;
  const end = min(size, limit);
  for (let place: u32 = 0; place < end; place++) {
    const key = keyAt(place);
    if (key === REFUSED) continue;
    const row = rowOf(key);
    if (!isLive(headOf(row))) continue;
    if (bounded && found === k && scoreOf(key) + errorOf(row) < worstFound(k)) break;
    const score = dot(queryValues, valuesOf(row), <usize>dimension << 2);
    found = insertFound(row, score, found, k);
  }
  return found;
}

/** The best `k` of all rows; how many were found. Cost: a pass over the f32 values. */
export function scanValues(k: u32, filter: u32): u32 {
  const count = rowCount();
  let found: u32 = 0;
  for (let row: u32 = 0; row < count; row++) found = scoreOne(row, found, k, filter);
  countDistances(count);
  return found;
}

/** The best `k` of the rows of a list, which names none twice; how many were found. */
export function scoreRows(list: usize, count: u32, k: u32, filter: u32): u32 {
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) found = scoreOne(load<u32>(list + (<usize>i << 2)), found, k, filter);
  countDistances(count);
  return found;
}

/** Those of rows [from, to) that score at least so much, as they come: at most as many as the pool has places; how many. */
export function collectRows(from: u32, to: u32, least: f32): u32 {
  let found: u32 = 0;
  for (let row = from; row < to; row++) {
    if (!isLive(headOf(row))) continue;
    const score = dot(queryValues, valuesOf(row), <usize>dimension << 2);
    if (score < least) continue;
    store<u32>(foundRows + (<usize>found << 2), row);
    f32.store(foundScores + (<usize>found << 2), score);
    found++;
  }
  countDistances(to - from);
  return found;
}

function scoreOne(row: u32, found: u32, k: u32, filter: u32): u32 {
  if (row >= rowCount() || !isLive(headOf(row))) return found;
  const score = dot(queryValues, valuesOf(row), <usize>dimension << 2);
  if (found === k && !isBefore(row, score, k - 1)) return found;
  return isAccepted(row, filter) ? insertFound(row, score, found, k) : found;
}

function worstFound(k: u32): f32 {
  return f32.load(foundScores + (<usize>(k - 1) << 2));
}

function insertFound(row: u32, score: f32, count: u32, k: u32): u32 {
  let at = count;
  if (count === k) {
    if (!isBefore(row, score, k - 1)) return count;
    at = k - 1;
  } else count++;
  for (; at > 0 && isBefore(row, score, at - 1); at--) {
    store<u32>(foundRows + (<usize>at << 2), load<u32>(foundRows + (<usize>(at - 1) << 2)));
    f32.store(foundScores + (<usize>at << 2), f32.load(foundScores + (<usize>(at - 1) << 2)));
  }
  store<u32>(foundRows + (<usize>at << 2), row);
  f32.store(foundScores + (<usize>at << 2), score);
  return count;
}

function isBefore(row: u32, score: f32, place: u32): bool {
  const other = f32.load(foundScores + (<usize>place << 2));
  return score > other || (score === other && row < load<u32>(foundRows + (<usize>place << 2)));
}
