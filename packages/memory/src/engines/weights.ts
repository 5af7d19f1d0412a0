/** Learnt fusion weights: what a tenant's ratings say of the six factors, never far from the defaults. */

import type { Setting } from "@nexus/core";
import { FACTOR_NAMES } from "../fusion/fuse.ts";
import type { Factors } from "../requests.ts";

/** A rated result: how its factors differ from the mean of the answer it stood in. */
export interface RatedFactors {
  readonly rating: number;
  readonly contrast: Factors;
}

/** Name of the setting row. */
export const WEIGHTS_SETTING = "weights";
/** Fewer ratings than this teach nothing. */
const MIN_RATINGS = 50;

const LEAST = 0.5;
const MOST = 1.5;
/** What a contrast of one weighted point is worth on the scale of the logistic: answers differ by tenths. */
const SLOPE = 10;
/** Ratings' worth of belief in the defaults. */
const PRIOR_RATINGS = 20;
const STEPS = 60;
const DAMPING = 0.5;
/** A step beyond zero is held here, so that scaling can still move it. */
const LEAST_FACTOR = 0.001;
/** Each fifth of the ratings judges what the others taught. */
const FOLDS = 5;
/** A gain below this share of the standard error may be chance. */
const CHANCE = 0.5;

/**
 * Weights that put well rated results above and badly rated ones below the rest of their answers: each within ± 50 % of
 * its default, ≥ 0, sum 1. undefined with fewer than 50 ratings, or when they do no better on ratings left out than chance might.
 *
 * cost     about 10 ms for 10,000 ratings
 * source   logistic regression on contrasts with a Gaussian prior at the defaults, by damped diagonal Newton steps
 */
export function learnWeights(defaults: Factors, ratings: readonly RatedFactors[]): Factors | undefined {
  const told = ratings.filter(({ rating }) => rating !== 0);
  if (told.length < MIN_RATINGS) return undefined;
  // What each fold says of the ratings that it did not learn from, beside what the defaults say.
  const learnt: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const weights = fit(
      defaults,
      told.filter((_, i) => i % FOLDS !== fold),
    );
    told.forEach((one, i) => i % FOLDS === fold && (learnt[i] = marginOf(weights, one)));
  }
  const gain =
    agreement(learnt, told) -
    agreement(
      told.map((one) => marginOf(defaults, one)),
      told,
    );
  return gain > CHANCE / Math.sqrt(told.length) ? fit(defaults, told) : undefined;
}

/** The tenant's weights, if it has learnt some for these defaults: new defaults begin anew. */
export function weightsOf(setting: Setting | undefined, defaults: Factors): Factors {
  const value = setting?.value as { readonly weights?: Factors; readonly defaults?: Factors } | null | undefined;
  if (!value?.weights || !value.defaults) return defaults;
  const { weights, defaults: former } = value;
  return FACTOR_NAMES.every((name) => former[name] === defaults[name]) ? weights : defaults;
}

function fit(defaults: Factors, ratings: readonly RatedFactors[]): Factors {
  let factors = FACTOR_NAMES.map(() => 1);
  const base = FACTOR_NAMES.map((name) => defaults[name]);
  for (let step = 0; step < STEPS; step++) {
    const gradient = factors.map((factor) => PRIOR_RATINGS * (1 - factor));
    const curvature = factors.map(() => PRIOR_RATINGS);
    for (const { rating, contrast } of ratings) {
      const points = FACTOR_NAMES.map((name, j) => SLOPE * (base[j] ?? 0) * contrast[name]);
      const margin = points.reduce((sum, point, j) => sum + point * (factors[j] ?? 1), 0);
      const wrong = 1 / (1 + Math.exp(Math.sign(rating) * margin));
      points.forEach((point, j) => {
        gradient[j] = (gradient[j] ?? 0) + rating * wrong * point;
        curvature[j] = (curvature[j] ?? 0) + Math.abs(rating) * wrong * (1 - wrong) * point * point;
      });
    }
    factors = bounded(
      base,
      factors.map((factor, j) => factor + (DAMPING * (gradient[j] ?? 0)) / (curvature[j] ?? 1)),
    );
  }
  return Object.fromEntries(
    FACTOR_NAMES.map((name, j) => [name, (base[j] ?? 0) * (factors[j] ?? 1)]),
  ) as unknown as Factors;
}

/** Scales to a sum of weights of 1 without leaving the bounds: the sum grows with the scale, so halving finds it. */
function bounded(base: readonly number[], factors: readonly number[]): number[] {
  const at = (scale: number): number[] =>
    factors.map((factor) => Math.min(MOST, Math.max(LEAST, Math.max(LEAST_FACTOR, factor) * scale)));
  const total = base.reduce((sum, weight) => sum + weight, 0);
  let low = 0;
  let high = 1_000;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const sum = at(middle).reduce((all, factor, j) => all + factor * (base[j] ?? 0), 0);
    if (sum < total) low = middle;
    else high = middle;
  }
  return at(high);
}

function marginOf(weights: Factors, { contrast }: RatedFactors): number {
  return FACTOR_NAMES.reduce((points, name) => points + weights[name] * contrast[name], 0);
}

/** Cosine of margins and ratings, −1…1: unlike a loss it does not improve when margins merely shrink. */
function agreement(margins: readonly number[], ratings: readonly RatedFactors[]): number {
  let [both, own, told] = [0, 0, 0];
  ratings.forEach(({ rating }, i) => {
    const margin = margins[i] ?? 0;
    both += margin * rating;
    own += margin * margin;
    told += rating * rating;
  });
  return own * told === 0 ? 0 : both / Math.sqrt(own * told);
}
