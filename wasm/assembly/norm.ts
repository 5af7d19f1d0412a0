/** Lengths of f32 vectors. Sums in f64: squares of f32 numbers neither overflow nor vanish there. */

/**
 * Euclidean norm.
 *
 * shapes   values: [dimension] f32
 * returns  within 1 ULP of the exact norm, for denormals and numbers up to the largest too; ∞ beyond f32
 * cost     d/2 multiply-adds of two f64
 */
export function norm(values: usize, dimension: u32): f32 {
  return <f32>Math.sqrt(sumOfSquares(values, dimension));
}

/**
 * Divides by the norm, in place. A vector of norm 0 stays as it is.
 *
 * returns  the norm it had
 * error    each number within 1 ULP of x / norm
 */
export function normalise(values: usize, dimension: u32): f32 {
  const length = Math.sqrt(sumOfSquares(values, dimension));
  if (!(length > 0)) return <f32>length;
  const lengths = f64x2.splat(length);
  const end = values + (<usize>dimension << 2);
  for (const blockEnd = values + ((<usize>dimension << 2) & ~15); values < blockEnd; values += 16) {
    const x = v128.load(values);
    const low = f32x4.demote_f64x2_zero(f64x2.div(f64x2.promote_low_f32x4(x), lengths));
    const high = f32x4.demote_f64x2_zero(f64x2.div(f64x2.promote_low_f32x4(upperHalf(x)), lengths));
    v128.store(values, v128.shuffle<f32>(low, high, 0, 1, 4, 5));
  }
  for (; values < end; values += 4) f32.store(values, <f32>(<f64>f32.load(values) / length));
  return <f32>length;
}

function sumOfSquares(values: usize, dimension: u32): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  const end = values + (<usize>dimension << 2);
  for (const blockEnd = values + ((<usize>dimension << 2) & ~15); values < blockEnd; values += 16) {
    const x = v128.load(values);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(upperHalf(x));
    sum0 = f64x2.add(sum0, f64x2.mul(low, low));
    sum1 = f64x2.add(sum1, f64x2.mul(high, high));
  }
  const pairs = f64x2.add(sum0, sum1);
  let sum = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  for (; values < end; values += 4) {
    const x = <f64>f32.load(values);
    sum += x * x;
  }
  return sum;
}

function upperHalf(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 3, 2, 3);
}
