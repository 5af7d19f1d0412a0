/** Confidence: the probability, calibrated on labelled conversations, that a result answers the query. */

import type { FusionSettings } from "../defaults.ts";
import type { Fused } from "./fuse.ts";

/** One value per result, for a list ranked best first. Features: the score, its lead over the next result, the keyword factor. */
export function confidences(
  ranked: readonly Fused[],
  { confidence: [bias, score, lead, keyword] }: FusionSettings,
): number[] {
  return ranked.map((result, i) => {
    const next = ranked[i + 1]?.score ?? 0;
    const x = bias + score * result.score + lead * (result.score - next) + keyword * result.factors.keyword;
    return 1 / (1 + Math.exp(-x));
  });
}
