/** The vector index of one segment: rows in three forms, scans, the HNSW graph. Works in a shared memory that JavaScript lays out; never allocates. */

import { attachSegment, headOf, linksAbove, linksBelow, linksOf, levelOf, FREE, setState } from "./segment/layout";
import { attachBatch, keepQuery, scanCodesMany, useQuery } from "./segment/batch";
import { landmarkOf, linkRow } from "./segment/link";
import { size } from "./segment/pool";
import { encodeRows, prepareQuery, writeRow } from "./segment/query";
import { electEntry, repairRows } from "./segment/repair";
import { collectRows, rescore, scanValues, scoreRows } from "./segment/rescore";
import { offerRows, scanBits, scanCodes } from "./segment/scan";
import { attachScratch, distances, estimates, resetCounters } from "./segment/scratch";
import { useBitmap } from "./segment/filter";
import { searchGraph, touched } from "./segment/graph";

export { collectRows, encodeRows, attachBatch, keepQuery, scanCodesMany, useQuery, touched, useBitmap, prepareQuery, writeRow, landmarkOf, linkRow, repairRows, electEntry, rescore, offerRows, scanBits, scanCodes, scanValues, scoreRows, searchGraph, resetCounters };

/** 1 in the build whose multiply-adds may fuse, 0 in the strict one. */
export const relaxed: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 0;

export function attach(segment: usize, scratch: usize): void {
  attachSegment(segment);
  attachScratch(scratch);
}

export function poolSize(): u32 {
  return size;
}

export function countedDistances(): u32 {
  return distances;
}

export function countedEstimates(): u32 {
  return estimates;
}

/** Takes a row that nothing links to out of the segment: without links, ready to be written again. */
export function freeRow(row: u32): void {
  const head = headOf(row);
  for (let level: u32 = 0; level <= levelOf(head); level++) {
    const room = level > 0 ? linksAbove : linksBelow;
    memory.fill(linksOf(row, level), 0xff, <usize>room << 2);
  }
  setState(head, FREE);
}
