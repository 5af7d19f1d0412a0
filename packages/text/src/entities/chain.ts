/** A linear chain over the tokens of a text: the best labels, and how probable a mention is. */

/** Types that the tagger knows; label 0 is outside, then for each type one that begins a mention and one that goes on. */
export const TAGGED = ["person", "organization", "location", "concept"] as const;

export const LABELS: number = 1 + 2 * TAGGED.length;

interface Tagged {
  /** Tokens, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Index in `TAGGED`. */
  readonly type: number;
  readonly probability: number;
}

/** Whether a label may follow another: a mention goes on only after a label of its own type. */
export function follows(label: number, previous: number): boolean {
  if (label === 0 || label % 2 === 1) return true;
  return previous === label || previous === label - 1;
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

interface Lattice {
  readonly length: number;
  /** Log weights of all paths that end in (forward), or follow (backward), a token's label: [length × LABELS]. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** Log weight of all paths. */
  readonly total: number;
}

/** Forward and backward sums; `scores` is [length × LABELS], `moves` [LABELS × LABELS] from row to column. */
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
  return { length, forward, backward, total: logSum(forward, (length - 1) * LABELS, LABELS) };
}

/** Mentions on the best path, each with the share of all paths that have exactly this mention. */
export function decode(scores: Float64Array, moves: Float64Array): Tagged[] {
  const length = scores.length / LABELS;
  if (length === 0) return [];
  const best = new Float64Array(scores.length).fill(-Infinity);
  const from = new Uint8Array(scores.length);
  for (let label = 0; label < LABELS; label++) {
    if (follows(label, 0)) best[label] = (scores[label] ?? 0) + (moves[label] ?? 0);
  }
  for (let i = 1; i < length; i++) {
    for (let label = 0; label < LABELS; label++) {
      let most = -Infinity;
      for (let previous = 0; previous < LABELS; previous++) {
        if (!follows(label, previous)) continue;
        const value = (best[(i - 1) * LABELS + previous] ?? 0) + (moves[previous * LABELS + label] ?? 0);
        if (value > most) {
          most = value;
          from[i * LABELS + label] = previous;
        }
      }
      best[i * LABELS + label] = most + (scores[i * LABELS + label] ?? 0);
    }
  }
  const labels = new Uint8Array(length);
  let last = 0;
  for (let label = 1; label < LABELS; label++) {
    if ((best[(length - 1) * LABELS + label] ?? 0) > (best[(length - 1) * LABELS + last] ?? 0)) last = label;
  }
  for (let i = length - 1; i >= 0; i--) {
    labels[i] = last;
    last = from[i * LABELS + last] ?? 0;
  }
  return mentionsOf(labels, scores, moves);
}

function mentionsOf(labels: Uint8Array, scores: Float64Array, moves: Float64Array): Tagged[] {
  if (labels.every((label) => label === 0)) return [];
  const lattice = latticeOf(scores, moves);
  const found: Tagged[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? 0;
    if (label === 0) continue;
    let end = i + 1;
    while (labels[end] === ((label + 1) & ~1) && end < labels.length) end++;
    const type = (label - 1) >> 1;
    found.push({ start: i, end, type, probability: probability(i, end, type, scores, moves, lattice) });
    i = end - 1;
  }
  return found;
}

function probability(
  start: number,
  end: number,
  type: number,
  scores: Float64Array,
  moves: Float64Array,
  { length, forward, backward, total }: Lattice,
): number {
  const begins = 1 + 2 * type;
  const goes = begins + 1;
  let log = forward[start * LABELS + begins] ?? 0;
  for (let i = start + 1; i < end; i++) {
    log += (moves[(i === start + 1 ? begins : goes) * LABELS + goes] ?? 0) + (scores[i * LABELS + goes] ?? 0);
  }
  if (end === length) return Math.exp(log - total);
  const last = end - start === 1 ? begins : goes;
  const after = new Float64Array(LABELS).fill(-Infinity);
  for (let next = 0; next < LABELS; next++) {
    if (next === goes || !follows(next, last)) continue;
    const at = end * LABELS + next;
    after[next] = (moves[last * LABELS + next] ?? 0) + (scores[at] ?? 0) + (backward[at] ?? 0);
  }
  return Math.exp(log + logSum(after, 0, LABELS) - total);
}
