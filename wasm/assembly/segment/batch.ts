/** Several queries in one pass over the codes: a group of rows is scored for all of them while it is in the first-level cache. */

import { codesOf, codeWidth, headBytes, headOf, isLive, rowCount, rowsInBlock, scaleOf } from "./layout";
import { clearPool, offer, resumePool, suspendPool, worst } from "./pool";
import { dotSignedTwice, secondDot } from "../u7";
import { resumeQuery, scoreOfDot, suspendQuery } from "./query";
import { countDistances, hammings } from "./scratch";

/** Bytes of codes scored at once: half of a small first-level cache. */
const GROUP_BYTES: u32 = 16_384;

/** Where a query and its pool are kept: a struct of 48 bytes for each, of which JavaScript fills in the first four u32: values, codes, bits, pool. */
const ENTRY: usize = 48;

let entries: usize = 0;

export function attachBatch(at: usize): void {
  entries = at;
}

/** Copies the query that has been prepared to its entry, with an empty pool for `room` candidates. */
export function keepQuery(index: u32, room: u32): void {
  const entry = entries + <usize>index * ENTRY;
  suspendQuery(entry);
  clearPool(room);
  suspendPool(entry);
}

/** Makes a kept query and its pool the ones that `rescore` takes. */
export function useQuery(index: u32): void {
  const entry = entries + <usize>index * ENTRY;
  resumeQuery(entry);
  resumePool(entry);
}

/**
 * The best by codes for each of the kept queries.
 *
 * cost     one pass over the codes for all; half a load of each row, and a dot product, for each row and query
 */
export function scanCodesMany(queries: u32): void {
  const count = rowCount();
  const group = max<u32>(1, GROUP_BYTES / codeWidth);
  for (let row: u32 = 0; row < count;) {
    const rows = min(group, rowsInBlock(row, count - row));
    for (let index: u32 = 0; index < queries; index += 2) {
      const both = index + 1 < queries;
      dotGroup(codesOfQuery(index), codesOfQuery(both ? index + 1 : index), codesOf(row), rows);
      offerGroup(index, row, rows, 0);
      if (both) offerGroup(index + 1, row, rows, 4);
    }
    row += rows;
  }
  countDistances(count * queries);
}

/** Dot products of a group of rows with two queries, in turns, where the Hamming distances of other scans stand. */
function dotGroup(first: usize, second: usize, codes: usize, rows: u32): void {
  for (let at = hammings, end = hammings + (<usize>rows << 3); at < end; at += 8) {
    store<i32>(at, dotSignedTwice(first, second, codes, codeWidth));
    store<i32>(at, secondDot, 4);
    codes += codeWidth;
  }
}

function offerGroup(index: u32, row: u32, rows: u32, which: usize): void {
  useQuery(index);
  const headStep = headBytes();
  let head = headOf(row);
  let at = hammings + which;
  for (const end = row + rows; row < end; row++) {
    const score = scoreOfDot(load<i32>(at), scaleOf(head));
    if (score > worst && isLive(head)) offer(score, row);
    head += headStep;
    at += 8;
  }
  suspendPool(entries + <usize>index * ENTRY);
}

function codesOfQuery(index: u32): usize {
  return load<u32>(entries + <usize>index * ENTRY, 4);
}
