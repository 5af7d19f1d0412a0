/** From the vectors of a text's tokens to one vector. */

import type { TensorData } from "./session.ts";
import { floatsOf } from "./session.ts";

/** Which tokens of a row count: [from, to). */
export interface TokenSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * One vector a row.
 *
 * shapes   output: [rows, tokens, d], or [rows, d] where the graph pools by itself; spans: one a row
 * returns  [rows] × [d], not normalised
 * cost     rows·tokens·d additions for mean, d copies otherwise
 */
export function pool(
  output: TensorData,
  kind: "mean" | "cls" | "last-token" | "none",
  spans: readonly TokenSpan[],
): Float32Array[] {
  const values = floatsOf(output);
  const width = output.dims.at(-1) ?? 0;
  if (output.dims.length === 2) return spans.map((_, row) => values.slice(row * width, (row + 1) * width));
  const tokens = output.dims[1] ?? 0;
  return spans.map(({ from, to }, row) => {
    const start = row * tokens;
    if (kind === "mean") return mean(values, width, start + from, start + to);
    const token = kind === "last-token" ? start + to - 1 : start;
    return values.slice(token * width, (token + 1) * width);
  });
}

/** Scales to unit length in place; false when it has no direction or is not finite. */
export function normalise(vector: Float32Array): boolean {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum) || sum === 0) return false;
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
  return true;
}

function mean(values: Float32Array, width: number, from: number, to: number): Float32Array {
  const sum = new Float64Array(width);
  for (let token = from; token < to; token++) {
    const start = token * width;
    for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + (values[start + i] ?? 0);
  }
  const count = Math.max(1, to - from);
  return Float32Array.from(sum, (value) => value / count);
}
