/** Matrix products for training and FuseMoE: works in a memory of its own that JavaScript lays out; never allocates. */

export { stepAdam } from "./matrix-adam";
export { spreadRows, sumRows } from "./matrix-bags";
export { multiply } from "./matrix-multiply";
export { multiplyRows } from "./matrix-rows";

/** 1 in the build whose multiply-adds may fuse, 0 in the strict one. */
export const relaxed: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 0;
