/** Dot products of f32 vectors, one query against many rows. */

import { multiplyAdd, sumLanes } from "./lanes";

/** Bytes of 32 f32: what one step of the main loop reads of the row, two cache lines. */
const STEP: usize = 128;

/**
 * Dot product of one query with `count` rows: `scores[i] = query · rows[i]`.
 *
 * shapes   query: [d] f32; rows: [count · d] f32, row-major; scores: [count] f32; byte offsets, any alignment
 * cost     d/2 loads of 16 bytes and d/4 multiply-adds a row, the rows read once and in order; no allocation
 * error    |Δ| ≤ (d/32 + 16) · 2⁻²⁴ · Σ|qᵢ·rᵢ| + d · 2⁻¹⁴⁹, asserted in packages/kernels
 * order    the sum of a row is made in the same order wherever it stands in the batch: equal rows, equal scores
 */
export function dotMany(query: usize, rows: usize, scores: usize, dimension: u32, count: u32): void {
  const stride = (<usize>dimension) << 2;
  const end = scores + ((<usize>count) << 2);
  for (; scores < end; scores += 4) {
    f32.store(scores, dot(query, rows, stride));
    rows += stride;
  }
}

/**
 * Dot product of one query with one row of `bytes` / 4 numbers; shapes, cost and error as in `dotMany`.
 * Eight sums hide the latency of the additions; rows one after the other let the processor fetch ahead.
 */
export function dot(query: usize, row: usize, bytes: usize): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let sum6 = sum0;
  let sum7 = sum0;
  const stepEnd = bytes & ~(STEP - 1);
  const blockEnd = bytes & ~15;
  let at: usize = 0;
  for (; at < stepEnd; at += STEP) {
    sum0 = multiplyAdd(v128.load(query + at), v128.load(row + at), sum0);
    sum1 = multiplyAdd(v128.load(query + at, 16), v128.load(row + at, 16), sum1);
    sum2 = multiplyAdd(v128.load(query + at, 32), v128.load(row + at, 32), sum2);
    sum3 = multiplyAdd(v128.load(query + at, 48), v128.load(row + at, 48), sum3);
    sum4 = multiplyAdd(v128.load(query + at, 64), v128.load(row + at, 64), sum4);
    sum5 = multiplyAdd(v128.load(query + at, 80), v128.load(row + at, 80), sum5);
    sum6 = multiplyAdd(v128.load(query + at, 96), v128.load(row + at, 96), sum6);
    sum7 = multiplyAdd(v128.load(query + at, 112), v128.load(row + at, 112), sum7);
  }
  for (; at < blockEnd; at += 16) sum0 = multiplyAdd(v128.load(query + at), v128.load(row + at), sum0);
  const low = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  const high = f32x4.add(f32x4.add(sum4, sum5), f32x4.add(sum6, sum7));
  let sum = sumLanes(f32x4.add(low, high));
  for (; at < bytes; at += 4) sum += f32.load(query + at) * f32.load(row + at);
  return sum;
}
