/** How well a classifier does on labelled texts. */

import { DOMAIN_CLASSES, type DomainClass } from "../src/domain-classes.ts";
import { domainFeatures, MOST_PLACES } from "../src/domain-features.ts";
import { type DomainWeights, readModel } from "../src/domain-model.ts";
import { FUNCTION_WORDS } from "../src/function-words.ts";
import type { Example } from "./example.ts";
import { samplesOf } from "./train-domain.ts";

export interface Scores {
  /** Mean over the classes that occur. */
  readonly macro: number;
  readonly byClass: ReadonlyMap<DomainClass, number>;
}

/** The likeliest class of each text against its label. */
export function macroF1(examples: readonly Example[], weights: DomainWeights): Scores {
  const model = readModel(weights);
  const places = new Int32Array(MOST_PLACES);
  const logits = new Float64Array(DOMAIN_CLASSES.length);
  const right = new Uint32Array(DOMAIN_CLASSES.length);
  const guessed = new Uint32Array(DOMAIN_CLASSES.length);
  const labelled = new Uint32Array(DOMAIN_CLASSES.length);
  const add = (to: Uint32Array, c: number): void => void (to[c] = (to[c] ?? 0) + 1);
  for (const { words, label } of samplesOf(examples)) {
    model.score(places, domainFeatures(words, FUNCTION_WORDS, places), logits);
    const guess = logits.indexOf(Math.max(...logits));
    add(guessed, guess);
    add(labelled, label);
    if (guess === label) add(right, label);
  }
  const byClass = new Map<DomainClass, number>();
  for (const [c, domain] of DOMAIN_CLASSES.entries()) {
    const both = (guessed[c] ?? 0) + (labelled[c] ?? 0);
    if ((labelled[c] ?? 0) > 0) byClass.set(domain, (2 * (right[c] ?? 0)) / both);
  }
  return { macro: [...byClass.values()].reduce((sum, f1) => sum + f1, 0) / Math.max(1, byClass.size), byClass };
}
