/** Confidence: the probability, calibrated on labelled conversations, that a result answers the query. */

import type { FusionSettings } from "../defaults.ts";
import type { Fused } from "./fuse.ts";

/** Logistic coefficients: bias, score, lead over the next result, lead over the field. */
export type Coefficients = readonly [number, number, number, number];

/** Rank of the result that stands for the field: those beyond it are hardly ever relevant. */
export const FIELD = 10;

/**
 * One value per result, for a whole ranking, best first: the lead of the last one shown is over the first one cut.
 *
 * The first has coefficients of its own: that the best answers is another question than that a further one is relevant too.
 */
export function confidences(ranked: readonly Fused[], { confidence }: Pick<FusionSettings, "confidence">): number[] {
  return ranked.map((_, i) => {
    const [bias, score, lead, field] = i === 0 ? confidence.first : confidence.others;
    const [ofScore, ofLead, ofField] = confidenceFeatures(ranked, i);
    return 1 / (1 + Math.exp(-(bias + score * ofScore + lead * ofLead + field * ofField)));
  });
}

/** Score, lead over the next result, lead over the field; a result that is missing there scores 0. */
export function confidenceFeatures(ranked: readonly Fused[], place: number): readonly [number, number, number] {
  const score = ranked[place]?.score ?? 0;
  const field = Math.max(0, score - (ranked[FIELD]?.score ?? 0));
  return [score, score - (ranked[place + 1]?.score ?? 0), field];
}
