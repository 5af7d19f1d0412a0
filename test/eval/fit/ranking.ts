/** The settings that decide the order of results, fitted on labelled questions. */

import type { FusionSettings } from "@nexus/memory";
import { factorsOf } from "../../../packages/memory/src/fusion/factors.ts";
import { keywordParts, type Share, SHARES } from "../../../packages/memory/src/fusion/keyword.ts";
import type { Collected } from "./collect.ts";
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
  return {
    ...base,
    ...(named as Record<Share, number>),
    weights: { ...base.weights, semantic: weight, keyword: round(divided - weight) },
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
