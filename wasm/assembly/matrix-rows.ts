/** Few rows times the rows of a large matrix: nothing is packed, the large matrix is read from memory once. */

import { multiplyAdd, sumLanes } from "./lanes";

/**
 * `c[i, j] (+)= a[i] · b[j]`, rows of the same length.
 *
 * shapes   a: [rows × depth]; b: [columns × depth]; c: [rows × columns]; a row every aRow, bRow, line bytes
 * cost     five loads for four multiply-adds; a stays in a cache
 * error    |Δ| ≤ (depth/8 + 16) · 2⁻²⁴ · Σ|a·b|, asserted in packages/kernels
 */
export function multiplyRows(
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  c: usize,
  line: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  add: bool,
): void {
  const bytes = depth << 2;
  const fours = rows & ~3;
  for (let j: usize = 0; j < columns; j++, b += bRow, c += 4) {
    let i: usize = 0;
    for (; i < fours; i += 4) four(a + i * aRow, aRow, b, c + i * line, bytes, line, add);
    for (; i < rows; i++) one(a + i * aRow, b, c + i * line, bytes, add);
  }
}

/** Two sums of lanes for each of four rows. */
function four(a: usize, aRow: usize, b: usize, c: usize, bytes: usize, line: usize, add: bool): void {
  const second = a + aRow;
  const third = second + aRow;
  const fourth = third + aRow;
  let sum00 = f32x4.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  const stepEnd = bytes & ~31;
  let at: usize = 0;
  for (; at < stepEnd; at += 32) {
    const x = v128.load(b + at);
    const y = v128.load(b + at, 16);
    sum00 = multiplyAdd(v128.load(a + at), x, sum00);
    sum01 = multiplyAdd(v128.load(a + at, 16), y, sum01);
    sum10 = multiplyAdd(v128.load(second + at), x, sum10);
    sum11 = multiplyAdd(v128.load(second + at, 16), y, sum11);
    sum20 = multiplyAdd(v128.load(third + at), x, sum20);
    sum21 = multiplyAdd(v128.load(third + at, 16), y, sum21);
    sum30 = multiplyAdd(v128.load(fourth + at), x, sum30);
    sum31 = multiplyAdd(v128.load(fourth + at, 16), y, sum31);
  }
  let first = sumLanes(f32x4.add(sum00, sum01));
  let next = sumLanes(f32x4.add(sum10, sum11));
  let after = sumLanes(f32x4.add(sum20, sum21));
  let last = sumLanes(f32x4.add(sum30, sum31));
  for (; at < bytes; at += 4) {
    const x = f32.load(b + at);
    first += f32.load(a + at) * x;
    next += f32.load(second + at) * x;
    after += f32.load(third + at) * x;
    last += f32.load(fourth + at) * x;
  }
  put(c, first, add);
  put(c + line, next, add);
  put(c + 2 * line, after, add);
  put(c + 3 * line, last, add);
}

function one(a: usize, b: usize, c: usize, bytes: usize, add: bool): void {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  const stepEnd = bytes & ~63;
  let at: usize = 0;
  for (; at < stepEnd; at += 64) {
    sum0 = multiplyAdd(v128.load(a + at), v128.load(b + at), sum0);
    sum1 = multiplyAdd(v128.load(a + at, 16), v128.load(b + at, 16), sum1);
    sum2 = multiplyAdd(v128.load(a + at, 32), v128.load(b + at, 32), sum2);
    sum3 = multiplyAdd(v128.load(a + at, 48), v128.load(b + at, 48), sum3);
  }
  let sum = sumLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
  for (; at < bytes; at += 4) sum += f32.load(a + at) * f32.load(b + at);
  put(c, sum, add);
}

function put(to: usize, value: f32, add: bool): void {
  f32.store(to, add ? f32.load(to) + value : value);
}
