/** The weights that are trained: a row for each word, part or shared place, and their optimiser. */

import type { Bag, Matrices, Matrix } from "@nexus/kernels";
import type { Encoded } from "./encoded.ts";
import { seeded } from "./seeded.ts";

export interface Student {
  readonly rows: number;
  readonly dimension: number;
  /** [rows × dimension]. */
  readonly weights: Matrix;
  /** Running means of gradients and of their squares (Adam), [rows × dimension] each. */
  readonly means: Matrix;
  readonly squares: Matrix;
  /** How often a row was stepped. */
  readonly steps: Uint32Array;
}

export interface StudentOptions {
  readonly dimension: number;
  readonly seed: number;
  /** Length of each row at the start: [rows]. */
  readonly lengths: Float32Array;
}

/** Rows of random directions: before training, texts are alike as far as they share words. */
export function createStudent(matrices: Matrices, { dimension, seed, lengths }: StudentOptions): Student {
  const rows = lengths.length;
  const random = seeded(seed);
  const weights = new Float32Array(rows * dimension);
  for (let i = 0; i < weights.length; i++) {
    const length = lengths[Math.floor(i / dimension)] as number;
    weights[i] = (length / Math.sqrt(dimension)) * normal(random);
  }
  return {
    rows,
    dimension,
    weights: matrices.create(rows, dimension, weights),
    means: matrices.create(rows, dimension),
    squares: matrices.create(rows, dimension),
    steps: new Uint32Array(rows),
  };
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The rows of a batch of texts, in arrays that are used again for the next. */
export interface GrowingBag extends Bag {
  rows: Uint32Array;
  weights: Float32Array;
}

export function createBag(texts: number): GrowingBag {
  return { starts: new Uint32Array(texts + 1), rows: new Uint32Array(1 << 17), weights: new Float32Array(1 << 17) };
}

/**
 * Fills the bag with texts of the corpus, known words now and then replaced by what stands for unknown ones.
 *
 * shapes   texts: places in `encoded`; as many as the bag was made for
 */
export function fillBag(
  bag: GrowingBag,
  texts: ArrayLike<number>,
  encoded: Encoded,
  { unknown, share, random }: { unknown: Encoded; share: number; random: () => number },
): void {
  const known = unknown.starts.length - 1;
  let end = 0;
  const take = (from: Encoded, at: number): void => {
    if (end === bag.rows.length) grow(bag);
    bag.rows[end] = from.rows[at] as number;
    bag.weights[end++] = from.weights[at] as number;
  };
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] as number;
    for (let at = encoded.starts[text] as number; at < (encoded.starts[text + 1] as number); at++) {
      const row = encoded.rows[at] as number;
      if (row >= known || share === 0 || random() >= share) take(encoded, at);
      else for (let j = unknown.starts[row] as number; j < (unknown.starts[row + 1] as number); j++) take(unknown, j);
    }
    bag.starts[i + 1] = end;
  }
}

function grow(bag: GrowingBag): void {
  const { rows, weights } = bag;
  bag.rows = new Uint32Array(2 * rows.length);
  bag.rows.set(rows);
  bag.weights = new Float32Array(2 * weights.length);
  bag.weights.set(weights);
}

/** Steps rows against gradients; those that do not occur are left alone (lazy Adam). */
export interface Optimiser {
  /** shapes  sums: gradients of the sums of the bag's texts, [texts × dimension] */
  step(bag: Bag, sums: Matrix, rate: number): void;
}

export function createOptimiser(matrices: Matrices, student: Student): Optimiser {
  const { rows, dimension, steps } = student;
  const gathered = matrices.create(rows, dimension);
  const placeOf = new Int32Array(rows).fill(-1);
  const touched = new Uint32Array(rows);
  return {
    step(bag, sums, rate) {
      const end = bag.starts.at(-1) ?? 0;
      const places = new Uint32Array(end);
      let count = 0;
      for (let at = 0; at < end; at++) {
        const row = bag.rows[at] as number;
        if (placeOf[row] === -1) {
          placeOf[row] = count;
          touched[count++] = row;
        }
        places[at] = placeOf[row] as number;
      }
      gathered.values().fill(0, 0, count * dimension);
      matrices.spreadRows(gathered, { ...bag, rows: places }, sums);
      for (let place = 0; place < count; place++) {
        const row = touched[place] as number;
        placeOf[row] = -1;
        const step = (steps[row] = (steps[row] as number) + 1);
        matrices.stepRow(student, row, gathered, place, { rate, step });
      }
    },
  };
}
