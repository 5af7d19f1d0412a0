/** What a vector index of another library looks like to the index bench. */

import { hnswlibNode } from "./hnswlib-node.ts";
import { hnswlibWasm } from "./hnswlib-wasm.ts";
import { ruvector } from "./ruvector.ts";
import { usearch, usearchHalf } from "./usearch.ts";

export interface Rows {
  /** Rows of `dimension`, unit length. */
  readonly vectors: Float32Array;
  readonly dimension: number;
}

export interface GraphOptions {
  readonly m: number;
  readonly efConstruction: number;
}

/** One thread for all that it does. */
export interface RivalIndex<Query = unknown> {
  /** A query in the form that the library takes, made outside of what is timed. */
  prepare(query: Float32Array): Query;
  setEf(ef: number): void;
  /** Ids are row numbers; best first where the library says so. */
  search(query: Query, k: number): ArrayLike<number | bigint> | Promise<ArrayLike<number | bigint>>;
  close(): void;
}

export interface Rival {
  readonly name: string;
  /** Compiled for the machine: what ours is measured against. */
  readonly native: boolean;
  /** Keeps less of a vector than f32. */
  readonly narrow?: boolean;
  /** To build 100,000 × 384 of clustered vectors, about: for the estimate. */
  readonly seconds: number;
  /** The only settings that it has, where it does not obey one for each query. */
  readonly efs?: readonly number[];
  /** Undefined where the library is not there. */
  build(rows: Rows, options: GraphOptions): Promise<RivalIndex | undefined>;
}

export const rivals: readonly Rival[] = [usearch, usearchHalf, hnswlibNode, ruvector, hnswlibWasm];

/** Row `i` without a copy. */
export function rowOf({ vectors, dimension }: Rows, i: number): Float32Array {
  return vectors.subarray(i * dimension, (i + 1) * dimension);
}
