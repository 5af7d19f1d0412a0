/** What all kernels do with their lanes. */

/** a · b + c in each lane: rounded once or twice in the relaxed build (the machine chooses), twice in the strict one. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** (lane 0 + lane 2) + (lane 1 + lane 3). */
export function sumLanes(values: v128): f32 {
  const pairs = f32x4.add(values, v128.shuffle<f32>(values, values, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

export function sumLanesI32(values: v128): i32 {
  const pairs = i32x4.add(values, v128.shuffle<i32>(values, values, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}
