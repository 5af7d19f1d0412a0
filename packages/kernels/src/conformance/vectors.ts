/** Distances, cosines, norms. */

import * as fc from "fast-check";
import type { Kernels } from "../kernels.ts";
import { scalarCosine, scalarDot, scalarSquaredL2 } from "../scalar-vectors.ts";
import {
  batches,
  denormal,
  expectClose,
  expectCode,
  expectSame,
  floats,
  forAll,
  ordinary,
  type Properties,
  SMALLEST_SUBNORMAL,
  special,
  UNIT_ROUNDOFF,
  noise,
  WIDTHS,
} from "./cases.ts";

/** Numbers whose squares are f32. */
const squarable = fc
  .tuple(fc.float({ noNaN: true, min: 0.5, max: 1 }), fc.integer({ min: -40, max: 40 }), fc.constantFrom(-1, 0, 1))
  .map(([mantissa, exponent, sign]) => sign * mantissa * 2 ** exponent);
const any = fc.float({ noNaN: true, noDefaultInfinity: true });
const vectors = fc.integer({ min: 1, max: 170 }).chain((d) => floats(any, d));

export const VECTORS: Properties = {
  "squared L2 is within (d/32 + 19) · 2⁻²⁴ of itself + d · 2⁻¹⁴⁹, denormal numbers too": (kernels, runs) => {
    forAll(batches(ordinary), runs, ({ query, rows }) => checkDistances(kernels, query, rows));
    forAll(batches(denormal), runs, ({ query, rows }) => checkDistances(kernels, query, rows));
    for (const d of WIDTHS) checkDistances(kernels, noise(d, 1), noise(9 * d, 2));
  },

  "squared L2 of a vector and itself is exactly 0": (kernels) => {
    for (let d = 1; d <= 170; d++) {
      const distances = new Float32Array(1).fill(1);
      kernels.squaredL2Many(noise(d, d), noise(d, d), distances);
      expectSame(distances, [0], `d = ${d}`);
    }
  },

  "squared L2 of NaN and infinities is what the oracle gives": (kernels, runs) => {
    forAll(batches(special), runs, ({ query, rows, scores }) => {
      kernels.squaredL2Many(query, rows, scores);
      const exact = scores.map((_, row) => scalarSquaredL2(query, rows, row * query.length));
      expectSame(scores, exact, "distance");
    });
  },

  "cosines are within (d/8 + 64) · 2⁻²⁴, and 0 where a norm is 0": (kernels, runs) => {
    forAll(batches(squarable), runs, ({ query, rows }) => checkCosines(kernels, query, rows));
    for (const d of WIDTHS) checkCosines(kernels, noise(d, 1), noise(9 * d, 2));
    for (let d = 1; d <= 40; d++) checkCosines(kernels, new Float32Array(d), noise(5 * d, 2));
  },

  "norms are within 1 ULP, from denormal numbers to the largest": (kernels, runs) => {
    forAll(vectors, runs, (vector) => {
      const exact = Math.sqrt(scalarDot(vector, vector));
      expectClose(kernels.norm(vector), Math.fround(exact), ulp(exact), `d = ${vector.length}`);
    });
  },

  "normalised numbers are within 1 ULP of x / norm; norm 0 leaves the vector as it is": (kernels, runs) => {
    forAll(vectors, runs, (vector) => {
      const norm = Math.sqrt(scalarDot(vector, vector));
      const unit = Float32Array.from(vector);
      expectClose(kernels.normalise(unit), Math.fround(norm), ulp(norm), "norm");
      for (const [i, x] of vector.entries()) {
        const exact = norm === 0 ? x : x / norm;
        expectClose(unit[i]!, exact, ulp(exact), `d = ${vector.length}, [${i}]`);
      }
    });
  },

  "a vector without dimensions is vector.dimension_mismatch": (kernels) => {
    for (const method of ["norm", "normalise", "rotate"] as const) {
      expectCode("vector.dimension_mismatch", () => kernels[method](new Float32Array(0)));
    }
  },
};

/** One unit in the last place of the f32 nearest to x; ∞ beyond f32, where both round to ∞. */
function ulp(x: number): number {
  const magnitude = Math.abs(Math.fround(x));
  if (magnitude === Infinity) return Infinity;
  return Math.max(2 ** -149, 2 ** (Math.floor(Math.log2(Math.max(magnitude, 2 ** -126))) - 23));
}

function checkDistances(kernels: Kernels, query: Float32Array, rows: Float32Array): void {
  const d = query.length;
  const distances = new Float32Array(rows.length / d);
  kernels.squaredL2Many(query, rows, distances);
  for (const [row, distance] of distances.entries()) {
    const exact = scalarSquaredL2(query, rows, row * d);
    const allowed = (d / 32 + 19) * UNIT_ROUNDOFF * exact + d * SMALLEST_SUBNORMAL;
    expectClose(distance, exact, allowed, `d = ${d}, row ${row}`);
  }
}

function checkCosines(kernels: Kernels, query: Float32Array, rows: Float32Array): void {
  const d = query.length;
  const scores = new Float32Array(rows.length / d);
  kernels.cosineMany(query, rows, scores);
  for (const [row, score] of scores.entries()) {
    expectClose(score, scalarCosine(query, rows, row * d), (d / 8 + 64) * UNIT_ROUNDOFF, `d = ${d}, row ${row}`);
  }
}
