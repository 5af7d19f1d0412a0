/** What matrix products there are, whatever they are made of. */

import type { ArenaStats } from "./arena.ts";
import type { Bags } from "./bag.ts";
import type { KernelBuild } from "./kernels.ts";

/** A matrix or a rectangle of one: what products take and write to. */
export interface MatrixPart {
  readonly rows: number;
  readonly columns: number;
  /**
   * A rectangle that shares the numbers; all that is not said is as large as can be.
   *
   * throws   `vector.dimension_mismatch` where it reaches beyond this one
   */
  part(rectangle: Rectangle): MatrixPart;
}

export interface Rectangle {
  readonly row?: number;
  readonly rows?: number;
  readonly column?: number;
  readonly columns?: number;
}

/** Row-major f32 numbers that stay where the products are computed. */
export interface Matrix extends MatrixPart {
  /** The numbers themselves, to read and to write: [rows · columns]. Ask again after each `create`, which may move them. */
  values(): Float32Array;
  /** Gives the memory back; neither the matrix nor its parts may be used afterwards. */
  release(): void;
}

/** Which factor is read transposed: A·B, A·Bᵀ or Aᵀ·B. */
export type Product = "ab" | "abt" | "atb";

export interface Matrices extends Bags {
  readonly build: KernelBuild;
  /**
   * A matrix of zeros, or of the given numbers.
   *
   * throws   `vector.dimension_mismatch` for a shape that is not of whole numbers ≥ 1 or does not fit `values`, `index.full` where memory is short
   */
  create(rows: number, columns: number, values?: Float32Array): Matrix;
  /**
   * `out = a·b`, or `out += a·b` with "add", one factor transposed as `product` says; `out` must share no number with them.
   *
   * shapes   ab: [m × d]·[d × n]; abt: [m × d]·[n × d]ᵀ; atb: [d × m]ᵀ·[d × n]; out: [m × n]
   * cost     m·n·d multiply-adds; GFLOP/s are in wasm/README.md. "abt" with m < 40 packs nothing and reads b from memory once
   * error    |Δ| ≤ (d + 1)·2⁻²⁴·Σ|a·b| + d·2⁻¹⁴⁹ against the exact sum
   * throws   `vector.dimension_mismatch` where shapes do not fit
   */
  multiply(product: Product, a: MatrixPart, b: MatrixPart, out: MatrixPart, write?: "set" | "add"): void;
  /** Bytes of the linear memory; all 0 in the scalar build. */
  memory(): ArenaStats;
}
