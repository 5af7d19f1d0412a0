/** How likely the answer to a query is in the cache, by rule. */

import type { Features } from "./features.ts";

const FEW_WORDS = 5;

/**
 * 0.7 · (0.5 for a reference + 0.3 for a repetition + 0.2 for five words or fewer) + 0.3 · hit rate.
 *
 * shapes   hitRate: the tenant's share of hits in the last 24 hours, 0…1; 0 where it is not known
 * returns  0…1; a rule, not a measured probability
 * source   details.md, section 4
 */
export function cacheProbability(
  { hasReference, isRepetition, wordCount }: Pick<Features, "hasReference" | "isRepetition" | "wordCount">,
  hitRate: number,
): number {
  const cues = 0.5 * Number(hasReference) + 0.3 * Number(isRepetition) + 0.2 * Number(wordCount <= FEW_WORDS);
  return 0.7 * cues + 0.3 * Math.min(1, Math.max(0, hitRate));
}
