/** Squared Euclidean distances of f32 vectors, one query against many rows. */

import { multiplyAdd, sumLanes } from "./lanes";

/**
 * `distances[i] = |query − rows[i]|²`.
 *
 * shapes   query: [d] f32; rows: [count · d] f32, row-major; distances: [count] f32; any alignment
 * cost     d/2 loads of 16 bytes, d/4 subtractions and multiply-adds a row; no allocation
 * error    |Δ| ≤ (d/32 + 19) · 2⁻²⁴ · Σ(qᵢ − rᵢ)² + d · 2⁻¹⁴⁹, asserted in packages/kernels
 */
export function squaredL2Many(query: usize, rows: usize, distances: usize, dimension: u32, count: u32): void {
  const bytes = <usize>dimension << 2;
  const end = distances + (<usize>count << 2);
  for (; distances < end; distances += 4, rows += bytes) f32.store(distances, squaredL2(query, rows, bytes));
}

/** `squaredL2Many` for one row of `bytes` / 4 numbers. */
export function squaredL2(query: usize, row: usize, bytes: usize): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let sum6 = sum0;
  let sum7 = sum0;
  const stepEnd = bytes & ~127;
  const blockEnd = bytes & ~15;
  let at: usize = 0;
  for (; at < stepEnd; at += 128) {
    sum0 = addSquare(query + at, row + at, sum0);
    sum1 = addSquare(query + at + 16, row + at + 16, sum1);
    sum2 = addSquare(query + at + 32, row + at + 32, sum2);
    sum3 = addSquare(query + at + 48, row + at + 48, sum3);
    sum4 = addSquare(query + at + 64, row + at + 64, sum4);
    sum5 = addSquare(query + at + 80, row + at + 80, sum5);
    sum6 = addSquare(query + at + 96, row + at + 96, sum6);
    sum7 = addSquare(query + at + 112, row + at + 112, sum7);
  }
  for (; at < blockEnd; at += 16) sum0 = addSquare(query + at, row + at, sum0);
  const low = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  const high = f32x4.add(f32x4.add(sum4, sum5), f32x4.add(sum6, sum7));
  let sum = sumLanes(f32x4.add(low, high));
  for (; at < bytes; at += 4) {
    const difference = f32.load(query + at) - f32.load(row + at);
    sum += difference * difference;
  }
  return sum;
}

function addSquare(a: usize, b: usize, sum: v128): v128 {
  const difference = f32x4.sub(v128.load(a), v128.load(b));
  return multiplyAdd(difference, difference, sum);
}
