/** Unit length, for whole vectors and for their beginnings. */

/** What a norm is at least taken for, so that nothing is divided by 0. */
export const LEAST_NORM = 1e-8;

/** The first `dimension` numbers at unit length. */
export function prefixOf(vector: Float32Array, dimension: number): Float32Array {
  return toUnit(vector.slice(0, dimension));
}

/** Scales to length 1, in place. */
export function toUnit(vector: Float32Array): Float32Array {
  const scale = 1 / Math.max(normOf(vector), LEAST_NORM);
  for (let i = 0; i < vector.length; i++) vector[i]! *= scale;
  return vector;
}

export function normOf(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}
