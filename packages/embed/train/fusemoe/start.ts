/** Where training begins: every expert a linear projection of the members' concatenation, the gate undecided. */

import type { Matrices, Matrix } from "@nexus/kernels";

import { generatedWeights } from "../../src/fusemoe/generated.ts";
import { type FusionShape, widthOf } from "../../src/fusemoe/shape.ts";
import type { ExpertWeights, FusionWeights } from "../../src/fusemoe/weights.ts";
import { principalDirections } from "./principal.ts";
import { scalesOf, type TrainingRow } from "./rows.ts";

export interface StartOptions {
  /** Rows that have all members. */
  readonly rows: readonly TrainingRow[];
  /** Each member's share in what the projection keeps. */
  readonly shares: readonly number[];
  readonly seed: number;
}

/** Of an expert's numbers to the typical one: experts that are all equal would stay so. */
const SPREAD = 0.02;
/** Rows of a product while the covariance is summed. */
const BLOCK = 1_024;

/**
 * Weights whose every expert gives the principal parts of the input, but for some noise.
 *
 * SiLU(h) − SiLU(−h) = h: hidden units in pairs of opposite sign pass a linear projection through unchanged.
 *
 * cost     the covariance of the rows, and its leading eigenvectors
 * source   principal components of the concatenated members
 */
export function startingWeights(
  matrices: Matrices,
  shape: FusionShape,
  { rows, shares, seed }: StartOptions,
): FusionWeights {
  const width = widthOf(shape);
  const rank = Math.min(shape.output, width, Math.floor(shape.hidden / 2));
  const scales = scalesOf(shape, shares);
  const sums = covariance(matrices, rows, scales);
  const directions = principalDirections(matrices, sums, rank);
  sums.release();
  const random = generatedWeights(shape, { seed });
  return {
    shape,
    origin: random.origin,
    gate: random.gate,
    expert: (index) => linearExpert(shape, random.expert(index), { directions, scales, rank }),
  };
}

/** Σ x·xᵀ of the scaled rows. */
function covariance(matrices: Matrices, rows: readonly TrainingRow[], scales: Float32Array): Matrix {
  const width = scales.length;
  const sums = matrices.create(width, width);
  const block = matrices.create(BLOCK, width);
  for (let first = 0; first < rows.length; first += BLOCK) {
    const values = block.values().fill(0);
    for (const [r, { x }] of rows.slice(first, first + BLOCK).entries()) {
      for (let d = 0; d < width; d++) values[r * width + d] = x[d]! * scales[d]!;
    }
    matrices.multiply("atb", block, block, sums, "add");
  }
  block.release();
  return sums;
}

interface Projection {
  readonly directions: Float32Array;
  readonly scales: Float32Array;
  readonly rank: number;
}

function linearExpert(
  shape: FusionShape,
  noise: ExpertWeights,
  { directions, scales, rank }: Projection,
): ExpertWeights {
  const width = widthOf(shape);
  const hidden = noise.hidden.map((value) => SPREAD * value);
  const output = noise.output.map((value) => SPREAD * value);
  // Inputs have a mean square of 1 a number: so have projections, on the whole, and SiLU bends gently there.
  for (let r = 0; r < rank; r++) {
    for (let d = 0; d < width; d++) {
      const weight = directions[r * width + d]! * scales[d]!;
      hidden[2 * r * width + d]! += weight;
      hidden[(2 * r + 1) * width + d]! -= weight;
    }
    output[r * shape.hidden + 2 * r]! += 1;
    output[r * shape.hidden + 2 * r + 1]! -= 1;
  }
  return { hidden, hiddenBias: noise.hiddenBias, output, outputBias: noise.outputBias };
}
