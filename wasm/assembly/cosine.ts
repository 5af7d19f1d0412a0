/** Cosines of f32 vectors that are not normalised, one query against many rows. */

import { multiplyAdd, sumLanes } from "./lanes";
import { norm } from "./norm";

/**
 * `scores[i] = query · rows[i] / (|query| · |rows[i]|)`, 0 where a norm is 0.
 *
 * shapes   query: [d] f32; rows: [count · d] f32, row-major; scores: [count] f32; any alignment
 * cost     the row's norm comes with its dot: d/2 loads and d/2 multiply-adds of four numbers a row
 * error    |Δ| ≤ (d/8 + 64) · 2⁻²⁴ where norms and numbers other than 0 are of 2⁻⁵⁰…2⁵⁰: squares are f32 here; asserted in packages/kernels
 */
export function cosineMany(query: usize, rows: usize, scores: usize, dimension: u32, count: u32): void {
  const bytes = <usize>dimension << 2;
  const length = norm(query, dimension);
  const end = scores + (<usize>count << 2);
  for (; scores < end; scores += 4, rows += bytes) f32.store(scores, cosine(query, length, rows, bytes));
}

/** Four sums of products and four of squares: as many as there are registers for. */
function cosine(query: usize, length: f32, row: usize, bytes: usize): f32 {
  let product0 = f32x4.splat(0);
  let product1 = product0;
  let product2 = product0;
  let product3 = product0;
  let square0 = product0;
  let square1 = product0;
  let square2 = product0;
  let square3 = product0;
  const stepEnd = bytes & ~63;
  const blockEnd = bytes & ~15;
  let at: usize = 0;
  for (; at < stepEnd; at += 64) {
    let x = v128.load(row + at);
    product0 = multiplyAdd(v128.load(query + at), x, product0);
    square0 = multiplyAdd(x, x, square0);
    x = v128.load(row + at, 16);
    product1 = multiplyAdd(v128.load(query + at, 16), x, product1);
    square1 = multiplyAdd(x, x, square1);
    x = v128.load(row + at, 32);
    product2 = multiplyAdd(v128.load(query + at, 32), x, product2);
    square2 = multiplyAdd(x, x, square2);
    x = v128.load(row + at, 48);
    product3 = multiplyAdd(v128.load(query + at, 48), x, product3);
    square3 = multiplyAdd(x, x, square3);
  }
  for (; at < blockEnd; at += 16) {
    const x = v128.load(row + at);
    product0 = multiplyAdd(v128.load(query + at), x, product0);
    square0 = multiplyAdd(x, x, square0);
  }
  let product = sumLanes(f32x4.add(f32x4.add(product0, product1), f32x4.add(product2, product3)));
  let square = sumLanes(f32x4.add(f32x4.add(square0, square1), f32x4.add(square2, square3)));
  for (; at < bytes; at += 4) {
    const x = f32.load(row + at);
    product += f32.load(query + at) * x;
    square += x * x;
  }
  const lengths = length * sqrt(square);
  return lengths == 0 ? 0 : product / lengths;
}
