/** From gate scores to the two experts of an input and their weights. */

import { ACTIVE_EXPERTS } from "./shape.ts";

export interface Route {
  /** The likelier first; of equals the lower number. */
  readonly selected: readonly number[];
  /** P_a/(P_a + P_b) and the other; 0 for one that is skipped. */
  readonly weights: readonly number[];
  /** P of all experts. */
  readonly shares: Float64Array;
}

/** An expert of less weight changes nothing that f32 could show: details.md §9. */
export const SKIPPED_WEIGHT = 1e-6;

/** returns  softmax of `scores` over the temperature, the top two and their weights */
export function routeOf(scores: ArrayLike<number>, temperature: number): Route {
  const shares = Float64Array.from(scores, (score) => score / temperature);
  const most = shares.reduce((best, score) => Math.max(best, score), -Infinity);
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += shares[i] = Math.exp(shares[i]! - most);
  for (let i = 0; i < shares.length; i++) shares[i]! /= sum;
  const selected = Array.from(shares.keys())
    .toSorted((a, b) => shares[b]! - shares[a]! || a - b)
    .slice(0, ACTIVE_EXPERTS);
  const active = selected.reduce((total, expert) => total + shares[expert]!, 0);
  const weights = selected.map((expert) => shares[expert]! / active);
  return { selected, weights: weights.map((weight) => (weight < SKIPPED_WEIGHT ? 0 : weight)), shares };
}
