/** A tenant's weights where a deep model has told of the candidates: meaning is worth more then, words less. */

import type { FusionSettings } from "../defaults.ts";
import type { Factors } from "../requests.ts";

/** What a tenant has learnt about a factor holds for either: each weight moves by the ratio of the defaults, and all sum to 1 again. */
export function withDeep(learnt: Factors, { weights, deep }: Pick<FusionSettings, "weights" | "deep">): Factors {
  const moved: Factors = {
    ...learnt,
    semantic: (learnt.semantic * deep.weights.semantic) / weights.semantic,
    keyword: (learnt.keyword * deep.weights.keyword) / weights.keyword,
  };
  const sum = Object.values<number>({ ...moved }).reduce((total, weight) => total + weight, 0);
  const entries = Object.entries<number>({ ...moved }).map(([name, weight]) => [name, weight / sum]);
  return Object.fromEntries(entries) as unknown as Factors;
}
