/** What a text is about: a linear classifier over its words, trained by `npm run train -- router`. */

import { DOMAIN_CLASSES, type DomainClass } from "./domain-classes.ts";
import { domainFeatures, MOST_PLACES } from "./domain-features.ts";
import { openDomainModel } from "./domain-model.ts";
import { FUNCTION_WORDS } from "./function-words.ts";

/** `crossDomain` stands for two of the others that are not `general`. */
export type Domain = DomainClass | "crossDomain";

export interface DomainGuess {
  readonly domain: Domain;
  /** Probabilities, which sum to 1. */
  readonly domains: Readonly<Record<DomainClass, number>>;
  /** Medical, legal or financial with at least 0.5: a wrong answer may do harm. */
  readonly critical: boolean;
}

/** From this on a class is taken to be the text's, and two of them make it `crossDomain`. Source: details.md, section 4. */
const SHARE_OF_TWO = 0.3;
const CRITICAL = 0.5;

const places = new Int32Array(MOST_PLACES);
const logits = new Float64Array(DOMAIN_CLASSES.length);

/**
 * The domain of a text given as its words, lower case.
 *
 * cost     about 1.5 µs for a question; the first call opens the weights, up to 10 ms and 0.5 MB
 * error    macro-F1 and the share of chat that is called critical are in model-card.md
 */
export function classifyDomain(words: readonly string[]): DomainGuess {
  const model = openDomainModel();
  model.score(places, domainFeatures(words, FUNCTION_WORDS, places), logits);
  const [general, technical, medical, legal, financial] = softmax(logits);
  const domains = { general, technical, medical, legal, financial };
  let domain: Domain = "general";
  for (const name of DOMAIN_CLASSES) if (domains[name] > domains[domain]) domain = name;
  const strong = Number(technical >= SHARE_OF_TWO) + Number(medical >= SHARE_OF_TWO);
  const others = Number(legal >= SHARE_OF_TWO) + Number(financial >= SHARE_OF_TWO);
  const critical = medical >= CRITICAL || legal >= CRITICAL || financial >= CRITICAL;
  return { domain: strong + others >= 2 ? "crossDomain" : domain, domains, critical };
}

function softmax(logits: Float64Array): [number, number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = logits;
  const most = Math.max(a, b, c, d, e);
  const [p, q, r, s, t] = [a, b, c, d, e].map((logit) => Math.exp(logit - most)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const total = p + q + r + s + t;
  return [p / total, q / total, r / total, s / total, t / total];
}
