/** Weights of features under which the evidence is the likeliest choice among a question's candidates. */

import { solve } from "./solve.ts";

/** One question: the features of each candidate, and which of them are evidence. */
export interface Choice {
  readonly features: readonly (readonly number[])[];
  readonly right: readonly boolean[];
}

/** Pull towards 0, so that a feature few questions have stays small. .005 to .02 differ by less than .01 in recall@10 on own/show. */
const RIDGE: number = 0.005;
const STEPS = 15;
const HALVINGS = 6;

/**
 * One weight for each feature, each ≥ 0: the most likely evidence under a softmax over each question's candidates, every
 * question counting the same. Smooth, so that a lucky peak of recall@10 cannot win.
 *
 * source  conditional logit (McFadden 1974), by Newton's method with projection
 */
export function fitSoftmax(choices: readonly Choice[]): number[] {
  const usable = choices.filter(({ right }) => right.some(Boolean));
  const size = usable[0]?.features[0]?.length ?? 0;
  let weights: number[] = Array.from({ length: size }, () => 1);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, hessian, value } = derivatives(usable, weights);
    // A weight at 0 that would become negative stays there.
    const free = weights.flatMap((weight, i) => (weight > 0 || (gradient[i] ?? 0) > 0 ? [i] : []));
    const delta = solve(
      free.map((i) => free.map((j) => hessian[i]?.[j] ?? 0)),
      free.map((i) => gradient[i] ?? 0),
    );
    const next = improved(usable, weights, { free, delta, value });
    if (!next) break;
    weights = next;
  }
  return weights;
}

function improved(
  choices: readonly Choice[],
  weights: readonly number[],
  { free, delta, value }: { free: readonly number[]; delta: readonly number[]; value: number },
): number[] | undefined {
  for (let halving = 0; halving < HALVINGS; halving++) {
    const next = [...weights];
    free.forEach((i, place) => (next[i] = Math.max(0, (weights[i] ?? 0) + (delta[place] ?? 0) / 2 ** halving)));
    if (derivatives(choices, next, false).value > value + 1e-7) return next;
  }
  return undefined;
}

function derivatives(choices: readonly Choice[], weights: readonly number[], second = true) {
  const size = weights.length;
  const gradient = weights.map((weight) => -RIDGE * weight);
  const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? RIDGE : 0)));
  let value = -0.5 * RIDGE * weights.reduce((sum, weight) => sum + weight * weight, 0);
  for (const { features, right } of choices) {
    const scores = features.map((row) => row.reduce((sum, x, i) => sum + x * (weights[i] ?? 0), 0));
    const top = scores.reduce((highest, score) => Math.max(highest, score), -Infinity);
    const shares = scores.map((score) => Math.exp(score - top));
    const whole = shares.reduce((sum, share) => sum + share, 0);
    const evidence = right.filter(Boolean).length;
    const mean = new Float64Array(size);
    for (const [place, row] of features.entries()) {
      const p = (shares[place] ?? 0) / whole;
      const target = right[place] ? 1 / evidence / choices.length : 0;
      if (target > 0) value += target * Math.log(Math.max(p, Number.MIN_VALUE));
      row.forEach((x, i) => {
        mean[i] = (mean[i] ?? 0) + p * x;
        gradient[i] = (gradient[i] ?? 0) + target * x;
        if (second && x !== 0)
          row.forEach((y, j) => (hessian[i]![j] = (hessian[i]![j] ?? 0) + (p * x * y) / choices.length));
      });
    }
    mean.forEach((x, i) => {
      gradient[i] = (gradient[i] ?? 0) - x / choices.length;
      if (second) mean.forEach((y, j) => (hessian[i]![j] = (hessian[i]![j] ?? 0) - (x * y) / choices.length));
    });
  }
  return { gradient, hessian, value };
}
