/** One expert forwards for the rows that chose it, and backwards to the gradients of its parameters. */

import type { Matrices } from "@nexus/kernels";

import { silu } from "../../src/fusemoe/activations.ts";
import { type FusionShape, widthOf } from "../../src/fusemoe/shape.ts";
import type { ExpertParameters } from "./parameters.ts";
import type { TrainingRow } from "./rows.ts";

export interface ExpertPass {
  /** [rows · O]; stays until the next `forward`. */
  forward(rows: readonly TrainingRow[]): Float32Array;
  /** Adds to the gradients, given those of the last `forward`'s output, [rows · O]. */
  backward(slopes: Float32Array): void;
}

/** Of at most `capacity` rows. */
export function createExpertPass(
  matrices: Matrices,
  { shape, expert }: { readonly shape: FusionShape; readonly expert: ExpertParameters },
  capacity: number,
): ExpertPass {
  const { hidden: H, output: O } = shape;
  const width = widthOf(shape);
  const x = matrices.create(capacity, width);
  const before = matrices.create(capacity, H);
  const after = matrices.create(capacity, H);
  const out = matrices.create(capacity, O);
  let rows: readonly TrainingRow[] = [];

  return {
    forward(asked) {
      rows = asked;
      const here = { rows: rows.length };
      const lines = x.values();
      for (const [r, row] of rows.entries()) lines.set(row.x, r * width);
      matrices.multiply("abt", x.part(here), expert.hidden.matrix, before.part(here));
      const [h, a, bias] = [before.values(), after.values(), expert.hiddenBias.matrix.values()];
      for (const [r, { boost }] of rows.entries()) {
        for (let i = 0; i < H; i++) a[r * H + i] = silu((h[r * H + i] = h[r * H + i]! * boost + bias[i]!));
      }
      matrices.multiply("abt", after.part(here), expert.output.matrix, out.part(here));
      const [sums, outBias] = [out.values(), expert.outputBias.matrix.values()];
      for (let at = 0; at < rows.length * O;) for (let o = 0; o < O; o++, at++) sums[at]! += outBias[o]!;
      return sums.subarray(0, rows.length * O);
    },

    backward(slopes) {
      const here = { rows: rows.length };
      // What was computed forwards is not needed any more: its place takes what comes back.
      const dOut = out.values();
      dOut.set(slopes);
      sumRows(dOut, rows.length, expert.outputBias.gradient.values());
      matrices.multiply("atb", out.part(here), after.part(here), expert.output.gradient, "add");
      matrices.multiply("ab", out.part(here), expert.output.matrix, after.part(here));
      const [h, d] = [before.values(), after.values()];
      for (let at = 0; at < rows.length * H; at++) d[at]! *= siluSlope(h[at]!);
      sumRows(d, rows.length, expert.hiddenBias.gradient.values());
      for (const [r, { boost }] of rows.entries()) {
        for (let at = r * H; at < (r + 1) * H; at++) d[at]! *= boost;
      }
      matrices.multiply("atb", after.part(here), x.part(here), expert.hidden.gradient, "add");
    },
  };
}

function sumRows(values: Float32Array, rows: number, sums: Float32Array): void {
  for (let at = 0; at < rows * sums.length;) for (let i = 0; i < sums.length; i++, at++) sums[i]! += values[at]!;
}

/** σ(h)·(1 + h·(1 − σ(h))) */
function siluSlope(h: number): number {
  const share = 1 / (1 + Math.exp(-h));
  return share * (1 + h * (1 - share));
}
