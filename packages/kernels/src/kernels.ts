/** What a set of kernels can compute, whatever it is made of. */

import type { ArenaStats } from "./arena.ts";
import type { Rows, RowsOptions } from "./rows.ts";

/** `relaxed` and `strict` are the two wasm builds; `scalar` is plain JavaScript, the reference. */
export type KernelBuild = "relaxed" | "strict" | "scalar";

/**
 * Vectors are f32 in JavaScript arrays; wasm copies them in. For rows that are searched again and again there is `createRows`.
 * Error bounds are against the scalar reference, u = 2⁻²⁴, and asserted by the conformance suite.
 *
 * throws   `vector.dimension_mismatch` where arrays are too short for each other, from every method
 */
export interface Kernels {
  readonly build: KernelBuild;
  /**
   * Dot product of one query with many rows: `scores[i] = query · rows[i]`.
   *
   * shapes   query: [d] f32; rows: [≥ n·d] f32, row-major; scores: [n] f32, overwritten
   * cost     n·d multiply-adds and a copy of the rows
   * error    |Δ| ≤ (d/32 + 16)·u·Σ|qᵢ·rᵢ| + d·2⁻¹⁴⁹
   */
  dotMany(query: Float32Array, rows: Float32Array, scores: Float32Array): void;
  /** `scores[i] = query · rows[i] / (|query|·|rows[i]|)`, 0 where a norm is 0; shapes as `dotMany`. error ≤ (d/8 + 64)·u where norms are of 2⁻⁵⁰…2⁵⁰ */
  cosineMany(query: Float32Array, rows: Float32Array, scores: Float32Array): void;
  /** `distances[i] = |query − rows[i]|²`; shapes as `dotMany`. error ≤ (d/32 + 19)·u of the distance + d·2⁻¹⁴⁹ */
  squaredL2Many(query: Float32Array, rows: Float32Array, distances: Float32Array): void;
  /**
   * Dot products of many queries with many rows: `scores[i·n + j] = queries[i] · rows[j]`, the same bits as `dotMany`.
   *
   * shapes   queries: [m·d]; rows: [n·d]; scores: [≥ m·n]; d = dimension
   */
  dotBatch(queries: Float32Array, rows: Float32Array, scores: Float32Array, dimension: number): void;
  /** Euclidean norm, within 1 ULP; sums in f64. */
  norm(vector: Float32Array): number;
  /** Divides by the norm in place, each number within 1 ULP; returns the norm. Norm 0 leaves the vector as it is. */
  normalise(vector: Float32Array): number;
  /** The one fixed random rotation, in place: the same bits from every build. */
  rotate(vector: Float32Array): void;
  /**
   * 8-bit codes round(63·x / max|x|) + 64, filled up with 64: the same from every build. Numbers must be finite.
   *
   * shapes   vector: [d]; codes: [width], width = `codesWidth(d)` or a larger multiple of 16
   * returns  the scale: x ≈ (code − 64)·scale; 0 where max|x| < 2⁻¹²⁰
   */
  quantise(vector: Float32Array, codes: Uint8Array): number;
  /** `dots[i] = Σ (query − 64)·(rows[i] − 64)`: exact. Codes of 0…127, the width of the query (a multiple of 16) each. */
  dotCodesMany(query: Uint8Array, rows: Uint8Array, dots: Int32Array): void;
  /** Bit i = number i is above 0, filled up with 0. bits: [width], width = `bitsWidth(d)` or a larger multiple of 16 */
  packSigns(vector: Float32Array, bits: Uint8Array): void;
  /** `distances[i]` = bits in which the query and rows[i] differ; width as `packSigns`. */
  hammingMany(query: Uint8Array, rows: Uint8Array, distances: Float32Array): void;
  /** Rows that stay: see `Rows`. */
  createRows(options: RowsOptions): Rows;
  /** Bytes of the linear memory; all 0 in the scalar build. */
  memory(): ArenaStats;
}

/** Codes are stored 16 at a time. */
export function codesWidth(dimension: number): number {
  return Math.ceil(dimension / 16) * 16;
}

/** Bytes that the signs of a vector take up: 128 of them at a time. */
export function bitsWidth(dimension: number): number {
  return Math.ceil(dimension / 128) * 16;
}
