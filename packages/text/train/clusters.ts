/** Groups of words that stand in the same places: left and right neighbours, projected and clustered by k-means. */

import { tokenise } from "../src/entities/tokens.ts";
import type { Prose } from "./example.ts";

/** Most frequent words that count as neighbours, and dimensions that they are projected to. */
const NEIGHBOURS = 3_000;
const DIMENSIONS = 64;
const ROUNDS = 25;

/** Each word's cluster, from 1. Words come in order of frequency. */
export function clusterWords(words: readonly string[], pairs: Iterable<Prose>, clusters: number): Map<string, number> {
  const indexOf = new Map(words.map((word, index) => [word, index]));
  const vectors = project(count(indexOf, pairs), words.length);
  const assigned = kMeans(vectors, words.length, clusters);
  return new Map(words.map((word, index) => [word, (assigned[index] ?? 0) + 1]));
}

/** For each word the number of times that each neighbour stands left (even columns) and right (odd) of it. */
function count(indexOf: ReadonlyMap<string, number>, pairs: Iterable<Prose>): Map<number, number>[] {
  const rows = Array.from({ length: indexOf.size }, () => new Map<number, number>());
  const add = (word: number | undefined, column: number, weight: number): void => {
    const row = word === undefined ? undefined : rows[word];
    row?.set(column, (row.get(column) ?? 0) + weight);
  };
  for (const { text, foreign } of pairs) {
    if (foreign) continue;
    const ids = tokenise(text).map(({ lower }) => indexOf.get(lower));
    for (let i = 0; i < ids.length; i++) {
      for (const [step, weight] of [
        [1, 1],
        [2, 0.3],
      ] as const) {
        const next = ids[i + step];
        const here = ids[i];
        if (next !== undefined && next < NEIGHBOURS) add(here, next * 2 + 1 + (step - 1) * 2 * NEIGHBOURS, weight);
        if (here !== undefined && here < NEIGHBOURS) add(next, here * 2 + (step - 1) * 2 * NEIGHBOURS, weight);
      }
    }
  }
  return rows;
}

/** The rows' positive pointwise mutual information, along its main directions (subspace iteration), at unit length. */
function project(rows: readonly Map<number, number>[], size: number): Float32Array {
  const columns = NEIGHBOURS * 4;
  const ofColumn = new Float64Array(columns);
  let all = 0;
  const ofRow = rows.map((row) => {
    let sum = 0;
    for (const [column, value] of row) {
      sum += value;
      ofColumn[column] = (ofColumn[column] ?? 0) + value;
    }
    all += sum;
    return sum;
  });
  const matrix = rows.map((row, index) => {
    const at: number[] = [];
    const values: number[] = [];
    for (const [column, value] of row) {
      const information = Math.log((value * all ** 0.75) / ((ofRow[index] ?? 1) * (ofColumn[column] ?? 1) ** 0.75));
      if (information > 0) {
        at.push(column);
        values.push(information);
      }
    }
    return { at, values };
  });
  let basis = new Float32Array(columns * DIMENSIONS);
  let seed = 12_345;
  for (let i = 0; i < basis.length; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    basis[i] = seed / 0x40000000 - 1;
  }
  let result = new Float32Array(size * DIMENSIONS);
  for (let round = 0; round < 3; round++) {
    result = new Float32Array(size * DIMENSIONS);
    for (const [row, { at, values }] of matrix.entries()) {
      for (let i = 0; i < at.length; i++)
        axpy(values[i] ?? 0, basis, (at[i] ?? 0) * DIMENSIONS, result, row * DIMENSIONS);
    }
    if (round === 2) break;
    orthonormalise(result, size);
    basis = new Float32Array(columns * DIMENSIONS);
    for (const [row, { at, values }] of matrix.entries()) {
      for (let i = 0; i < at.length; i++)
        axpy(values[i] ?? 0, result, row * DIMENSIONS, basis, (at[i] ?? 0) * DIMENSIONS);
    }
    orthonormalise(basis, columns);
  }
  for (let row = 0; row < size; row++) normalise(result, row * DIMENSIONS);
  return result;
}

function axpy(scale: number, from: Float32Array, at: number, into: Float32Array, to: number): void {
  for (let d = 0; d < DIMENSIONS; d++) into[to + d] = (into[to + d] ?? 0) + scale * (from[at + d] ?? 0);
}

function normalise(vectors: Float32Array, at: number): void {
  let sum = 0;
  for (let d = 0; d < DIMENSIONS; d++) sum += (vectors[at + d] ?? 0) ** 2;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let d = 0; d < DIMENSIONS; d++) vectors[at + d] = (vectors[at + d] ?? 0) * scale;
}

/** Gram and Schmidt over the columns. */
function orthonormalise(matrix: Float32Array, rows: number): void {
  for (let a = 0; a < DIMENSIONS; a++) {
    for (let b = 0; b < a; b++) {
      let dot = 0;
      for (let r = 0; r < rows; r++) dot += (matrix[r * DIMENSIONS + a] ?? 0) * (matrix[r * DIMENSIONS + b] ?? 0);
      for (let r = 0; r < rows; r++) {
        matrix[r * DIMENSIONS + a] = (matrix[r * DIMENSIONS + a] ?? 0) - dot * (matrix[r * DIMENSIONS + b] ?? 0);
      }
    }
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += (matrix[r * DIMENSIONS + a] ?? 0) ** 2;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let r = 0; r < rows; r++) matrix[r * DIMENSIONS + a] = (matrix[r * DIMENSIONS + a] ?? 0) * scale;
  }
}

function kMeans(vectors: Float32Array, size: number, clusters: number): Int32Array {
  const assigned = new Int32Array(size);
  let centres = new Float32Array(clusters * DIMENSIONS);
  // Spread over the frequencies, so that the start needs no chance.
  for (let c = 0; c < clusters; c++) {
    const row = Math.floor((c / clusters) ** 1.5 * size);
    centres.set(vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS), c * DIMENSIONS);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float32Array(clusters * DIMENSIONS);
    for (let row = 0; row < size; row++) {
      const best = nearest(vectors, row, centres, clusters);
      assigned[row] = best;
      axpy(1, vectors, row * DIMENSIONS, sums, best * DIMENSIONS);
    }
    for (let c = 0; c < clusters; c++) normalise(sums, c * DIMENSIONS);
    centres = sums;
  }
  return assigned;
}

function nearest(vectors: Float32Array, row: number, centres: Float32Array, clusters: number): number {
  let best = 0;
  let most = -Infinity;
  for (let c = 0; c < clusters; c++) {
    let dot = 0;
    for (let d = 0; d < DIMENSIONS; d++)
      dot += (vectors[row * DIMENSIONS + d] ?? 0) * (centres[c * DIMENSIONS + d] ?? 0);
    if (dot > most) {
      most = dot;
      best = c;
    }
  }
  return best;
}
