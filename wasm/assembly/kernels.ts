/** The numeric kernels: each checks nothing, allocates nothing and never traps on valid regions. */

export { dotMany } from "./dot";

/** 1 in the build whose multiply-adds may fuse, 0 in the strict one. */
export const relaxed: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 0;
