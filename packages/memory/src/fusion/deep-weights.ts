/** A tenant's weights where a deep model has told of the candidates: meaning is worth more then, words less. */

import type { FusionSettings } from "../defaults.ts";
import type { Factors } from "../requests.ts";

/** What a tenant has learnt about a factor holds for either: each weight moves by the ratio of the defaults, and all sum to 1 again. */
export function withDeep(
  { semantic, keyword, recency, quality, domain, preference }: Factors,
  { weights, deep }: Pick<FusionSettings, "weights" | "deep">,
): Factors {
  const meaning = (semantic * deep.weights.semantic) / weights.semantic;
  const words = (keyword * deep.weights.keyword) / weights.keyword;
  const sum = meaning + words + recency + quality + domain + preference;
  return {
    semantic: meaning / sum,
    keyword: words / sum,
    recency: recency / sum,
    quality: quality / sum,
    domain: domain / sum,
    preference: preference / sum,
  };
}
