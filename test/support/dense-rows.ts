/** Vectors for tests of dense search, and the search by brute force that they are judged by. */

import { seeded } from "./random.ts";

export interface Scored {
  readonly row: number;
  readonly score: number;
}

/** What a search gave: rows and scores, best first. */
export interface Found {
  readonly count: number;
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** Unit vectors spread over the sphere. */
export function unitVectors(count: number, dimension: number, seed: number): Float32Array[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => unit(Float32Array.from({ length: dimension }, () => random() - 0.5)));
}

/** Unit vectors around `clusters` centres, as far from them as `spread` says: what embeddings of topics look like. */
export function clusteredVectors(
  count: number,
  { dimension, clusters, spread, seed }: Record<"dimension" | "clusters" | "spread" | "seed", number>,
): Float32Array[] {
  const random = seeded(seed);
  const centres = unitVectors(clusters, dimension, seed + 1);
  return Array.from({ length: count }, (_, i) =>
    unit(centres[i % clusters]!.map((x) => x + (spread * (random() - 0.5) * 3.5) / Math.sqrt(dimension))),
  );
}

export function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values));
  return length > 0 ? values.map((value) => value / length) : values;
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The best k rows by f64 scores, lower rows first among equals. */
export function bestOf(rows: ReadonlyMap<number, Float32Array>, query: Float32Array, k: number): Scored[] {
  return Array.from(rows, ([row, values]) => ({ row, score: dot(values, query) }))
    .toSorted((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, Math.max(0, k));
}

/** Rows and scores of a search as they are now: its arrays are used again. */
export function taken({ count, rows, scores }: Found): Scored[] {
  return Array.from({ length: count }, (_, i) => ({ row: rows[i]!, score: scores[i]! }));
}

/** The share of the best that was found; a row that scores as the last of the best does counts too. */
export function recallOf(found: readonly Scored[], best: readonly Scored[]): number {
  if (best.length === 0) return 1;
  const least = best.at(-1)!.score - 1e-6;
  return found.filter(({ score }) => score >= least).length / best.length;
}

/** The row of each vector, by its place: for segments that nothing was removed from. */
export function byPlace(vectors: readonly Float32Array[]): Map<number, Float32Array> {
  return new Map(vectors.entries());
}
