/** Vectors of a known shape from a seeded generator: a Gaussian mixture and the uniform distribution, both on the unit sphere. */

import { seeded } from "../../support/random.ts";
import type { Vectors } from "./cache.ts";

export interface Generated {
  readonly rows: Vectors;
  /** Of the same distribution, none of them a row. */
  readonly queries: Vectors;
}

export interface Sizes {
  readonly count: number;
  /** How many queries. */
  readonly questions: number;
  readonly dimension: number;
}

/** Clusters for each √n rows, and the length of a point's own part beside its centre's 1: two points of one cluster have a cosine of about 0.74. */
const CLUSTERS = 4;
const SPREAD = 0.6;

/** 4·√n clusters of about √n ÷ 4 rows; a query comes from one of them. */
export function clustered({ count, questions, dimension }: Sizes): Generated {
  const normal = gaussian(1_000 + dimension);
  const pick = seeded(count);
  const clusters = Math.max(1, Math.round(CLUSTERS * Math.sqrt(count)));
  const centres = filled(clusters * dimension, normal);
  for (let i = 0; i < clusters; i++) scale(centres.subarray(i * dimension, (i + 1) * dimension), 1);
  const draw = (size: number): Vectors => {
    const vectors = filled(size * dimension, normal);
    for (let row = 0; row < size; row++) {
      const own = vectors.subarray(row * dimension, (row + 1) * dimension);
      const from = Math.floor(pick() * clusters) * dimension;
      scale(own, SPREAD);
      for (let i = 0; i < dimension; i++) own[i]! += centres[from + i]!;
      scale(own, 1);
    }
    return { vectors, dimension };
  };
  return { rows: draw(count), queries: draw(questions) };
}

/** No structure at all: the worst case of every approximate index. */
export function uniform({ count, questions, dimension }: Sizes): Generated {
  const normal = gaussian(2_000 + dimension);
  const draw = (size: number): Vectors => {
    const vectors = filled(size * dimension, normal);
    for (let row = 0; row < size; row++) scale(vectors.subarray(row * dimension, (row + 1) * dimension), 1);
    return { vectors, dimension };
  };
  return { rows: draw(count), queries: draw(questions) };
}

function filled(length: number, next: () => number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = next();
  return values;
}

/** Makes it so long. */
function scale(vector: Float32Array, length: number): void {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! ** 2;
  const factor = length / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
}

/** Box–Muller; both of its values are used. */
function gaussian(seed: number): () => number {
  const random = seeded(seed);
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
