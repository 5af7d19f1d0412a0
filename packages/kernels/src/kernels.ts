/** What a set of kernels can compute, whatever it is made of, and the check that comes before each batch. */

import { NexusError } from "@nexus/core";

/** `relaxed` and `strict` are the two wasm builds; `scalar` is plain JavaScript, the reference. */
export type KernelBuild = "relaxed" | "strict" | "scalar";

export interface Kernels {
  readonly build: KernelBuild;
  /**
   * Dot product of one query with many rows: `scores[i] = query · rows[i]`.
   *
   * shapes   query: [d] f32; rows: [≥ n·d] f32, row-major; scores: [n] f32, overwritten
   * cost     n·d multiply-adds, no allocation
   * error    against the scalar reference |Δ| ≤ (d/32 + 16) · 2⁻²⁴ · Σ|qᵢ·rᵢ| + d · 2⁻¹⁴⁹, asserted in conformance.ts
   * throws   `vector.dimension_mismatch` if rows hold fewer than n·d numbers or the query none
   */
  dotMany(query: Float32Array, rows: Float32Array, scores: Float32Array): void;
}

/** throws  `vector.dimension_mismatch` if `rows` hold fewer than `count` rows as long as the query, or the query has no dimension */
export function checkBatch(query: Float32Array, rows: Float32Array, count: number): void {
  const dimension = query.length;
  if (dimension > 0 && rows.length >= dimension * count) return;
  throw new NexusError(
    "vector.dimension_mismatch",
    `[nexus/kernels] ${count} rows of ${dimension} dimensions need ${dimension * count} numbers, ${rows.length} were given; a query needs at least one dimension`,
  );
}
