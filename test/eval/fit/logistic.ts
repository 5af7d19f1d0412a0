/** Logistic regression by maximum likelihood, with coefficients that may not be negative but the first. */

import { solve } from "./solve.ts";

export interface Sample {
  /** Without the constant. */
  readonly features: readonly number[];
  readonly right: boolean;
}

const STEPS = 50;
/** Keeps the normal equations solvable when two features say the same. */
const RIDGE: number = 1e-3;

/**
 * Bias first, then one coefficient for each feature.
 *
 * A feature whose coefficient comes out negative is set to 0 and the rest fitted again: more evidence never lowers confidence.
 *
 * source  iteratively reweighted least squares
 */
export function fitLogistic(samples: readonly Sample[]): number[] {
  const size = (samples[0]?.features.length ?? 0) + 1;
  let used = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    const beta = newton(samples, used);
    const negative = used.slice(1).filter((i) => (beta[i] ?? 0) < 0);
    if (negative.length === 0) return beta;
    const worst = negative.reduce((low, i) => ((beta[i] ?? 0) < (beta[low] ?? 0) ? i : low));
    used = used.filter((i) => i !== worst);
  }
}

function probability(beta: readonly number[], features: readonly number[]): number {
  const x = features.reduce((sum, feature, i) => sum + feature * (beta[i + 1] ?? 0), beta[0] ?? 0);
  return 1 / (1 + Math.exp(-x));
}

function newton(samples: readonly Sample[], used: readonly number[]): number[] {
  const beta = Array.from({ length: (samples[0]?.features.length ?? 0) + 1 }, () => 0);
  for (let step = 0; step < STEPS; step++) {
    const gradient = used.map((i) => -RIDGE * (beta[i] ?? 0));
    const hessian = used.map((_, i) => used.map((_, j) => (i === j ? RIDGE : 0)));
    for (const { features, right } of samples) {
      const p = probability(beta, features);
      const row = used.map((i) => (i === 0 ? 1 : (features[i - 1] ?? 0)));
      row.forEach((value, i) => {
        gradient[i] = (gradient[i] ?? 0) + (Number(right) - p) * value;
        row.forEach((other, j) => (hessian[i]![j] = (hessian[i]![j] ?? 0) + p * (1 - p) * value * other));
      });
    }
    const delta = solve(hessian, gradient);
    used.forEach((i, place) => (beta[i] = (beta[i] ?? 0) + (delta[place] ?? 0)));
  }
  return beta;
}
