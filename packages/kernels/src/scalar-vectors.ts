/** Dots, distances and norms of f32 vectors in plain JavaScript, summed in f64 from left to right. */

/**
 * Dot product of `a` with `a.length` numbers of `b` from `offset` on.
 *
 * shapes   a: [d] f32; b: [≥ offset + d] f32 (not checked)
 * error    products of f32 are exact in f64; the sum is off by at most d · 2⁻⁵³ · Σ|aᵢ·bᵢ|
 */
export function scalarDot(a: Float32Array, b: Float32Array, offset: number = 0): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[offset + i]!;
  return sum;
}

export function scalarSquaredL2(a: Float32Array, b: Float32Array, offset: number = 0): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[offset + i]!) ** 2;
  return sum;
}

/** 0 where a norm is 0. */
export function scalarCosine(a: Float32Array, b: Float32Array, offset: number = 0): number {
  const row = b.subarray(offset, offset + a.length);
  const norms = Math.sqrt(scalarDot(a, a)) * Math.sqrt(scalarDot(row, row));
  return norms === 0 ? 0 : scalarDot(a, row) / norms;
}

export function scalarNorm(vector: Float32Array): number {
  return Math.fround(Math.sqrt(scalarDot(vector, vector)));
}

/** In place; returns the norm. A norm of 0 or NaN leaves the vector as it is. */
export function scalarNormalise(vector: Float32Array): number {
  const norm = Math.sqrt(scalarDot(vector, vector));
  if (norm > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= norm;
  return Math.fround(norm);
}
