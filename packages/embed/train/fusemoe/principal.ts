/** The directions along which texts differ most: where a linear fusion of few dimensions begins. */

import type { Matrices, Matrix } from "@nexus/kernels";

import { seeded } from "../e0/seeded.ts";

/** The first tens of directions are exact by then, the last ones lie in the right space: enough for a start. */
const ROUNDS = 24;

/**
 * Leading eigenvectors of a symmetric positive matrix.
 *
 * shapes   matrix: [n × n]; returns [count × n], one unit vector a row, by falling eigenvalue
 * cost     24 products of n × n × count, and as many orthogonalisations
 * source   orthogonal iteration (Golub & Van Loan, Matrix Computations, §8.2.4)
 */
export function principalDirections(matrices: Matrices, matrix: Matrix, count: number): Float32Array {
  const n = matrix.rows;
  const random = seeded(1);
  const rows = matrices.create(
    count,
    n,
    Float32Array.from({ length: count * n }, () => random() - 0.5),
  );
  const turned = matrices.create(count, n);
  orthogonalise(rows.values(), n);
  for (let round = 0; round < ROUNDS; round++) {
    matrices.multiply("ab", rows, matrix, turned);
    rows.values().set(turned.values());
    orthogonalise(rows.values(), n);
  }
  const directions = rows.values().slice();
  rows.release();
  turned.release();
  return directions;
}

/** Gram–Schmidt, twice over, since once leaves what rounding makes of nearly parallel rows. */
function orthogonalise(rows: Float32Array, n: number): void {
  for (let at = 0; at < rows.length; at += n) {
    const row = Float64Array.from(rows.subarray(at, at + n));
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < at; other += n) {
        let along = 0;
        for (let d = 0; d < n; d++) along += row[d]! * rows[other + d]!;
        for (let d = 0; d < n; d++) row[d]! -= along * rows[other + d]!;
      }
    }
    const norm = Math.max(Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)), 1e-30);
    for (let d = 0; d < n; d++) rows[at + d] = row[d]! / norm;
  }
}
