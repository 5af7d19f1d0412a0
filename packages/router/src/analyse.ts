/** What a query looks like: a few counts and cues, found in one pass over its words. */

import { guessLanguage, words } from "@nexus/text";
import { CONJUNCTIONS, REFERENCE, TIME_NOUNS } from "./cues.ts";

export type Complexity = "simple" | "medium" | "complex";

export interface QueryAnalysis {
  readonly complexity: Complexity;
  /** It points back at earlier talk ("that", "the same again"). */
  readonly hasReference: boolean;
  /** How likely the answer is in the cache, by rule: 0.5 for a reference, 0.2 for five words or fewer. */
  readonly cacheProbability: number;
  readonly language: string;
  /** Its words, lower case. */
  readonly words: ReadonlySet<string>;
}

/** Points: words ≤ 5 → 0, ≤ 15 → 1, ≤ 30 → 2, more 3; names up to 2; long words 1; several clauses 1. Source: details.md, section 4. Cost: about 10 µs for a sentence. */
export function analyse(query: string): QueryAnalysis {
  const found = words(query).map(({ start, end }) => query.slice(start, end));
  const lower = found.map((word) => word.toLowerCase());
  const names = found.filter((word, i) => i > 0 && /^\p{Lu}/u.test(word)).length;
  const meanLength = found.reduce((sum, word) => sum + word.length, 0) / Math.max(1, found.length);
  const hasReference = lower.some((word, i) => REFERENCE.has(word) && !TIME_NOUNS.has(lower[i + 1] ?? ""));
  const clauses = lower.filter((word) => CONJUNCTIONS.has(word)).length;
  const points =
    (found.length <= 5 ? 0 : found.length <= 15 ? 1 : found.length <= 30 ? 2 : 3) +
    Math.min(2, names >> 1) +
    Number(meanLength > 6) +
    Number(clauses > 0);
  return {
    complexity: points <= 2 ? "simple" : points <= 4 ? "medium" : "complex",
    hasReference,
    cacheProbability: 0.7 * (0.5 * Number(hasReference) + 0.2 * Number(found.length <= 5)),
    language: guessLanguage(query).language,
    words: new Set(lower),
  };
}
