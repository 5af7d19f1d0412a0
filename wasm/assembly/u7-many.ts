/** One query of 8-bit codes against many rows of them. */

import { sumLanesI32 } from "./lanes";

/**
 * Codes minus 64, as signed bytes: what `dotCodesMany` and `scoreCodesMany` take as the query.
 *
 * shapes   codes, centred: [width] bytes; width a multiple of 16; may be the same place
 * returns  64 · Σ (codes − 64), which the rows' own 64 adds to each dot
 */
export function centreCodes(codes: usize, centred: usize, width: u32): i32 {
  const zero = i8x16.splat(64);
  let sum = i32x4.splat(0);
  const end = codes + <usize>width;
  for (; codes < end; codes += 16, centred += 16) {
    const values = i8x16.sub(v128.load(codes), zero);
    v128.store(centred, values);
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(values)));
  }
  return sumLanesI32(sum) << 6;
}

/**
 * `scores[i] = (centred · rows[i] − correction) · queryScale · scales[i]`, the approximate dot of the numbers behind the codes.
 *
 * shapes   centred: [width] from `centreCodes`, which gives the correction too; rows: [count · width] codes; scales, scores: [count] f32
 * cost     per row width/16 dots of 16 bytes; no allocation
 * error    integers are exact, below 2²⁴ to the last bit in f32 (width ≤ 4,096); the same bits in both builds
 */
export function scoreCodesMany(
  centred: usize,
  rows: usize,
  scales: usize,
  scores: usize,
  width: u32,
  count: u32,
  queryScale: f32,
  correction: i32,
): void {
  dotCodesMany(centred, rows, scores, width, count);
  const end = scores + (<usize>count << 2);
  const queryScales = f32x4.splat(queryScale);
  const corrections = i32x4.splat(correction);
  for (const blockEnd = scores + (<usize>(count & ~3) << 2); scores < blockEnd; scores += 16, scales += 16) {
    const dots = f32x4.convert_i32x4_s(i32x4.sub(v128.load(scores), corrections));
    v128.store(scores, f32x4.mul(dots, f32x4.mul(queryScales, v128.load(scales))));
  }
  for (; scores < end; scores += 4, scales += 4) {
    f32.store(scores, <f32>(load<i32>(scores) - correction) * (queryScale * f32.load(scales)));
  }
}

/**
 * `dots[i] = centred · rows[i]`, exact; shapes and cost as in `scoreCodesMany`, dots: [count] i32.
 * Rows one after the other: two or four at once share the loads of the query and gain up to a quarter from the cache, but take up to
 * twice as long from memory, where the processor fetches ahead along one stream only.
 */
export function dotCodesMany(centred: usize, rows: usize, dots: usize, width: u32, count: u32): void {
  const end = dots + (<usize>count << 2);
  for (; dots < end; dots += 4, rows += width) store<i32>(dots, dotOne(centred, rows, width));
}

function dotOne(query: usize, row: usize, width: usize): i32 {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  const end = query + width;
  for (const stepEnd = query + (width & ~63); query < stepEnd; query += 64, row += 64) {
    sum0 = addProducts(query, row, sum0);
    sum1 = addProducts(query + 16, row + 16, sum1);
    sum2 = addProducts(query + 32, row + 32, sum2);
    sum3 = addProducts(query + 48, row + 48, sum3);
  }
  for (; query < end; query += 16, row += 16) sum0 = addProducts(query, row, sum0);
  return sumLanesI32(i32x4.add(i32x4.add(sum0, sum1), i32x4.add(sum2, sum3)));
}

/** Sixteen products, four to each lane; the row's codes fit into seven bits, so relaxed and strict agree. */
function addProducts(query: usize, row: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(query), v128.load(row), sum);
  const low = i32x4.dot_i16x8_s(v128.load8x8_s(query), v128.load8x8_u(row));
  return i32x4.add(sum, i32x4.add(low, i32x4.dot_i16x8_s(v128.load8x8_s(query, 8), v128.load8x8_u(row, 8))));
}
