/** What a batch of pairs is judged by: closeness to the teacher, and telling a text's partner from the others in the batch. */

import type { Matrices, Matrix } from "@nexus/kernels";

export interface LossOptions {
  readonly dimension: number;
  /** First numbers that must do alone, ascending; the last is `dimension`. */
  readonly prefixes: readonly number[];
  /** Pairs of a batch. */
  readonly pairs: number;
  readonly temperature: number;
  readonly contrast: number;
  readonly teacher: number;
}

export interface BatchTargets {
  /** The teacher's vectors, [2 · pairs · dimension], and 1 for texts that have one. */
  readonly vectors: Float32Array;
  readonly known: Uint8Array;
  /** What a and b of a pair are: texts with the same number are the same; [pairs] each. */
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

export interface Losses {
  /**
   * Gradients of the mean loss with respect to the sums; texts 0…pairs − 1 are a, the others b.
   *
   * returns  the two losses, means over pairs and texts
   * cost     3 · pairs² · 448 multiply-adds at prefixes 64, 128, 256
   */
  apply(sums: Matrix, targets: BatchTargets, gradients: Matrix): { contrast: number; teacher: number };
}

export function createLosses(matrices: Matrices, options: LossOptions): Losses {
  const { dimension, prefixes, pairs, temperature } = options;
  const units = matrices.create(2 * pairs, dimension);
  const unitGradients = matrices.create(2 * pairs, dimension);
  const logits = matrices.create(pairs, pairs);
  const lengths = new Float32Array(2 * pairs);

  function contrast(prefix: number, { a, b }: BatchTargets): number {
    const columns = { columns: prefix };
    const [left, right] = [units.part({ rows: pairs, ...columns }), units.part({ row: pairs, ...columns })];
    matrices.multiply("abt", left, right, logits);
    const loss = softmaxBothWays(logits, a, b, temperature);
    matrices.multiply("ab", logits, right, unitGradients.part({ rows: pairs, ...columns }));
    matrices.multiply("atb", logits, left, unitGradients.part({ row: pairs, ...columns }));
    return loss;
  }

  return {
    apply(summed, targets, into) {
      const [sums, gradients] = [summed.values(), into.values()];
      gradients.fill(0);
      const total = { contrast: 0, teacher: 0 };
      const share = 1 / prefixes.length;
      for (const prefix of prefixes) {
        toUnits(sums, dimension, prefix, units.values(), lengths);
        if (options.contrast > 0) {
          total.contrast += share * contrast(prefix, targets);
          scale(unitGradients.values(), dimension, prefix, (options.contrast * share) / pairs);
        } else unitGradients.values().fill(0);
        total.teacher +=
          share *
          approach(units.values(), unitGradients.values(), targets, {
            dimension,
            prefix,
            weight: options.teacher * share,
          });
        throughUnits(units, unitGradients, lengths, prefix, gradients);
      }
      return total;
    },
  };
}

/** Unit vectors of the first numbers; a sum of length 0 stays 0. */
function toUnits(
  sums: Float32Array,
  dimension: number,
  prefix: number,
  units: Float32Array,
  lengths: Float32Array,
): void {
  for (let row = 0; row < lengths.length; row++) {
    const at = row * dimension;
    let squares = 0;
    for (let i = 0; i < prefix; i++) squares += sums[at + i]! * sums[at + i]!;
    const length = Math.sqrt(squares);
    lengths[row] = length;
    const scale = length > 0 ? 1 / length : 0;
    for (let i = 0; i < prefix; i++) units[at + i] = scale * sums[at + i]!;
  }
}

/**
 * From cosines to the gradient of the sum over pairs of both cross-entropies' mean, in place.
 *
 * returns  the loss, a mean over pairs
 */
function softmaxBothWays(cosines: Matrix, a: ArrayLike<number>, b: ArrayLike<number>, temperature: number): number {
  const size = cosines.rows;
  const values = cosines.values();
  const rowSums = new Float64Array(size);
  const columnSums = new Float64Array(size);
  let loss = 0;
  for (let i = 0; i < size; i++) loss -= (values[i * size + i]! - 1) / temperature;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      // The same text again is no wrong answer.
      const same = i !== j && (a[i] === a[j] || b[i] === b[j] || a[i] === b[j]);
      // Cosines are at most 1, which keeps the exponent at or below 0.
      const share = same ? 0 : expOf((1 - values[at]!) / temperature);
      values[at] = share;
      rowSums[i]! += share;
      columnSums[j]! += share;
    }
  }
  for (let i = 0; i < size; i++) loss += (Math.log(rowSums[i]!) + Math.log(columnSums[i]!)) / 2;
  for (let i = 0; i < size; i++) {
    const row = 1 / rowSums[i]!;
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      values[at] = ((values[at]! / 2) * (row + 1 / columnSums[j]!) - (i === j ? 1 : 0)) / temperature;
    }
  }
  return loss / size;
}

/** e⁻ˣ for x ≥ 0 from a table, within 2·10⁻⁶ of itself; 0 from 40 on. Five times as fast as Math.exp, which would take a quarter of the training. */
function expOf(x: number): number {
  const at = x > 0 ? x * EXP_STEPS : 0;
  const place = Math.trunc(at);
  if (place >= EXP_TABLE.length - 1) return 0;
  const low = EXP_TABLE[place]!;
  return low + (at - place) * (EXP_TABLE[place + 1]! - low);
}

const EXP_STEPS = 256;
const EXP_TABLE: Float64Array = Float64Array.from({ length: 40 * EXP_STEPS }, (_, i) => Math.exp(-i / EXP_STEPS));

function scale(values: Float32Array, dimension: number, prefix: number, by: number): void {
  for (let at = 0; at < values.length; at += dimension) for (let i = 0; i < prefix; i++) values[at + i]! *= by;
}

/** Adds the gradient of 1 − cosine with the teacher's prefix, a mean over the texts that have one; returns that mean. */
function approach(
  units: Float32Array,
  gradients: Float32Array,
  { vectors, known }: BatchTargets,
  { dimension, prefix, weight }: { dimension: number; prefix: number; weight: number },
): number {
  const count = known.reduce((sum, one) => sum + one, 0);
  if (count === 0 || weight === 0) return 0;
  let loss = 0;
  for (let row = 0; row < known.length; row++) {
    if (known[row] === 0) continue;
    const at = row * dimension;
    let squares = 0;
    let dot = 0;
    for (let i = 0; i < prefix; i++) {
      squares += vectors[at + i]! * vectors[at + i]!;
      dot += vectors[at + i]! * units[at + i]!;
    }
    const length = Math.sqrt(squares) || 1;
    loss += 1 - dot / length;
    const by = weight / count / length;
    for (let i = 0; i < prefix; i++) gradients[at + i]! -= by * vectors[at + i]!;
  }
  return loss / count;
}

/** From gradients of unit vectors to those of the sums, added to `gradients`. */
function throughUnits(
  units: Matrix,
  unitGradients: Matrix,
  lengths: Float32Array,
  prefix: number,
  gradients: Float32Array,
): void {
  const dimension = units.columns;
  const [unit, given] = [units.values(), unitGradients.values()];
  for (let row = 0; row < lengths.length; row++) {
    const length = lengths[row]!;
    if (length === 0) continue;
    const at = row * dimension;
    let along = 0;
    for (let i = 0; i < prefix; i++) along += unit[at + i]! * given[at + i]!;
    for (let i = 0; i < prefix; i++) gradients[at + i]! += (given[at + i]! - along * unit[at + i]!) / length;
  }
}
