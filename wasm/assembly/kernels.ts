/** The numeric kernels: each checks nothing, allocates nothing and never traps on valid regions. */

export { hammingMany } from "./bits-many";
export { packSigns } from "./bits";
export { cosineMany } from "./cosine";
export { squaredL2Many } from "./distance";
export { dotBatch } from "./dot-batch";
export { dotMany } from "./dot";
export { dotF16Many, narrowToF16, squaredL2F16Many } from "./f16";
export { norm, normalise } from "./norm";
export { rotate } from "./rotate";
export { select, takeSelected } from "./select";
export { centreCodes, dotCodesMany, scoreCodesMany } from "./u7-many";
export { quantise } from "./u7";

/** 1 in the build whose multiply-adds may fuse, 0 in the strict one. */
export const relaxed: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 0;
