/** The typed, checked door to the wasm kernels, and the scalar oracle. */

export { type Arena, type ArenaOptions, type ArenaStats, createArena } from "./arena.ts";
export type { AdamState, AdamStep, Bag, Bags } from "./bag.ts";
export { createKernels, type KernelsOptions } from "./create-kernels.ts";
export { createMatrices, type MatricesOptions } from "./create-matrices.ts";
export { bitsWidth, codesWidth, type KernelBuild, type Kernels } from "./kernels.ts";
export { loadKernels } from "./load-kernels.ts";
export { loadMatrices } from "./load-matrices.ts";
export type { Matrices, Matrix, MatrixPart, Product, Rectangle } from "./matrix.ts";
export { hasRelaxedSimd } from "./relaxed-simd.ts";
export { type RowFormat, type RowMetric, type Rows, type RowsOptions } from "./rows.ts";
export { scalarMatrices } from "./scalar-matrices.ts";
export { scalarDot, scalarDotMany, scalarKernels } from "./scalar.ts";
