/** The kernels in plain JavaScript: the oracle that the wasm builds are judged by, and what runs where no wasm was built. Scalar on purpose. */

import { checkBatch, checkPairs, checkVector, checkWidth } from "./check.ts";
import { bitsWidth, codesWidth, type Kernels } from "./kernels.ts";
import { scalarCodesDot, scalarHamming, scalarPackSigns, scalarQuantise } from "./scalar-codes.ts";
import { scalarRotate } from "./scalar-rotate.ts";
import { createScalarRows } from "./scalar-rows.ts";
import { scalarCosine, scalarDot, scalarNorm, scalarNormalise, scalarSquaredL2 } from "./scalar-vectors.ts";

export { scalarDot } from "./scalar-vectors.ts";

/** `Kernels.dotMany` by `scalarDot`: each score is the f64 sum rounded to f32 once. */
export function scalarDotMany(query: Float32Array, rows: Float32Array, scores: Float32Array): void {
  checkBatch(query.length, rows.length, scores.length);
  for (let row = 0; row < scores.length; row++) scores[row] = scalarDot(query, rows, row * query.length);
}

const NO_MEMORY = { usedBytes: 0, freeBytes: 0, reservedBytes: 0, allocations: 0, reuses: 0 };

export const scalarKernels: Kernels = {
  build: "scalar",
  dotMany: scalarDotMany,

  cosineMany(query, rows, scores) {
    checkBatch(query.length, rows.length, scores.length);
    for (let row = 0; row < scores.length; row++) scores[row] = scalarCosine(query, rows, row * query.length);
  },

  squaredL2Many(query, rows, distances) {
    checkBatch(query.length, rows.length, distances.length);
    for (let row = 0; row < distances.length; row++) distances[row] = scalarSquaredL2(query, rows, row * query.length);
  },

  dotBatch(queries, rows, scores, dimension) {
    checkPairs(queries.length, rows.length, scores.length, dimension);
    const count = rows.length / dimension;
    for (let q = 0; q * dimension < queries.length; q++) {
      const query = queries.subarray(q * dimension, (q + 1) * dimension);
      scalarDotMany(query, rows, scores.subarray(q * count, (q + 1) * count));
    }
  },

  norm(vector) {
    checkVector(vector.length, vector.length);
    return scalarNorm(vector);
  },

  normalise(vector) {
    checkVector(vector.length, vector.length);
    return scalarNormalise(vector);
  },

  rotate(vector) {
    checkVector(vector.length, vector.length);
    scalarRotate(vector);
  },

  quantise(vector, codes) {
    checkWidth(codes.length, codesWidth(vector.length));
    return scalarQuantise(vector, codes);
  },

  dotCodesMany(query, rows, dots) {
    checkWidth(query.length, 16);
    checkBatch(query.length, rows.length, dots.length);
    for (let row = 0; row < dots.length; row++) dots[row] = scalarCodesDot(query, rows, row * query.length);
  },

  packSigns(vector, bits) {
    checkWidth(bits.length, bitsWidth(vector.length));
    scalarPackSigns(vector, bits);
  },

  hammingMany(query, rows, distances) {
    checkWidth(query.length, 16);
    checkBatch(query.length, rows.length, distances.length);
    for (let row = 0; row < distances.length; row++) distances[row] = scalarHamming(query, rows, row * query.length);
  },

  createRows: createScalarRows,
  memory: () => NO_MEMORY,
};
