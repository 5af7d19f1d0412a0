/** The typed, checked door to the wasm kernels, and the scalar oracle. */

export { createKernels } from "./create-kernels.ts";
export { type KernelBuild, type Kernels } from "./kernels.ts";
export { loadKernels } from "./load-kernels.ts";
export { hasRelaxedSimd } from "./relaxed-simd.ts";
export { scalarDot, scalarDotMany, scalarKernels } from "./scalar.ts";
