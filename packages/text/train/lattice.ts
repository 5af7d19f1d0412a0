/** Forward and backward sums over all paths of a chain, in logs: what the trainer's gradient needs. */

import { follows, LABELS } from "../src/entities/chain.ts";

interface Lattice {
  /** Log weights of all paths that end in (forward), or follow (backward), a token's label: [length × LABELS]. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** Log weight of all paths. */
  readonly total: number;
}

/** `scores` is [length × LABELS], `moves` [LABELS × LABELS] from row to column. */
export function latticeOf(scores: Float64Array, moves: Float64Array): Lattice {
  const length = scores.length / LABELS;
  const forward = new Float64Array(scores.length).fill(-Infinity);
  const backward = new Float64Array(scores.length);
  const work = new Float64Array(LABELS);
  for (let label = 0; label < LABELS; label++) {
    if (follows(label, 0)) forward[label] = (scores[label] ?? 0) + (moves[label] ?? 0);
  }
  for (let i = 1; i < length; i++) {
    for (let label = 0; label < LABELS; label++) {
      for (let previous = 0; previous < LABELS; previous++) {
        work[previous] = follows(label, previous)
          ? (forward[(i - 1) * LABELS + previous] ?? 0) + (moves[previous * LABELS + label] ?? 0)
          : -Infinity;
      }
      forward[i * LABELS + label] = logSum(work, 0, LABELS) + (scores[i * LABELS + label] ?? 0);
    }
  }
  for (let i = length - 2; i >= 0; i--) {
    for (let label = 0; label < LABELS; label++) {
      for (let next = 0; next < LABELS; next++) {
        const at = (i + 1) * LABELS + next;
        work[next] = follows(next, label)
          ? (backward[at] ?? 0) + (scores[at] ?? 0) + (moves[label * LABELS + next] ?? 0)
          : -Infinity;
      }
      backward[i * LABELS + label] = logSum(work, 0, LABELS);
    }
  }
  return { forward, backward, total: logSum(forward, (length - 1) * LABELS, LABELS) };
}

/** log Σ exp. */
function logSum(values: Float64Array, from: number, count: number): number {
  let most = -Infinity;
  for (let i = from; i < from + count; i++) most = Math.max(most, values[i] ?? -Infinity);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += Math.exp((values[i] ?? 0) - most);
  return most + Math.log(sum);
}
