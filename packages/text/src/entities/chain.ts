/** A linear chain over the tokens of a text: the best labels, and how probable a mention is. */

/** Types that the tagger knows; label 0 is outside, then for each type one that begins a mention and one that goes on. */
export const TAGGED = ["person", "organization", "location", "concept"] as const;

export const LABELS: number = 1 + 2 * TAGGED.length;

/** How labels follow each other: [LABELS × LABELS], from row to column. */
export interface Moves {
  /** Log weights, −Infinity where a label may not follow. */
  readonly logs: Float64Array;
  /** exp of them. */
  readonly odds: Float64Array;
}

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

/** Trained log weights as moves. */
export function movesOf(weights: readonly number[]): Moves {
  const logs = Float64Array.from(weights, (weight, i) =>
    follows(i % LABELS, Math.floor(i / LABELS)) ? weight : -Infinity,
  );
  return { logs, odds: logs.map(Math.exp) };
}

/**
 * Mentions on the best path, each with the share of all paths that have exactly this mention.
 *
 * shapes   scores: [tokens × LABELS] log weights
 * cost     about 0.1 µs a token, three times that where something is found
 * source   Viterbi 1967; Rabiner 1989 for the sums, scaled at each token
 */
export function decode(scores: Float64Array, moves: Moves): Tagged[] {
  const labels = bestLabels(scores, moves.logs);
  if (labels.every((label) => label === 0)) return [];
  const sums = sumsOf(scores, moves.odds);
  const found: Tagged[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? 0;
    if (label === 0) continue;
    let end = i + 1;
    while (labels[end] === ((label + 1) & ~1) && end < labels.length) end++;
    const type = (label - 1) >> 1;
    found.push({ start: i, end, type, probability: probability(i, end, type, moves.odds, sums) });
    i = end - 1;
  }
  return found;
}

function bestLabels(scores: Float64Array, logs: Float64Array): Uint8Array {
  const labels = new Uint8Array(scores.length / LABELS);
  if (labels.length === 0) return labels;
  const best = new Float64Array(scores.length);
  const from = new Uint8Array(scores.length);
  for (let label = 0; label < LABELS; label++) best[label] = (scores[label] as number) + (logs[label] as number);
  for (let row = LABELS; row < scores.length; row += LABELS) {
    for (let label = 0; label < LABELS; label++) {
      const goesOn = label > 0 && label % 2 === 0;
      const last = goesOn ? label : LABELS - 1;
      let most = -Infinity;
      let source = 0;
      for (let previous = goesOn ? label - 1 : 0; previous <= last; previous++) {
        const value = (best[row - LABELS + previous] as number) + (logs[previous * LABELS + label] as number);
        if (value > most) {
          most = value;
          source = previous;
        }
      }
      best[row + label] = most + (scores[row + label] as number);
      from[row + label] = source;
    }
  }
  const lastRow = scores.length - LABELS;
  let label = 0;
  for (let other = 1; other < LABELS; other++) {
    if ((best[lastRow + other] as number) > (best[lastRow + label] as number)) label = other;
  }
  for (let i = labels.length - 1; i >= 0; i--) {
    labels[i] = label;
    label = from[i * LABELS + label] as number;
  }
  return labels;
}

/** Shares of the weight of all paths, [tokens × LABELS] each. */
interface Sums {
  /** exp of the scores, divided by what makes each token's `forward` sum to 1. */
  readonly odds: Float64Array;
  /** Of paths up to a token's label. */
  readonly forward: Float64Array;
  /** Of paths behind a token's label, so that forward × backward is the label's probability. */
  readonly backward: Float64Array;
}

function sumsOf(scores: Float64Array, moves: Float64Array): Sums {
  const odds = new Float64Array(scores.length);
  const forward = new Float64Array(scores.length);
  const backward = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += LABELS) {
    let most = -Infinity;
    for (let at = row; at < row + LABELS; at++) if ((scores[at] as number) > most) most = scores[at] as number;
    let all = 0;
    for (let label = 0; label < LABELS; label++) {
      const own = Math.exp((scores[row + label] as number) - most);
      let reached = 0;
      if (row === 0) reached = moves[label] as number;
      else {
        const goesOn = label > 0 && label % 2 === 0;
        const last = goesOn ? label : LABELS - 1;
        for (let previous = goesOn ? label - 1 : 0; previous <= last; previous++) {
          reached += (forward[row - LABELS + previous] as number) * (moves[previous * LABELS + label] as number);
        }
      }
      odds[row + label] = own;
      forward[row + label] = own * reached;
      all += own * reached;
    }
    const share = 1 / all;
    for (let at = row; at < row + LABELS; at++) {
      odds[at] = (odds[at] as number) * share;
      forward[at] = (forward[at] as number) * share;
    }
  }
  backward.fill(1, Math.max(0, scores.length - LABELS));
  const after = new Float64Array(LABELS);
  for (let row = scores.length - 2 * LABELS; row >= 0; row -= LABELS) {
    for (let label = 0; label < LABELS; label++) {
      after[label] = (odds[row + LABELS + label] as number) * (backward[row + LABELS + label] as number);
    }
    for (let label = 0; label < LABELS; label++) {
      const move = label * LABELS;
      let sum = (moves[move] as number) * (after[0] as number);
      // Any label may be followed by one that begins a mention, and one of a mention by the one that goes on with it.
      for (let next = 1; next < LABELS; next += 2) sum += (moves[move + next] as number) * (after[next] as number);
      if (label > 0) {
        const next = (label + 1) & ~1;
        sum += (moves[move + next] as number) * (after[next] as number);
      }
      backward[row + label] = sum;
    }
  }
  return { odds, forward, backward };
}

function probability(start: number, end: number, type: number, moves: Float64Array, sums: Sums): number {
  const { odds, forward, backward } = sums;
  const begins = 1 + 2 * type;
  const goes = begins + 1;
  let share = forward[start * LABELS + begins] ?? 0;
  for (let i = start + 1; i < end; i++) {
    share *= (moves[(i === start + 1 ? begins : goes) * LABELS + goes] ?? 0) * (odds[i * LABELS + goes] ?? 0);
  }
  if (end * LABELS === odds.length) return share;
  const last = end - start === 1 ? begins : goes;
  let ends = 0;
  for (let next = 0; next < LABELS; next++) {
    if (next === goes) continue;
    const at = end * LABELS + next;
    ends += (moves[last * LABELS + next] ?? 0) * (odds[at] ?? 0) * (backward[at] ?? 0);
  }
  return share * ends;
}
