/** What is refused before anything of a write or a search takes place. */

import { NexusError, type SparseVector, type VectorPoint, type VectorQuery } from "@nexus/core";

/** Dimensions by named vector: those in the index, or those that writes under way will bring. */
export interface Dimensions {
  get(name: string): number | undefined;
}

/**
 * Checks points against the dimensions that named vectors have by now.
 *
 * returns  the dimension of each vector that the points name
 * throws   `vector.dimension_mismatch`, `vector.not_finite`, `internal.unexpected` for term ids out of order
 */
export function checkPoints(points: readonly VectorPoint[], known: Dimensions): Map<string, number> {
  const named = new Map<string, number>();
  for (const { vectors, sparse } of points) {
    for (const [name, values] of Object.entries(vectors)) {
      const expected = known.get(name) ?? named.get(name) ?? values.length;
      checkDimension(name, values, expected);
      checkFinite(values, name);
      named.set(name, expected);
    }
    checkSparse(sparse);
  }
  return named;
}

/** throws  as `checkPoints` does */
export function checkQuery({ by }: VectorQuery, known: Dimensions): void {
  if ("sparse" in by) return checkSparse(by.sparse);
  const { name, values } = by.dense;
  checkDimension(name, values, known.get(name) ?? values.length);
  checkFinite(values, name);
}

function checkDimension(name: string, values: Float32Array, expected: number): void {
  if (values.length === expected && expected > 0) return;
  throw new NexusError(
    "vector.dimension_mismatch",
    `[nexus/index] vector has ${values.length} dimensions, "${name}" has ${expected || "at least one"}; embed with the model that filled the index, or rebuild it`,
  );
}

function checkSparse({ ids, weights }: SparseVector): void {
  if (ids.length !== weights.length) {
    throw new NexusError(
      "vector.dimension_mismatch",
      `[nexus/index] sparse vector has ${ids.length} ids and ${weights.length} weights; it needs a weight for each id`,
    );
  }
  for (let i = 1; i < ids.length; i++) {
    if (ids[i - 1]! < ids[i]!) continue;
    throw new NexusError(
      "internal.unexpected",
      `[nexus/index] term ids of a sparse vector must ascend and be distinct; id ${i} of ${ids.length} does not`,
    );
  }
  checkFinite(weights, "sparse");
}

function checkFinite(values: Float32Array, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new NexusError(
      "vector.not_finite",
      `[nexus/index] number ${i} of a "${name}" vector is not finite; every number must be`,
    );
  }
}
