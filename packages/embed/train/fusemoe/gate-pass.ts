/** The gate forwards, and backwards to the gradients of its parameters. */

import type { Matrices } from "@nexus/kernels";

import { erf, gelu } from "../../src/fusemoe/activations.ts";
import { normalise, statisticsOf } from "../../src/fusemoe/gate.ts";
import { runsOf } from "../../src/fusemoe/blocks.ts";
import { widthOf } from "../../src/fusemoe/shape.ts";
import type { Parameters } from "./parameters.ts";
import type { TrainingRow } from "./rows.ts";

export interface GatePass {
  /** [rows · N] scores. */
  forward(rows: readonly TrainingRow[]): Float64Array;
  /** Adds to the gradients, given those of the scores of the last `forward`. */
  backward(slopes: Float64Array): void;
}

/** Of at most `capacity` rows. */
export function createGatePass(matrices: Matrices, { shape, gate }: Parameters, capacity: number): GatePass {
  const { experts: N, gateHidden: G } = shape;
  const width = widthOf(shape);
  const normed = matrices.create(capacity, width);
  const before = matrices.create(capacity, G);
  const after = matrices.create(capacity, G);
  const back = matrices.create(capacity, G);
  const normedBack = matrices.create(capacity, width);
  let rows: readonly TrainingRow[] = [];
  let scores: Float64Array = new Float64Array();

  return {
    forward(asked) {
      rows = asked;
      const here = { rows: rows.length };
      const norm = { scale: gate.scale.matrix.values(), shift: gate.shift.matrix.values() };
      const lines = normed.values().fill(0);
      for (const [r, row] of rows.entries()) normalise(shape, norm, row, lines.subarray(r * width, (r + 1) * width));
      matrices.multiply("abt", normed.part(here), gate.hidden.matrix, before.part(here));
      const [h, u] = [before.values(), after.values()];
      for (const [r, { boost }] of rows.entries()) {
        for (let at = r * G; at < (r + 1) * G; at++) u[at] = gelu((h[at]! *= boost));
      }
      scores = shape.gate === "softmax" ? linear(u) : distances(u);
      return scores;
    },

    backward(slopes) {
      const u = after.values();
      const du = back.values().fill(0);
      if (shape.gate === "softmax") linearBack(u, du, slopes);
      else distancesBack(u, du, slopes);
      const h = before.values();
      for (const [r, { boost }] of rows.entries()) {
        for (let at = r * G; at < (r + 1) * G; at++) du[at]! *= boost * geluSlope(h[at]!);
      }
      const here = { rows: rows.length };
      matrices.multiply("atb", back.part(here), normed.part(here), gate.hidden.gradient, "add");
      matrices.multiply("ab", back.part(here), gate.hidden.matrix, normedBack.part(here));
      layerNormBack();
    },
  };

  function linear(u: Float32Array): Float64Array {
    const all = new Float64Array(rows.length * N);
    const [w, q] = [gate.output.matrix.values(), gate.presence.matrix.values()];
    for (const [r, { mask }] of rows.entries()) {
      for (let e = 0; e < N; e++) {
        let sum = 0;
        for (let g = 0; g < G; g++) sum += w[e * G + g]! * u[r * G + g]!;
        for (let m = 0; m < shape.members.length; m++) if (mask & (1 << m)) sum += q[m * N + e]!;
        all[r * N + e] = sum;
      }
    }
    return all;
  }

  function linearBack(u: Float32Array, du: Float32Array, slopes: Float64Array): void {
    const w = gate.output.matrix.values();
    const [dw, dq] = [gate.output.gradient.values(), gate.presence.gradient.values()];
    for (const [r, { mask }] of rows.entries()) {
      for (let e = 0; e < N; e++) {
        const slope = slopes[r * N + e]!;
        for (let g = 0; g < G; g++) {
          dw[e * G + g]! += slope * u[r * G + g]!;
          du[r * G + g]! += slope * w[e * G + g]!;
        }
        for (let m = 0; m < shape.members.length; m++) if (mask & (1 << m)) dq[m * N + e]! += slope;
      }
    }
  }

  function distances(u: Float32Array): Float64Array {
    const all = new Float64Array(rows.length * N);
    const w = gate.output.matrix.values();
    for (let r = 0; r < rows.length; r++) {
      for (let e = 0; e < N; e++) {
        let squares = 0;
        for (let g = 0; g < G; g++) squares += (w[e * G + g]! - u[r * G + g]!) ** 2;
        all[r * N + e] = -Math.sqrt(squares);
      }
    }
    return all;
  }

  function distancesBack(u: Float32Array, du: Float32Array, slopes: Float64Array): void {
    const w = gate.output.matrix.values();
    const dw = gate.output.gradient.values();
    for (let r = 0; r < rows.length; r++) {
      for (let e = 0; e < N; e++) {
        // At distance 0 the slope has no direction.
        const slope = slopes[r * N + e]! / Math.max(-scores[r * N + e]!, 1e-12);
        for (let g = 0; g < G; g++) {
          const apart = slope * (w[e * G + g]! - u[r * G + g]!);
          dw[e * G + g]! -= apart;
          du[r * G + g]! += apart;
        }
      }
    }
  }

  function layerNormBack(): void {
    const slopes = normedBack.values();
    const [dScale, dShift] = [gate.scale.gradient.values(), gate.shift.gradient.values()];
    for (const [r, row] of rows.entries()) {
      const { mean, deviation } = statisticsOf(shape, row);
      for (const { column, columns } of runsOf(shape, row.mask)) {
        for (let d = column; d < column + columns; d++) {
          const slope = slopes[r * width + d]!;
          dScale[d]! += (slope * (row.x[d]! - mean)) / deviation;
          dShift[d]! += slope;
        }
      }
    }
  }
}

/** Φ(z) + z·φ(z) */
function geluSlope(z: number): number {
  return 0.5 * (1 + erf(z * Math.SQRT1_2)) + (z * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
}
