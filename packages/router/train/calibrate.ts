/** The temperature of the classifier, fitted on texts that it was not trained on. */

import { domainFeatures, MOST_PLACES } from "../src/domain-features.ts";
import { type DomainWeights, readModel } from "../src/domain-model.ts";
import { FUNCTION_WORDS } from "../src/function-words.ts";
import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import type { Sample } from "./softmax.ts";

const LEAST = 0.3;
const MOST = 3;
const STEPS = 40;

/** The temperature with the least mean negative log-likelihood, each class counting alike; golden-section search. */
export function fitTemperature(weights: Omit<DomainWeights, "temperature">, samples: readonly Sample[]): number {
  const model = readModel({ ...weights, temperature: 1 });
  const places = new Int32Array(MOST_PLACES);
  const counts = DOMAIN_CLASSES.map((_, c) => samples.filter(({ label }) => label === c).length);
  const logits = samples.map(({ words }) => {
    const into = new Float64Array(DOMAIN_CLASSES.length);
    model.score(places, domainFeatures(words, FUNCTION_WORDS, places), into);
    return into;
  });
  const loss = (temperature: number): number => {
    let sum = 0;
    for (const [i, { label }] of samples.entries()) {
      const own = logits[i] as Float64Array;
      const total = own.reduce((all, logit) => all + Math.exp(logit / temperature), 0);
      sum += (Math.log(total) - (own[label] as number) / temperature) / (counts[label] as number);
    }
    return sum;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [LEAST, MOST];
  for (let i = 0; i < STEPS; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(a) < loss(b)) high = b;
    else low = a;
  }
  return Number(((low + high) / 2).toFixed(3));
}
