/** One expert on the matrix kernels: two layers with SiLU between. */

import type { Matrices, Matrix } from "@nexus/kernels";

import { silu } from "./activations.ts";
import { multiplyBlocks } from "./block-product.ts";
import type { Blocks } from "./blocks.ts";
import type { PlaceOptions } from "./gate.ts";
import { type FusionShape, widthOf } from "./shape.ts";
import type { ExpertWeights } from "./weights.ts";

export interface Expert {
  /** W2·SiLU(W1·x + b1) + b2, [n × O]; valid until another expert of the same matrices runs. */
  run(rows: readonly Blocks[]): Float32Array;
}

/** What experts in one memory write to, one after the other. */
export interface Scratch {
  readonly x: Matrix;
  readonly hidden: Matrix;
  readonly out: Matrix;
}

export function createScratch(shape: FusionShape, { matrices, capacity }: PlaceOptions): Scratch {
  return {
    x: matrices.create(capacity, widthOf(shape)),
    hidden: matrices.create(capacity, shape.hidden),
    out: matrices.create(capacity, shape.output),
  };
}

export function createExpert(
  shape: FusionShape,
  { hidden, hiddenBias, output, outputBias }: ExpertWeights,
  { matrices, scratch }: { readonly matrices: Matrices; readonly scratch: Scratch },
): Expert {
  const first = matrices.create(shape.hidden, widthOf(shape), hidden);
  const second = matrices.create(shape.output, shape.hidden, output);
  return {
    run(rows) {
      const { x, hidden, out } = scratch;
      const values = x.values();
      for (const [i, row] of rows.entries()) values.set(row.x, i * x.columns);
      multiplyBlocks({ matrices, shape }, { rows, x, weights: first, out: hidden });
      const between = hidden.values();
      for (let at = 0; at < rows.length * shape.hidden;) {
        for (let h = 0; h < shape.hidden; h++, at++) between[at] = silu(between[at]! + hiddenBias[h]!);
      }
      const here = { rows: rows.length };
      matrices.multiply("abt", hidden.part(here), second, out.part(here));
      const sums = out.values();
      for (let at = 0; at < rows.length * shape.output;) {
        for (let o = 0; o < shape.output; o++, at++) sums[at]! += outputBias[o]!;
      }
      return sums.subarray(0, rows.length * shape.output);
    },
  };
}
