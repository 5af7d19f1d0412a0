/** Rows that live in the kernels' memory for good, so that one query is scored against all of them without copying. */

import { mismatch } from "./check.ts";
import { bitsWidth, codesWidth } from "./kernels.ts";

/** f32; f16, rounded to binary16 of at most ±65,504; u7, 8-bit codes and a scale; bit, the signs of the numbers. */
export type RowFormat = "f32" | "f16" | "u7" | "bit";

/** dot and cosine: larger is closer. squaredL2 and hamming: smaller is closer. */
export type RowMetric = "dot" | "cosine" | "squaredL2" | "hamming";

export interface RowsOptions {
  readonly dimension: number;
  readonly format: RowFormat;
  /** f32 and f16: dot, cosine, squaredL2; u7: dot, cosine; bit: hamming. cosine stores normalised rows. */
  readonly metric: RowMetric;
}

/**
 * Row numbers count from 0 in the order of `append`. Nothing but `append` allocates: queries leave no garbage behind.
 *
 * throws   `vector.dimension_mismatch` where a vector or array has the wrong length; `vector.not_finite` from u7, f16 and cosine
 *          where a norm is not finite; `index.full` from `append` where the memory has reached its limit: all is as it was then
 */
export interface Rows extends RowsOptions {
  readonly count: number;
  /** What one row takes up, scale included. */
  readonly bytesPerRow: number;
  /** returns  its row number */
  append(vector: Float32Array): number;
  overwrite(row: number, vector: Float32Array): void;
  /** `scores[i]` of the query and row i; scores: [≥ count] */
  score(query: Float32Array, scores: Float32Array): void;
  /** `scores[i·count + j]` of query i and row j; queries: [m·d], scores: [≥ m·count]. Rows are read from memory once for all queries. */
  scoreBatch(queries: Float32Array, scores: Float32Array): void;
  /**
   * The k rows that are closest, best first, equal scores by the lower row; a NaN is never among them.
   *
   * shapes   rows: [≥ k] u32 and scores: [≥ k] f32, overwritten
   * returns  how many were found: min(k, count), less where scores are NaN
   */
  top(query: Float32Array, k: number, rows: Uint32Array, scores: Float32Array): number;
  /** Gives the memory back; the set is empty then. */
  release(): void;
}

const METRICS: Readonly<Record<RowFormat, readonly RowMetric[]>> = {
  f32: ["dot", "cosine", "squaredL2"],
  f16: ["dot", "cosine", "squaredL2"],
  u7: ["dot", "cosine"],
  bit: ["hamming"],
};

/** throws  `vector.dimension_mismatch` where there is no dimension, or the format does not know the metric */
export function checkRows({ dimension, format, metric }: RowsOptions): void {
  if (!Number.isSafeInteger(dimension) || dimension < 1)
    throw mismatch(`rows of ${dimension} dimensions are not possible`);
  if (!METRICS[format].includes(metric)) {
    throw mismatch(`${format} rows know ${METRICS[format].join(", ")}, not ${metric}`);
  }
}

/** Bytes of one row's numbers, and the count of numbers, codes or bytes that kernels call its width. */
export function rowShape(format: RowFormat, dimension: number): { readonly bytes: number; readonly width: number } {
  if (format === "f32") return { bytes: 4 * dimension, width: dimension };
  if (format === "u7") return { bytes: codesWidth(dimension), width: codesWidth(dimension) };
  if (format === "bit") return { bytes: bitsWidth(dimension), width: bitsWidth(dimension) };
  const width = Math.ceil(dimension / 4) * 4;
  return { bytes: 2 * width, width };
}

export function larger(metric: RowMetric): boolean {
  return metric === "dot" || metric === "cosine";
}
