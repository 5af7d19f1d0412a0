/** The kernels in plain JavaScript: the oracle that the wasm builds are judged by, and what runs where no wasm was built. Scalar on purpose. */

import { checkBatch, type Kernels } from "./kernels.ts";

/**
 * Dot product of `a` with `a.length` numbers of `b` from `offset` on, summed in f64 from left to right.
 *
 * shapes   a: [d] f32; b: [≥ offset + d] f32 (not checked)
 * error    products of f32 are exact in f64; the sum is off by at most d · 2⁻⁵³ · Σ|aᵢ·bᵢ|
 */
export function scalarDot(a: Float32Array, b: Float32Array, offset: number = 0): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[offset + i]!;
  return sum;
}

/** `Kernels.dotMany` by `scalarDot`: each score is the f64 sum rounded to f32 once. */
export function scalarDotMany(query: Float32Array, rows: Float32Array, scores: Float32Array): void {
  checkBatch(query, rows, scores.length);
  for (let row = 0; row < scores.length; row++) scores[row] = scalarDot(query, rows, row * query.length);
}

export const scalarKernels: Kernels = { build: "scalar", dotMany: scalarDotMany };
