/** The network written out in f64, one number after the other: what the kernels and the ONNX graph are held against. */

import { gelu, silu } from "./activations.ts";
import { type Blocks, blocksOf, type FusionInput, runsOf } from "./blocks.ts";
import { LEAST_NORM } from "./prefix.ts";
import { type Route, routeOf } from "./route.ts";
import { type FusionShape, LAYER_NORM_EPSILON } from "./shape.ts";
import type { ExpertWeights, FusionWeights, GateWeights } from "./weights.ts";

export interface ScalarFused {
  readonly vector: Float64Array;
  readonly scores: Float64Array;
  readonly route: Route;
}

/** source  details.md §9, FuseMoE */
export function scalarFuse(weights: FusionWeights, input: FusionInput): ScalarFused {
  const { shape, gate } = weights;
  const blocks = blocksOf(shape, input);
  const scores = scoresOf(shape, gate, blocks);
  const route = routeOf(scores, shape.temperature);
  const vector = new Float64Array(shape.output);
  for (const [i, expert] of route.selected.entries()) {
    const weight = route.weights[i]!;
    if (weight === 0) continue;
    const out = expertOf(shape, weights.expert(expert), blocks);
    for (let o = 0; o < vector.length; o++) vector[o]! += weight * out[o]!;
  }
  const norm = Math.max(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)), LEAST_NORM);
  return { vector: vector.map((value) => value / norm), scores, route };
}

function scoresOf(shape: FusionShape, gate: GateWeights, blocks: Blocks): Float64Array {
  const columns = columnsOf(shape, blocks);
  const mean = columns.reduce((sum, d) => sum + blocks.x[d]!, 0) / columns.length;
  const variance = columns.reduce((sum, d) => sum + (blocks.x[d]! - mean) ** 2, 0) / columns.length;
  const scale = 1 / Math.sqrt(variance + LAYER_NORM_EPSILON);
  const normed = new Float64Array(blocks.x.length);
  for (const d of columns) normed[d] = (blocks.x[d]! - mean) * scale * gate.scale[d]! + gate.shift[d]!;
  const hidden = times(gate.hidden, normed, shape.gateHidden, columns).map((sum) => gelu(sum * blocks.boost));
  if (shape.gate === "laplace") {
    return new Float64Array(shape.experts).map((_, e) => {
      let squares = 0;
      for (let g = 0; g < hidden.length; g++) squares += (gate.output[e * hidden.length + g]! - hidden[g]!) ** 2;
      return -Math.sqrt(squares);
    });
  }
  const scores = times(gate.output, hidden, shape.experts, [...hidden.keys()]);
  for (const m of blocks.present)
    for (let e = 0; e < scores.length; e++) scores[e]! += gate.presence[m * scores.length + e]!;
  return scores;
}

function expertOf(shape: FusionShape, expert: ExpertWeights, blocks: Blocks): Float64Array {
  const hidden = times(expert.hidden, blocks.x, shape.hidden, columnsOf(shape, blocks)).map((sum, h) =>
    silu(sum * blocks.boost + expert.hiddenBias[h]!),
  );
  return times(expert.output, hidden, shape.output, [...hidden.keys()]).map((sum, o) => sum + expert.outputBias[o]!);
}

function columnsOf(shape: FusionShape, { mask }: Blocks): number[] {
  return runsOf(shape, mask).flatMap(({ column, columns }) => Array.from({ length: columns }, (_, i) => column + i));
}

/** The named columns of a row-major matrix times those of a vector. */
function times(
  matrix: Float32Array,
  vector: ArrayLike<number>,
  rows: number,
  columns: readonly number[],
): Float64Array {
  return new Float64Array(rows).map((_, row) =>
    columns.reduce((sum, column) => sum + matrix[row * vector.length + column]! * vector[column]!, 0),
  );
}
