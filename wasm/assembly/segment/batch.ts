/** Several queries in one pass over the codes: a group of rows is scored for all of them while it is in the first-level cache. */

import { codesOf, codeWidth, headBytes, headOf, isLive, rowCount, rowsInBlock, scaleOf } from "./layout";
import { clearPool, offer, resumePool, suspendPool, worst } from "./pool";
import { resumeQuery, scoreCodes, suspendQuery } from "./query";
import { countDistances } from "./scratch";

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

/** The best by codes for each of the kept queries. Cost: one pass over the codes for all, a score for each row and query. */
export function scanCodesMany(queries: u32): void {
  const count = rowCount();
  const group = max<u32>(1, GROUP_BYTES / codeWidth);
  for (let row: u32 = 0; row < count;) {
    const rows = min(group, rowsInBlock(row, count - row));
    for (let index: u32 = 0; index < queries; index++) {
      useQuery(index);
      scanGroup(row, rows);
      suspendPool(entries + <usize>index * ENTRY);
    }
    row += rows;
  }
  countDistances(count * queries);
}

function scanGroup(row: u32, rows: u32): void {
  const headStep = headBytes();
  let codes = codesOf(row);
  let head = headOf(row);
  for (const end = row + rows; row < end; row++) {
    const score = scoreCodes(codes, scaleOf(head));
    if (score > worst && isLive(head)) offer(score, row);
    codes += codeWidth;
    head += headStep;
  }
}
