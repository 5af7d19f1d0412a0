/** 8-bit codes of f32 vectors that use 7 bits (1…127, zero is 64): a quarter of the bytes, and dots of exact integers. */

import { sumLanesI32 } from "./lanes";

/** What a zero is written as, and what fills up a row: codes minus 64 are signed numbers of −63…63. */
const ZERO: u8 = 64;
/** 1.5 · 2²³: a number of −2²²…2²² added to it leaves its nearest integer in the low bits (ties to even); + 64 is the code's zero. */
const TO_CODE: f32 = 12582912 + 64;
/** 2⁻¹²⁰; from 2⁻¹²² down the factor 63 / max|x| would overflow f32. */
const SMALLEST: f32 = 7.52316384526264e-37;

/**
 * Σ aᵢ·bᵢ of two rows of codes; that of the numbers is (Σab − 64·Σa − 64·Σb + 64²·width) · scaleₐ · scale_b.
 *
 * shapes   a: [width] codes of 0…127, or signed bytes (codes − 64: then Σ a′b − 64·Σa′ needs no sum of b; the segment's queries are such); b: [width] codes of 0…127; width a multiple of 16 and ≤ 131,072 (the sum stays below 2³¹)
 * cost     width/8 loads of 16 bytes; no allocation
 * error    none: the same integer in both builds
 */
export function dotCodes(a: usize, b: usize, width: u32): i32 {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  const end = a + <usize>width;
  const stepEnd = a + (<usize>width & ~63);
  while (a < stepEnd) {
    sum0 = addProducts(a, b, sum0);
    sum1 = addProducts(a + 16, b + 16, sum1);
    sum2 = addProducts(a + 32, b + 32, sum2);
    sum3 = addProducts(a + 48, b + 48, sum3);
    a += 64;
    b += 64;
  }
  for (; a < end; a += 16, b += 16) sum0 = addProducts(a, b, sum0);
  return sumLanesI32(i32x4.add(i32x4.add(sum0, sum1), i32x4.add(sum2, sum3)));
}

/**
 * Σ aᵢ·bᵢ where a is signed: pairs of products of two steps still fit 16 bits, so that a widening is saved. A sixth less time.
 *
 * shapes   a: [width] signed bytes of −64…64; b, width: as `dotCodes`
 * error    none: 4 · 64 · 127 < 2¹⁵
 */
export function dotSigned(a: usize, b: usize, width: u32): i32 {
  if (!ASC_FEATURE_RELAXED_SIMD) return dotCodes(a, b, width);
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  const end = a + <usize>width;
  const stepEnd = a + (<usize>width & ~63);
  while (a < stepEnd) {
    sum0 = i32x4.add(sum0, i32x4.extadd_pairwise_i16x8_s(productsOf(a, v128.load(b), v128.load(b, 16))));
    sum1 = i32x4.add(sum1, i32x4.extadd_pairwise_i16x8_s(productsOf(a + 32, v128.load(b, 32), v128.load(b, 48))));
    a += 64;
    b += 64;
  }
  for (; a < end; a += 16, b += 16) sum0 = addProducts(a, b, sum0);
  return sumLanesI32(i32x4.add(sum0, sum1));
}

/** The second of two results. */
export let secondDot: i32 = 0;

/** Two of `dotSigned` that read b once: that of a is returned, that of `other` left in `secondDot`. */
export function dotSignedTwice(a: usize, other: usize, b: usize, width: u32): i32 {
  if (!ASC_FEATURE_RELAXED_SIMD) {
    secondDot = dotCodes(other, b, width);
    return dotCodes(a, b, width);
  }
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let other0 = sum0;
  let other1 = sum0;
  const end = a + <usize>width;
  const stepEnd = a + (<usize>width & ~63);
  while (a < stepEnd) {
    const row0 = v128.load(b);
    const row1 = v128.load(b, 16);
    const row2 = v128.load(b, 32);
    const row3 = v128.load(b, 48);
    sum0 = i32x4.add(sum0, i32x4.extadd_pairwise_i16x8_s(productsOf(a, row0, row1)));
    sum1 = i32x4.add(sum1, i32x4.extadd_pairwise_i16x8_s(productsOf(a + 32, row2, row3)));
    other0 = i32x4.add(other0, i32x4.extadd_pairwise_i16x8_s(productsOf(other, row0, row1)));
    other1 = i32x4.add(other1, i32x4.extadd_pairwise_i16x8_s(productsOf(other + 32, row2, row3)));
    a += 64;
    other += 64;
    b += 64;
  }
  for (; a < end; a += 16, other += 16, b += 16) {
    sum0 = addProducts(a, b, sum0);
    other0 = addProducts(other, b, other0);
  }
  secondDot = sumLanesI32(i32x4.add(other0, other1));
  return sumLanesI32(i32x4.add(sum0, sum1));
}

