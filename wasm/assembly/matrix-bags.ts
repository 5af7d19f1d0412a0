/** Sums of rows of a table, and their gradients' way back: the two ends of a bag-of-words model. */

import { multiplyAdd } from "./lanes";

/**
 * `out[i] = Σ weights[j] · table[rows[j]]` for j from starts[i] to starts[i + 1].
 *
 * shapes   table: rows of `width` f32; starts: [count + 1] u32; rows: u32; weights: f32; out: [count · width]; width a multiple of 16
 * cost     width/4 multiply-adds of four numbers for each j; sums stay in registers for 16 numbers at a time
 */
export function sumRows(table: usize, width: usize, starts: usize, rows: usize, weights: usize, out: usize, count: usize): void {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++, starts += 4, out += bytes) {
    const from = <usize>load<u32>(starts) << 2;
    const to = <usize>load<u32>(starts, 4) << 2;
    for (let column: usize = 0; column < bytes; column += 64) {
      let sum0 = f32x4.splat(0);
      let sum1 = sum0;
      let sum2 = sum0;
      let sum3 = sum0;
      for (let at = from; at < to; at += 4) {
        const row = table + <usize>load<u32>(rows + at) * bytes + column;
        const weight = v128.load32_splat(weights + at);
        sum0 = multiplyAdd(weight, v128.load(row), sum0);
        sum1 = multiplyAdd(weight, v128.load(row, 16), sum1);
        sum2 = multiplyAdd(weight, v128.load(row, 32), sum2);
        sum3 = multiplyAdd(weight, v128.load(row, 48), sum3);
      }
      v128.store(out + column, sum0);
      v128.store(out + column, sum1, 16);
      v128.store(out + column, sum2, 32);
      v128.store(out + column, sum3, 48);
    }
  }
}

/** `table[rows[j]] += weights[j] · sums[i]` for j from starts[i] to starts[i + 1]; shapes as `sumRows`. */
export function spreadRows(table: usize, width: usize, starts: usize, rows: usize, weights: usize, sums: usize, count: usize): void {
  const bytes = width << 2;
  for (let i: usize = 0; i < count; i++, starts += 4, sums += bytes) {
    const to = <usize>load<u32>(starts, 4) << 2;
    for (let at = <usize>load<u32>(starts) << 2; at < to; at += 4) {
      const row = table + <usize>load<u32>(rows + at) * bytes;
      const weight = v128.load32_splat(weights + at);
      for (let column: usize = 0; column < bytes; column += 64) {
        add(row + column, weight, sums + column);
        add(row + column + 16, weight, sums + column + 16);
        add(row + column + 32, weight, sums + column + 32);
        add(row + column + 48, weight, sums + column + 48);
      }
    }
  }
}

function add(to: usize, weight: v128, from: usize): void {
  v128.store(to, multiplyAdd(weight, v128.load(from), v128.load(to)));
}
