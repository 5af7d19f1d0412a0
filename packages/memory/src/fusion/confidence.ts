/** Confidence: the probability, calibrated on labelled conversations, that a result answers the query. */

import type { FusionSettings } from "../defaults.ts";
import type { Fused } from "./fuse.ts";

/**
 * One value per result, for a whole ranking, best first: the lead of the last one shown is over the first one cut.
 *
 * Features: the score and its lead over the next result, which compare the candidates with each other, and the query
 * terms covered and the cosine, which do not: the best of a bad lot must not look sure.
 */
export function confidences(ranked: readonly Fused[], { confidence }: Pick<FusionSettings, "confidence">): number[] {
  const [bias, score, lead, coverage, cosine] = confidence;
  return ranked.map((result, i) => {
    const ahead = result.score - (ranked[i + 1]?.score ?? 0);
    const x =
      bias + score * result.score + lead * ahead + coverage * result.coverage + cosine * result.candidate.cosine;
    return 1 / (1 + Math.exp(-x));
  });
}
