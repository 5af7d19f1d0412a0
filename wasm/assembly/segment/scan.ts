/** Searches without the graph: every row, by its codes or by its bits first; or the rows of a list. They fill the pool. */

import {
  codesOf,
  codeWidth,
  dimension,
  headBytes,
  headOf,
  isLive,
  rowCount,
  rowsInBlock,
  scaleOf,
} from "./layout";
import { isAccepted } from "./filter";
import { clearPool, offer, worst } from "./pool";
import { hammingOf, scoreCodes, scorePrefix, scoreRow } from "./query";
import { countDistances, countEstimates, hammings, histogram, visit } from "./scratch";

/** A Hamming distance that no live row has. */
const NOT_LIVE: u16 = 0xffff;

/** The best `room` by the first `width` codes that are accepted: one pass over the codes. */
export function scanCodes(room: u32, width: u32, filter: u32): void {
  clearPool(room);
  const count = rowCount();
  const headStep = headBytes();
  for (let row: u32 = 0; row < count;) {
    let codes = codesOf(row);
    let head = headOf(row);
    for (const end = row + rowsInBlock(row, count - row); row < end; row++) {
      const score = width === codeWidth ? scoreCodes(codes, scaleOf(head)) : scorePrefix(codes, scaleOf(head), width);
      if (score > worst && isLive(head) && isAccepted(row, filter)) offer(score, row);
      codes += codeWidth;
      head += headStep;
    }
  }
  countDistances(count);
}

/**
 * The best `room` by codes among the `near` rows, or a few more, whose bits differ least from the query's.
 *
 * cost     one pass over the heads, one over two bytes a row, and `near` scores
 */
export function scanBits(near: u32, room: u32): void {
  clearPool(room);
  const count = rowCount();
  const limit = hammingLimit(near);
  const limits = i16x8.splat(<i16>limit);
  let scored: u32 = 0;
  for (let row: u32 = 0; row < count; row += 8) {
    const group = v128.load(hammings + (<usize>row << 1));
    let mask = i16x8.bitmask(i16x8.le_u(group, limits));
    for (; mask !== 0; mask &= mask - 1) {
      const at = row + ctz(mask);
      if (at >= count) break;
      offer(scoreRow(at), at);
      scored++;
    }
  }
  countDistances(scored);
}

/** Computes all Hamming distances; the smallest distance that at least `near` live rows reach. */
function hammingLimit(near: u32): u32 {
  memory.fill(histogram, 0, (<usize>dimension + 1) << 2);
  const count = rowCount();
  const headStep = headBytes();
  for (let row: u32 = 0; row < count;) {
    let head = headOf(row);
    for (const end = row + rowsInBlock(row, count - row); row < end; row++) {
      let distance = <u16>hammingOf(head);
      if (isLive(head)) {
        const times = histogram + (<usize>distance << 2);
        store<u32>(times, load<u32>(times) + 1);
      } else distance = NOT_LIVE;
      store<u16>(hammings + (<usize>row << 1), distance);
      head += headStep;
    }
  }
  countEstimates(count);
  let limit: u32 = 0;
  for (let sum: u32 = 0; limit < dimension; limit++) {
    sum += load<u32>(histogram + (<usize>limit << 2));
    if (sum >= near) break;
  }
  return limit;
}

/** Offers the rows of a list to the pool as it is: those that the search of the graph before has not seen. */
export function offerRows(list: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(list + (<usize>i << 2));
    if (visit(row)) offer(scoreRow(row), row);
  }
  countDistances(count);
}
