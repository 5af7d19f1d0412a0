/** The settings that decide the order of results, fitted on labelled questions. */

import type { FusionSettings } from "@nexus/memory";
import { factorsOf } from "../../../packages/memory/src/fusion/factors.ts";
import { keywordParts, type Share, SHARES } from "../../../packages/memory/src/fusion/keyword.ts";
import type { Collected } from "./collect.ts";
import { score } from "./rank.ts";
import { type Choice, fitSoftmax } from "./softmax.ts";

/**
 * The shares of the keyword factor and how semantic and keyword divide what the weights of the other factors leave them.
 * Those are not fitted: no question of these conversations tells what a rating or a replaced fact is worth.
 */
export function fitRanking(all: readonly Collected[], base: FusionSettings): FusionSettings {
  const fitted = fitSoftmax(all.map((one) => choiceOf(one, base)));
  const [semantic = 0, ...shares] = fitted;
  const keyword = shares.reduce((sum, share) => sum + share, 0);
  const { semantic: before, keyword: beside } = base.weights;
  const divided = before + beside;
  const weight = round((divided * semantic) / (semantic + keyword));
  const named = Object.fromEntries(SHARES.map((name, i) => [name, round((shares[i] ?? 0) / keyword)]));
  const withMeaning = (semantic: number): FusionSettings => ({
    ...base,
    ...(named as Record<Share, number>),
    weights: { ...base.weights, semantic, keyword: round(divided - semantic) },
  });
  return leastMeaning(all, withMeaning(weight), weight, withMeaning);
}

const SHARES_OF_DEEP = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** What the deep model's cosine counts beside the built-in one's, and how semantic and keyword divide their weight then; all else as it is. */
export function fitDeep(all: readonly Collected[], base: FusionSettings): FusionSettings {
  const { semantic: before, keyword: beside } = base.weights;
  const tried = SHARES_OF_DEEP.map((share): FusionSettings => {
    const settings = { ...base, deep: { ...base.deep, share } };
    const [semantic = 0, keyword = 1] = fitSoftmax(all.map((one) => factorChoiceOf(one, settings)));
    const weight = round(((before + beside) * semantic) / (semantic + keyword));
    return { ...base, deep: { share, weights: { semantic: weight, keyword: round(before + beside - weight) } } };
  });
  const scored = tried.map((settings) => ({ settings, ndcg: score(all, settings)["ndcg@10"] }));
  const best = scored.reduce((best, one) => (one.ndcg > best.ndcg ? one : best)).settings;
  return leastMeaning(all, best, best.deep.weights.semantic, (semantic) => ({
    ...best,
    deep: { ...best.deep, weights: { semantic, keyword: round(before + beside - semantic) } },
  }));
}

/**
 * The smallest weight of meaning that is not worse than the fitted one by more than two standard errors of the difference.
 * Questions written to be fitted on paraphrase more than people do: what they cannot tell apart is decided for words.
 *
 * source  after the one-standard-error rule (Breiman et al. 1984), on paired differences
 */
function leastMeaning(
  all: readonly Collected[],
  best: FusionSettings,
  fitted: number,
  withMeaning: (semantic: number) => FusionSettings,
): FusionSettings {
  const ndcgOf = (settings: FusionSettings): number[] => all.map((one) => score([one], settings)["ndcg@10"]);
  const most = ndcgOf(best);
  for (let semantic = 0; semantic < fitted; semantic = round(semantic + STEP)) {
    const settings = withMeaning(semantic);
    const lost = ndcgOf(settings).map((value, i) => (most[i] ?? 0) - value);
    const mean = lost.reduce((sum, value) => sum + value, 0) / lost.length;
    const variance = lost.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (lost.length - 1);
    if (mean <= ERRORS * Math.sqrt(variance / lost.length)) return settings;
  }
  return best;
}

const STEP = 0.02;
const ERRORS = 2;

function factorChoiceOf({ pools, question, items }: Collected, settings: FusionSettings): Choice {
  const { candidates, context } = pools.full;
  const evidence = new Set(question.evidence);
  return {
    features: factorsOf(candidates, { ...context, settings }).map(({ semantic, keyword }) => [semantic, keyword]),
    right: candidates.map(({ payload }) => evidence.has(items.get(payload.id) ?? "")),
  };
}

function choiceOf({ pools, question, items }: Collected, settings: FusionSettings): Choice {
  const { candidates, context } = pools.full;
  const evidence = new Set(question.evidence);
  const factors = factorsOf(candidates, { ...context, settings });
  return {
    features: keywordParts(candidates, context).map((parts, i) => [
      factors[i]?.semantic ?? 0,
      ...SHARES.map((share) => parts[share]),
    ]),
    right: candidates.map(({ payload }) => evidence.has(items.get(payload.id) ?? "")),
  };
}

/** To the hundredth: finer would not be seen. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
