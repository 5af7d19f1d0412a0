/** Dot products of many f32 queries with many rows: tiles of four queries and two rows share their loads. */

import { dot } from "./dot";
import { multiplyAdd, sumLanes } from "./lanes";

/** Rows that stay in the first-level cache while all queries pass over them. */
const WINDOW: usize = 12_288;
/** Bytes of each vector that one round of walks covers; a multiple of 128. */
const DEPTH: usize = 1_536;
/** Eight stripes of eight pairs of four lanes. */
const SCRATCH: usize = 1024;

/**
 * `scores[q · scoreStride + r] = queries[q] · rows[r]`, the same bits as `dotMany` gives.
 *
 * shapes   queries: [queryCount · d] f32; rows: [rowCount · d] f32; scores: [queryCount · scoreStride] f32; scratch: 1,088 bytes
 * cost     6 loads for 8 multiply-adds where `dotMany` takes 16; rows are read from memory once for all queries
 * error    as `dotMany`: each of its eight sums is a stripe that is walked on its own here
 */
export function dotBatch(
  queries: usize,
  rows: usize,
  scores: usize,
  dimension: u32,
  queryCount: u32,
  rowCount: u32,
  scoreStride: u32,
  scratch: usize,
): void {
  const bytes = <usize>dimension << 2;
  const line = <usize>scoreStride << 2;
  const queriesEnd = queries + bytes * <usize>queryCount;
  const foursEnd = queries + bytes * <usize>(queryCount & ~3);
  const window = max(2, <u32>(WINDOW / bytes) & ~1);
  for (let left = rowCount; left > 0; ) {
    const count = min(window, left);
    touch(rows, bytes * <usize>count, scratch + SCRATCH);
    let query = queries;
    let score = scores;
    for (; query < foursEnd; query += 4 * bytes, score += 4 * line) {
      fourQueries(query, rows, score, bytes, count, line, scratch);
    }
    for (; query < queriesEnd; query += bytes, score += line) oneQuery(query, rows, score, bytes, count);
    rows += bytes * <usize>count;
    scores += <usize>count << 2;
    left -= count;
  }
}

function fourQueries(query: usize, row: usize, score: usize, bytes: usize, count: u32, line: usize, scratch: usize): void {
  for (let left = count >> 1; left > 0; left--, row += 2 * bytes, score += 8) tile(query, row, bytes, scratch, score, line);
  if ((count & 1) == 0) return;
  for (let q: usize = 0; q < 4; q++) f32.store(score + q * line, dot(query + q * bytes, row, bytes));
}

function oneQuery(query: usize, row: usize, score: usize, bytes: usize, count: u32): void {
  for (let left = count; left > 0; left--, row += bytes, score += 4) f32.store(score, dot(query, row, bytes));
}

/** Reads one number of each cache line, in order: the processor fetches ahead along one stream, the tiles then find the rows near. */
function touch(from: usize, bytes: usize, sink: usize): void {
  let all: u32 = 0;
  for (const end = from + bytes; from < end; from += 64) all |= load<u32>(from);
  store<u32>(sink, all);
}

/**
 * Four queries and two rows: each of `dot`'s eight sums is a stripe (16 bytes of every 128) and takes a walk of its own, in which
 * eight pairs keep the multiply-adds busy. Walks go over 1.5 KiB of each vector at a time, which is what stays in the first-level cache.
 */
function tile(query: usize, row: usize, bytes: usize, scratch: usize, score: usize, line: usize): void {
  const stepEnd = bytes & ~127;
  if (stepEnd == 0) memory.fill(scratch, 0, SCRATCH);
  for (let from: usize = 0; from < stepEnd; from += DEPTH) {
    const end = min(stepEnd, from + DEPTH);
    for (let stripe: usize = 0; stripe < 128; stripe += 16) {
      sumStripe(query, row, bytes, from + stripe, end, scratch + (stripe << 3), from > 0);
    }
  }
  for (let pair: usize = 0; pair < 8; pair++) {
    const query0 = query + (pair >> 1) * bytes;
    const row0 = row + (pair & 1) * bytes;
    f32.store(score + (pair >> 1) * line + ((pair & 1) << 2), join(query0, row0, bytes, scratch + (pair << 4)));
  }
}

/** The sums of eight pairs of four numbers at each of `from`, `from + 128`, …; added to what is there, or the first. */
function sumStripe(
  query0: usize,
  row0: usize,
  bytes: usize,
  from: usize,
  end: usize,
  sums: usize,
  more: bool,
): void {
  const row1 = row0 + bytes;
  const query1 = query0 + bytes;
  const query2 = query1 + bytes;
  const query3 = query2 + bytes;
  let sum00 = f32x4.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  if (more) {
    sum00 = v128.load(sums);
    sum01 = v128.load(sums, 16);
    sum10 = v128.load(sums, 32);
    sum11 = v128.load(sums, 48);
    sum20 = v128.load(sums, 64);
    sum21 = v128.load(sums, 80);
    sum30 = v128.load(sums, 96);
    sum31 = v128.load(sums, 112);
  }
  for (let at = from; at < end; at += 128) {
    const x = v128.load(row0 + at);
    const y = v128.load(row1 + at);
    let q = v128.load(query0 + at);
    sum00 = multiplyAdd(q, x, sum00);
    sum01 = multiplyAdd(q, y, sum01);
    q = v128.load(query1 + at);
    sum10 = multiplyAdd(q, x, sum10);
    sum11 = multiplyAdd(q, y, sum11);
    q = v128.load(query2 + at);
    sum20 = multiplyAdd(q, x, sum20);
    sum21 = multiplyAdd(q, y, sum21);
    q = v128.load(query3 + at);
    sum30 = multiplyAdd(q, x, sum30);
    sum31 = multiplyAdd(q, y, sum31);
  }
  v128.store(sums, sum00);
  v128.store(sums, sum01, 16);
  v128.store(sums, sum10, 32);
  v128.store(sums, sum11, 48);
  v128.store(sums, sum20, 64);
  v128.store(sums, sum21, 80);
  v128.store(sums, sum30, 96);
  v128.store(sums, sum31, 112);
}

/** As the end of `dot`: blocks that fill no step belong to the first sum, then the sums pairwise, their lanes, single numbers. */
function join(query: usize, row: usize, bytes: usize, sums: usize): f32 {
  let at = bytes & ~127;
  let first = v128.load(sums);
  for (const blockEnd = bytes & ~15; at < blockEnd; at += 16) {
    first = multiplyAdd(v128.load(query + at), v128.load(row + at), first);
  }
  const low = f32x4.add(f32x4.add(first, v128.load(sums, 128)), f32x4.add(v128.load(sums, 256), v128.load(sums, 384)));
  const high = f32x4.add(
    f32x4.add(v128.load(sums, 512), v128.load(sums, 640)),
    f32x4.add(v128.load(sums, 768), v128.load(sums, 896)),
  );
  let sum = sumLanes(f32x4.add(low, high));
  for (; at < bytes; at += 4) sum += f32.load(query + at) * f32.load(row + at);
  return sum;
}
