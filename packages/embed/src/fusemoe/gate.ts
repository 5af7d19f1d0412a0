/** The gate on the matrix kernels: how much each expert has to say about an input. */

import type { Matrices } from "@nexus/kernels";

import { gelu } from "./activations.ts";
import { multiplyBlocks } from "./block-product.ts";
import { type Blocks, runsOf } from "./blocks.ts";
import { type FusionShape, LAYER_NORM_EPSILON, widthOf } from "./shape.ts";
import type { GateWeights } from "./weights.ts";

export interface Gate {
  /** Scores of the experts, [N] for each of at most `capacity` rows. */
  scores(rows: readonly Blocks[]): Float64Array[];
}

export interface PlaceOptions {
  readonly matrices: Matrices;
  /** Rows at a time. */
  readonly capacity: number;
}

export function createGate(shape: FusionShape, weights: GateWeights, { matrices, capacity }: PlaceOptions): Gate {
  const width = widthOf(shape);
  const hidden = matrices.create(shape.gateHidden, width, weights.hidden);
  const x = matrices.create(capacity, width);
  const out = matrices.create(capacity, shape.gateHidden);
  const score = shape.gate === "softmax" ? linearScore : distanceScore;
  return {
    scores(rows) {
      const values = x.values();
      for (const [i, row] of rows.entries())
        normalise(shape, weights, row, values.subarray(i * width, (i + 1) * width));
      multiplyBlocks({ matrices, shape }, { rows, x, weights: hidden, out });
      const products = out.values();
      return rows.map((row, i) => {
        const u = products.subarray(i * shape.gateHidden, (i + 1) * shape.gateHidden);
        for (let g = 0; g < u.length; g++) u[g] = gelu(u[g]!);
        return new Float64Array(shape.experts).map((_, expert) =>
          score(weights, row, u, { expert, of: shape.experts }),
        );
      });
    },
  };
}

/** Layer norm over the blocks that are there; the others are not written. */
export function normalise(
  shape: FusionShape,
  { scale, shift }: Pick<GateWeights, "scale" | "shift">,
  { x, mask }: Pick<Blocks, "x" | "mask">,
  to: Float32Array,
): void {
  const { mean, deviation } = statisticsOf(shape, { x, mask });
  for (const { column, columns } of runsOf(shape, mask)) {
    for (let d = column; d < column + columns; d++) to[d] = ((x[d]! - mean) / deviation) * scale[d]! + shift[d]!;
  }
}

/** Mean and √(variance + ε) over the blocks that are there. */
export function statisticsOf(
  shape: FusionShape,
  { x, mask }: Pick<Blocks, "x" | "mask">,
): { mean: number; deviation: number } {
  const runs = runsOf(shape, mask);
  let count = 0;
  let sum = 0;
  for (const { column, columns } of runs) {
    count += columns;
    for (let d = column; d < column + columns; d++) sum += x[d]!;
  }
  const mean = sum / count;
  let squares = 0;
  for (const { column, columns } of runs) {
    for (let d = column; d < column + columns; d++) squares += (x[d]! - mean) ** 2;
  }
  return { mean, deviation: Math.sqrt(squares / count + LAYER_NORM_EPSILON) };
}

interface Which {
  readonly expert: number;
  readonly of: number;
}

/** W_o·u + Σ_present q_m */
function linearScore({ output, presence }: GateWeights, { present }: Blocks, u: Float32Array, which: Which): number {
  let sum = 0;
  const at = which.expert * u.length;
  for (let g = 0; g < u.length; g++) sum += output[at + g]! * u[g]!;
  for (const m of present) sum += presence[m * which.of + which.expert]!;
  return sum;
}

/** −‖w_i − u‖ */
function distanceScore({ output }: GateWeights, _: Blocks, u: Float32Array, { expert }: Which): number {
  let squares = 0;
  const at = expert * u.length;
  for (let g = 0; g < u.length; g++) squares += (output[at + g]! - u[g]!) ** 2;
  return -Math.sqrt(squares);
}
