/** The loss that draws the two texts of a pair together and all others of the batch apart, for each prefix. */

import type { Matrices } from "@nexus/kernels";

import { LEAST_NORM, normOf } from "../../src/fusemoe/prefix.ts";

export interface ContrastiveOptions {
  readonly prefixes: readonly number[];
  /** What cosines are divided by. */
  readonly temperature: number;
  /** Whether row i and row j say the same, so that they are no negatives of each other. */
  readonly same?: ((i: number, j: number) => boolean) | undefined;
  readonly teacher?: Teacher | undefined;
}

/** What else pairs are to agree with than being pairs. */
interface Teacher {
  /** Of all a with all b, [pairs · pairs]. */
  readonly cosines: Float32Array;
  /** How much of the target is the teacher's; the rest is the pair itself. */
  readonly share: number;
}

export interface Sides {
  /** [pairs · O] each, of any length but 0. */
  readonly a: Float32Array;
  readonly b: Float32Array;
}

export interface ContrastiveLoss {
  readonly loss: number;
  /** Of the loss by the sides' numbers. */
  readonly slopes: Sides;
}

/**
 * Mean over prefixes, directions and pairs of −log softmax of the pair's own cosine; with a teacher, of the cross
 * entropy with a mixture of the pair and the softmax of the teacher's cosines.
 *
 * source  InfoNCE (van den Oord et al. 2018) both ways, over prefixes (Kusupati et al. 2022, Matryoshka)
 */
export function contrastiveLoss(
  matrices: Matrices,
  sides: Sides,
  { prefixes, temperature, same = () => false, teacher }: ContrastiveOptions,
): ContrastiveLoss {
  const output = prefixes.at(-1)!;
  const pairs = sides.a.length / output;
  const slopes = { a: new Float32Array(sides.a.length), b: new Float32Array(sides.b.length) };
  const targets = targetsOf(pairs, { temperature, same, teacher });
  let loss = 0;
  for (const prefix of prefixes) {
    const [a, b] = [unitRows(sides.a, output, prefix), unitRows(sides.b, output, prefix)];
    const made = [
      matrices.create(pairs, prefix, a.units),
      matrices.create(pairs, prefix, b.units),
      matrices.create(pairs, pairs),
      matrices.create(pairs, prefix),
      matrices.create(pairs, prefix),
    ] as const;
    const [left, right, scores, leftSlopes, rightSlopes] = made;
    matrices.multiply("abt", left, right, scores);
    loss += slopesOfScores(scores.values(), targets, temperature) / prefixes.length;
    matrices.multiply("ab", scores, right, leftSlopes);
    matrices.multiply("atb", scores, left, rightSlopes);
    const share = 1 / prefixes.length;
    addThroughNorm(slopes.a, leftSlopes.values(), a, { output, prefix, share });
    addThroughNorm(slopes.b, rightSlopes.values(), b, { output, prefix, share });
    for (const matrix of made) matrix.release();
  }
  return { loss, slopes };
}

interface UnitRows {
  readonly units: Float32Array;
  readonly norms: Float64Array;
}

function unitRows(values: Float32Array, output: number, prefix: number): UnitRows {
  const rows = values.length / output;
  const units = new Float32Array(rows * prefix);
  const norms = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * output, r * output + prefix);
    const norm = Math.max(normOf(row), LEAST_NORM);
    norms[r] = norm;
    for (let i = 0; i < prefix; i++) units[r * prefix + i] = row[i]! / norm;
  }
  return { units, norms };
}

/** What each row's and each column's softmax is to be; negative where a pair is left out. */
interface Targets {
  readonly rows: Float32Array;
  readonly columns: Float32Array;
}

const LEFT_OUT = -1;

type TargetOptions = Required<Pick<ContrastiveOptions, "temperature" | "same" | "teacher">>;

function targetsOf(pairs: number, { temperature, same = () => false, teacher }: TargetOptions): Targets {
  const rows = new Float32Array(pairs * pairs);
  const share = teacher?.share ?? 0;
  const scores = teacher?.cosines.map((cosine) => cosine / temperature) ?? rows.slice();
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++) {
      if (i !== j && same(i, j)) scores[i * pairs + j] = -Infinity;
    }
  }
  const columns = rows.slice();
  const logs = logsOf(scores, pairs, 1 / temperature);
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++) {
      const at = i * pairs + j;
      const score = scores[at]!;
      const own = i === j ? 1 - share : 0;
      rows[at] = score === -Infinity ? LEFT_OUT : own + share * Math.exp(score - logs.rows[i]!);
      columns[at] = score === -Infinity ? LEFT_OUT : own + share * Math.exp(score - logs.columns[j]!);
    }
  }
  return { rows, columns };
}

/** Log of the sum of exponentials over each row and each column; `most` is no less than any score. */
function logsOf(scores: Float32Array, pairs: number, most: number): { rows: Float64Array; columns: Float64Array } {
  const rows = new Float64Array(pairs);
  const columns = new Float64Array(pairs);
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++) {
      const share = Math.exp(scores[i * pairs + j]! - most);
      rows[i]! += share;
      columns[j]! += share;
    }
  }
  const log = (sum: number): number => Math.log(sum) + most;
  return { rows: rows.map(log), columns: columns.map(log) };
}

/** Cosines [pairs × pairs] become the slopes of the loss by them. returns  the loss */
function slopesOfScores(scores: Float32Array, { rows, columns }: Targets, temperature: number): number {
  const pairs = Math.sqrt(scores.length);
  for (let at = 0; at < scores.length; at++) {
    scores[at] = rows[at] === LEFT_OUT ? -Infinity : scores[at]! / temperature;
  }
  const logs = logsOf(scores, pairs, 1 / temperature);
  const scale = 1 / (2 * pairs * temperature);
  let loss = 0;
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++) {
      const at = i * pairs + j;
      const score = scores[at]!;
      if (score === -Infinity) {
        scores[at] = 0;
        continue;
      }
      const [row, column] = [score - logs.rows[i]!, score - logs.columns[j]!];
      loss -= rows[at]! * row + columns[at]! * column;
      scores[at] = scale * (Math.exp(row) + Math.exp(column) - rows[at]! - columns[at]!);
    }
  }
  return loss / (2 * pairs);
}

/** Adds the slopes by the numbers, given those by the unit vectors: what points along the vector does not change it. */
function addThroughNorm(
  to: Float32Array,
  slopes: Float32Array,
  { units, norms }: UnitRows,
  { output, prefix, share }: { readonly output: number; readonly prefix: number; readonly share: number },
): void {
  for (let r = 0; r < norms.length; r++) {
    let along = 0;
    for (let i = r * prefix; i < (r + 1) * prefix; i++) along += units[i]! * slopes[i]!;
    const scale = share / norms[r]!;
    for (let i = 0; i < prefix; i++) {
      const at = r * prefix + i;
      to[r * output + i]! += scale * (slopes[at]! - along * units[at]!);
    }
  }
}
