/** From trained weights to the codes that ship. */

import { encodeStaticModel } from "../../src/static/format.ts";
import type { RowPlan } from "../../src/static/tokenise.ts";

export interface QuantiseOptions {
  /** First numbers of each row to keep. */
  readonly dimension: number;
  readonly bits: 4 | 8;
  readonly unrelated: readonly number[];
}

/**
 * The model file of trained rows.
 *
 * shapes   weights: [rows · width]
 * error    each number within half a scale: 1/254 of the row's largest with 8 bits; with 4 the scale that loses least is searched
 */
export function quantise(plan: RowPlan, weights: Float32Array, width: number, options: QuantiseOptions): Uint8Array {
  const { dimension, bits, unrelated } = options;
  const rows = plan.words + plan.parts + plan.shared;
  const scales = new Float32Array(rows);
  const codes = new Int8Array((rows * dimension * bits) / 8);
  for (let row = 0; row < rows; row++) {
    const values = weights.subarray(row * width, row * width + dimension);
    const scale = bits === 8 ? largest(values) / 127 : bestScale(values);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let i = 0; i < dimension; i++) {
      const at = row * dimension + i;
      const code = codeOf(values[i] as number, scale, bits);
      if (bits === 8) codes[at] = code;
      else if (i % 2 === 0) codes[at >> 1] = code & 15;
      else codes[at >> 1] = (codes[at >> 1] as number) | (code << 4);
    }
  }
  return encodeStaticModel({ ...plan, dimension, bits, unrelated, scales, codes });
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Of scales from half of what holds every number up to it, the one with the smallest squared error. */
function bestScale(values: Float32Array): number {
  const whole = largest(values) / 7;
  let best = { scale: whole, error: Infinity };
  for (let share = 0.5; share <= 1; share += 0.05) {
    const scale = share * whole;
    if (scale === 0) break;
    let error = 0;
    for (const value of values) error += (value - scale * codeOf(value, scale, 4)) ** 2;
    if (error < best.error) best = { scale, error };
  }
  return best.scale;
}

function codeOf(value: number, scale: number, bits: 4 | 8): number {
  const most = bits === 8 ? 127 : 7;
  return Math.max(-most, Math.min(most, Math.round(value / scale)));
}
