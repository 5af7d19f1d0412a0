/** What a model of summed rows needs beside products: sums of rows, their way back, and the optimiser's step. */

import type { Matrix } from "./matrix.ts";

/** Rows and weights of many texts, one after the other; text i has places starts[i] … starts[i + 1]. */
export interface Bag {
  /** [texts + 1]. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly weights: Float32Array;
}

/** Running means of gradients and their squares, as large as the weights. */
export interface AdamState {
  readonly weights: Matrix;
  readonly means: Matrix;
  readonly squares: Matrix;
}

export interface AdamStep {
  readonly rate: number;
  /** Times the row was stepped, this time included. */
  readonly step: number;
}

/** How much of a new gradient, and of its square, goes into the running means. */
export const ADAM_SHARES = { mean: 0.1, square: 0.01 } as const;

export interface Bags {
  /**
   * `out[i] = Σ weights[j] · table[rows[j]]` over the places of text i.
   *
   * shapes   table: [rows × width], width a multiple of 16; out: [texts × width]
   * cost     width multiply-adds a place
   * error    |Δ| ≤ (n + 1)·2⁻²⁴·Σ|w·x| for n places
   * throws   `vector.dimension_mismatch` where shapes or rows do not fit
   */
  sumRows(table: Matrix, bag: Bag, out: Matrix): void;
  /** `table[rows[j]] += weights[j] · sums[i]`: the gradient of `sumRows`; shapes and errors alike. */
  spreadRows(table: Matrix, bag: Bag, sums: Matrix): void;
  /** One step of Adam for row `row` of the state with row `from` of the gradients (Kingma and Ba 2015, β 0.9 and 0.99). */
  stepRow(state: AdamState, row: number, gradients: Matrix, from: number, step: AdamStep): void;
}
