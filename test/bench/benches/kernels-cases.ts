/** What the kernels bench times, the same in Node and in workerd: resident rows, and plain loops over the same numbers. */

import { loadKernels, type RowFormat, type RowMetric, type Rows } from "@nexus/kernels";
import { seeded } from "../../support/random.ts";

export const BUILDS = ["relaxed", "strict"] as const;
export type Build = (typeof BUILDS)[number];

/** A kernel and the loop that it is compared with. */
export interface Kind {
  readonly name: string;
  readonly format: RowFormat;
  readonly metric: RowMetric;
  readonly rival: Loop;
  /** About how many ns a vector of 384 dimensions takes: for choosing iterations. */
  readonly nanoseconds: number;
}

/** Plain loops that kernels are compared with. */
export const LOOPS = ["dot", "squared L2"] as const;

type Loop = (typeof LOOPS)[number];

export const KINDS: readonly Kind[] = [
  { name: "f32 dot", format: "f32", metric: "dot", rival: "dot", nanoseconds: 40 },
  { name: "f32 cosine", format: "f32", metric: "cosine", rival: "dot", nanoseconds: 40 },
  { name: "f32 squared L2", format: "f32", metric: "squaredL2", rival: "squared L2", nanoseconds: 40 },
  { name: "f16 dot", format: "f16", metric: "dot", rival: "dot", nanoseconds: 60 },
  { name: "u7 dot", format: "u7", metric: "dot", rival: "dot", nanoseconds: 15 },
  { name: "Hamming", format: "bit", metric: "hamming", rival: "dot", nanoseconds: 2 },
];

/** About how many ns a plain loop takes for a vector of 384 dimensions. */
export const LOOP_NANOSECONDS = 420;

export interface Numbers {
  readonly dimension: number;
  readonly count: number;
  readonly query: Float32Array;
  /** Of norm 1, so that dots are cosines. */
  readonly rows: Float32Array;
}

export function numbersOf(dimension: number, count: number): Numbers {
  const random = seeded(dimension);
  const query = unit(Float32Array.from({ length: dimension }, () => random() - 0.5));
  const rows = Float32Array.from({ length: count * dimension }, () => random() - 0.5);
  for (let i = 0; i < count; i++) unit(rows.subarray(i * dimension, (i + 1) * dimension));
  return { dimension, count, query, rows };
}

/** One call scores all rows. */
export function passOf(kind: Kind, build: Build, { dimension, count, query, rows }: Numbers): () => number {
  const resident: Rows = loadKernels(build).createRows({ dimension, format: kind.format, metric: kind.metric });
  for (let i = 0; i < count; i++) resident.append(rows.subarray(i * dimension, (i + 1) * dimension));
  const scores = new Float32Array(count);
  return () => {
    resident.score(query, scores);
    return scores[count - 1]!;
  };
}

/** The same scores by a loop that anyone would write. */
export function loopOf(rival: Loop, { dimension, count, query, rows }: Numbers): () => number {
  const scores = new Float32Array(count);
  const score = rival === "dot" ? dot : squaredL2;
  return () => {
    for (let row = 0; row < count; row++) scores[row] = score(query, rows, row * dimension);
    return scores[count - 1]!;
  };
}

function dot(query: Float32Array, rows: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += query[i]! * rows[offset + i]!;
  return sum;
}

function squaredL2(query: Float32Array, rows: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) {
    const difference = query[i]! - rows[offset + i]!;
    sum += difference * difference;
  }
  return sum;
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector, 0));
  for (let i = 0; i < vector.length; i++) vector[i]! /= norm;
  return vector;
}