/**
 * Writes codes round(63·x / max|x|) + 64, ties to even, padded with 64; returns the scale max|x| / 63 that turns codes − 64 into numbers.
 *
 * shapes   values: [dimension] f32, finite; codes: [width] bytes, width ≥ dimension and a multiple of 16
 * returns  the scale; 0, and codes of 64, where max|x| < 2⁻¹²⁰
 * error    |x − (code − 64)·scale| ≤ scale/2 · (1 + 2⁻¹⁷); the same codes in both builds
 */
export function quantise(values: usize, dimension: u32, codes: usize, width: u32): f32 {
  const largest = largestMagnitude(values, dimension);
  const end = codes + <usize>width;
  if (!(largest >= SMALLEST)) {
    memory.fill(codes, ZERO, width);
    return 0;
  }
  const factor: f32 = 63 / largest;
  const factors = f32x4.splat(factor);
  const blockEnd = codes + (<usize>dimension & ~15);
  const numberEnd = codes + <usize>dimension;
  while (codes < blockEnd) {
    const low = i16x8.narrow_i32x4_s(codesOf(v128.load(values), factors), codesOf(v128.load(values, 16), factors));
    const high = i16x8.narrow_i32x4_s(codesOf(v128.load(values, 32), factors), codesOf(v128.load(values, 48), factors));
    v128.store(codes, i8x16.narrow_i16x8_s(low, high));
    codes += 16;
    values += 64;
  }
  for (; codes < numberEnd; codes++, values += 4) {
    store<u8>(codes, <u8>(reinterpret<u32>(f32.load(values) * factor + TO_CODE) & 127));
  }
  if (codes < end) memory.fill(codes, ZERO, end - codes);
  return largest / 63;
}

/** Σ codes, padding included. */
export function sumCodes(codes: usize, width: u32): i32 {
  let sum = i32x4.splat(0);
  const end = codes + <usize>width;
  for (; codes < end; codes += 16) {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(codes))));
  }
  return sumLanesI32(sum);
}

/**
 * Sixteen products, four to each lane of `sum`. Relaxed: a pair of them is at most 2 · 127² < 2¹⁵, so nothing saturates.
 * Strict: widening loads and a dot of 16-bit numbers; masks and shifts take 1.5 × as long, `extmul` 1.2 ×.
 */
function addProducts(a: usize, b: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(a), v128.load(b), sum);
  const low = i32x4.dot_i16x8_s(v128.load8x8_s(a), v128.load8x8_u(b));
  const high = i32x4.dot_i16x8_s(v128.load8x8_s(a, 8), v128.load8x8_u(b, 8));
  return i32x4.add(sum, i32x4.add(low, high));
}

/** Sums of four products in 16 bits, of 32 signed bytes at a with two vectors. */
function productsOf(a: usize, first: v128, second: v128): v128 {
  return i16x8.add(
    i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(a), first),
    i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(a, 16), second),
  );
}

function codesOf(values: v128, factors: v128): v128 {
  return v128.and(f32x4.add(f32x4.mul(values, factors), f32x4.splat(TO_CODE)), i32x4.splat(127));
}

/** `pmax` is one instruction, `max` six: NaN and the sign of 0 do not matter here. */
function largestMagnitude(values: usize, dimension: u32): f32 {
  let largest0 = f32x4.splat(0);
  let largest1 = largest0;
  const end = values + (<usize>dimension << 2);
  for (const stepEnd = values + ((<usize>dimension << 2) & ~31); values < stepEnd; values += 32) {
    largest0 = f32x4.pmax(largest0, f32x4.abs(v128.load(values)));
    largest1 = f32x4.pmax(largest1, f32x4.abs(v128.load(values, 16)));
  }
  const largest = f32x4.pmax(largest0, largest1);
  const pairs = f32x4.pmax(largest, v128.shuffle<f32>(largest, largest, 2, 3, 0, 1));
  let result = max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  for (; values < end; values += 4) result = max(result, abs(f32.load(values)));
  return result;
}
