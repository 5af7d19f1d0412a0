/** f32 numbers stored in 16 bits (IEEE 754 binary16), converted by integer instructions: half of the bytes, three digits. */

import { multiplyAdd, sumLanes } from "./lanes";

/** 65,504, the largest binary16, as f32 bits. */
const LARGEST: i32 = 0x477fe000;
/** 2⁻¹⁴ as f32 bits: below it a binary16 is denormal. */
const NORMAL: i32 = 0x38800000;
/** 2¹¹²: what the exponents of the two formats differ by. */
const REBIAS: f32 = 5.192296858534828e33;

/**
 * Rounds to binary16, ties to even; what is beyond ±65,504 becomes that.
 *
 * shapes   values: [dimension] f32, finite; halves: [width] u16, width ≥ dimension and a multiple of 4, filled up with 0
 */
export function narrowToF16(values: usize, dimension: u32, halves: usize, width: u32): void {
  const end = halves + (<usize>width << 1);
  for (const blockEnd = halves + (<usize>(dimension & ~3) << 1); halves < blockEnd; halves += 8, values += 16) {
    v128.store64_lane(halves, narrow(v128.load(values)), 0);
  }
  if (halves >= end) return;
  const tail = dimension & 3;
  let last = i32x4.splat(0);
  if (tail > 0) last = i32x4.replace_lane(last, 0, load<i32>(values));
  if (tail > 1) last = i32x4.replace_lane(last, 1, load<i32>(values, 4));
  if (tail > 2) last = i32x4.replace_lane(last, 2, load<i32>(values, 8));
  v128.store64_lane(halves, narrow(last), 0);
  halves += 8;
  if (halves < end) memory.fill(halves, 0, end - halves);
}

/**
 * `scores[i] = query · rows[i]` with rows of binary16 numbers, widened exactly.
 *
 * shapes   query: [width] f32; rows: [count · width] binary16; width a multiple of 4; scores: [count] f32
 * cost     per row width/8 loads of 8 bytes and four instructions for four numbers
 * error    as `dotMany` with four sums: |Δ| ≤ (width/16 + 16) · 2⁻²⁴ · Σ|qᵢ·rᵢ| + width · 2⁻¹⁴⁹, on top of what rounding the rows did
 */
export function dotF16Many(query: usize, rows: usize, scores: usize, width: u32, count: u32): void {
  const end = scores + (<usize>count << 2);
  const bytes = <usize>width << 1;
  for (; scores < end; scores += 4, rows += bytes) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let q = query;
    let row = rows;
    const rowEnd = rows + bytes;
    for (const stepEnd = rows + (bytes & ~31); row < stepEnd; row += 32, q += 64) {
      sum0 = multiplyAdd(v128.load(q), widen(row), sum0);
      sum1 = multiplyAdd(v128.load(q, 16), widen(row + 8), sum1);
      sum2 = multiplyAdd(v128.load(q, 32), widen(row + 16), sum2);
      sum3 = multiplyAdd(v128.load(q, 48), widen(row + 24), sum3);
    }
    for (; row < rowEnd; row += 8, q += 16) sum0 = multiplyAdd(v128.load(q), widen(row), sum0);
    f32.store(scores, sumLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3))));
  }
}

/** `distances[i] = |query − rows[i]|²`; shapes, cost and error as `dotF16Many`, + 3 · 2⁻²⁴ of the distance. */
export function squaredL2F16Many(query: usize, rows: usize, distances: usize, width: u32, count: u32): void {
  const end = distances + (<usize>count << 2);
  const bytes = <usize>width << 1;
  for (; distances < end; distances += 4, rows += bytes) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let q = query;
    let row = rows;
    const rowEnd = rows + bytes;
    for (const stepEnd = rows + (bytes & ~31); row < stepEnd; row += 32, q += 64) {
      sum0 = addSquare(q, row, sum0);
      sum1 = addSquare(q + 16, row + 8, sum1);
      sum2 = addSquare(q + 32, row + 16, sum2);
      sum3 = addSquare(q + 48, row + 24, sum3);
    }
    for (; row < rowEnd; row += 8, q += 16) sum0 = addSquare(q, row, sum0);
    f32.store(distances, sumLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3))));
  }
}

function addSquare(query: usize, row: usize, sum: v128): v128 {
  const difference = f32x4.sub(v128.load(query), widen(row));
  return multiplyAdd(difference, difference, sum);
}

/** Four finite binary16 numbers as f32, exactly: the sign lands in bits 28…31, the multiplication moves the exponent and makes denormals normal. */
function widen(at: usize): v128 {
  const bits = v128.and(i32x4.shl(v128.load16x4_s(at), 13), i32x4.splat(0x8fffe000));
  return f32x4.mul(bits, f32x4.splat(REBIAS));
}

/** Four finite f32 numbers as binary16 in the lower eight bytes. */
function narrow(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const magnitude = i32x4.min_s(v128.xor(x, sign), i32x4.splat(LARGEST));
  // Rounds at bit 13 by adding half of it, one less where the kept part is even; then moves the exponent.
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, odd), i32x4.splat(0xc8000fff)), 13);
  // Adding 0.5 leaves a denormal, rounded to even by the adder, in the low bits.
  const denormal = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), f32x4.splat(0.5));
  const halves = v128.bitselect(denormal, rounded, i32x4.lt_s(magnitude, i32x4.splat(NORMAL)));
  const signed = v128.or(halves, i32x4.shr_u(sign, 16));
  return i16x8.narrow_i32x4_u(signed, signed);
}
