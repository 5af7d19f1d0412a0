/** The terms of a query. */

import { guessLanguage } from "./language.ts";
import { DEFAULT_LANGUAGE } from "./languages.ts";
import { segment, STRIDE } from "./segments.ts";
import { stopWords } from "./stop-words.ts";
import { wordTerms } from "./terms.ts";

export interface QueryTerm {
  readonly id: number;
  /** As in the query, lower-case. */
  readonly word: string;
  /** Multiplies the term's inverse document frequency. */
  readonly weight: number;
}

export interface QueryTermsOptions {
  /** Assumed where the text gives no hint: the language that unclear texts were indexed with. */
  readonly fallback?: string;
}

/** Tried when the query's own language is unclear: those of most texts. */
const COMMON_LANGUAGES = ["en", "es", "de", "fr", "it", "pt"];

/**
 * Weight of a stem that only another language than the guessed one gives. Unclear texts are indexed in the fallback language,
 * so its stems are always tried: Spanish turns without accents gain .02 recall@10, English ones lose nothing.
 */
const OTHER_LANGUAGE = 0.5;

/** Distinct terms, ids ascending. Stop words are left out unless nothing else remains. */
export function queryTerms(text: string, options: QueryTermsOptions = {}): QueryTerm[] {
  const { fallback = DEFAULT_LANGUAGE } = options;
  const { language, confident } = guessLanguage(text, { fallback });
  const likeliest = confident ? language : fallback;
  const languages = new Set([likeliest, language, fallback, ...(confident ? [] : COMMON_LANGUAGES)]);
  const kept = collect(text, languages, stopWords(likeliest));
  const found = kept.size > 0 ? kept : collect(text, languages, new Set());
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** Terms by the languages in order; the first to give a stem sets its weight. */
function collect(text: string, languages: Iterable<string>, left: ReadonlySet<string>): Map<number, QueryTerm> {
  const found = new Map<number, QueryTerm>();
  const segments = segment(text);
  let weight = 1;
  for (const language of languages) {
    for (let i = 0; i < segments.length; i += STRIDE) {
      if (segments[i + 2] === 0) continue;
      for (const { id, word } of wordTerms(text.slice(segments[i], segments[i + 1]), language)) {
        if (!left.has(word) && !found.has(id)) found.set(id, { id, word, weight });
      }
    }
    weight = OTHER_LANGUAGE;
  }
  return found;
}
