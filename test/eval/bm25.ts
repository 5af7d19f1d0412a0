/** The baseline: plain BM25 over "speaker: text" with Snowball stems. Written apart from packages/text, which it judges. */

import snowball from "snowball-stemmers";
import { eng, spa } from "stopword";
import type { Corpus, Item } from "./eval-set.ts";

const K1 = 1.2;
const B = 0.75;
const STEMMERS: Readonly<Record<string, string>> = { en: "english", es: "spanish" };
const STOP_WORDS: Readonly<Record<string, readonly string[]>> = { en: eng, es: spa };

interface Posting {
  readonly place: number;
  readonly count: number;
}

/** A search over the corpus: ids of the best k, ties in the corpus's order. Stop words are left out of queries only. */
export function createBm25({
  items,
  language,
}: Pick<Corpus, "items" | "language">): (query: string, k: number) => string[] {
  const stemmer = snowball.newStemmer(STEMMERS[language] ?? "english");
  const stop = new Set(STOP_WORDS[language]);
  const stems = (text: string): string[] => words(text).map((word) => stemmer.stem(word));
  const documents = items.map((item) => stems(textOf(item)));
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const postings = new Map<string, Posting[]>();
  documents.forEach((document, place) => {
    for (const [term, count] of countsOf(document)) {
      const list = postings.get(term);
      if (list) list.push({ place, count });
      else postings.set(term, [{ place, count }]);
    }
  });

  return (query, k) => {
    const scores = new Map<number, number>();
    const asked = words(query).filter((word) => !stop.has(word));
    for (const term of new Set(asked.map((word) => stemmer.stem(word)))) {
      const list = postings.get(term) ?? [];
      const idf = Math.log(1 + (documents.length - list.length + 0.5) / (list.length + 0.5));
      for (const { place, count } of list) {
        const norm = K1 * (1 - B + (B * (documents[place]?.length ?? 0)) / average);
        scores.set(place, (scores.get(place) ?? 0) + (idf * count * (K1 + 1)) / (count + norm));
      }
    }
    return [...scores]
      .sort(([a, left], [b, right]) => right - left || a - b)
      .slice(0, k)
      .map(([place]) => items[place]?.id ?? "");
  };
}

function textOf({ speaker, text }: Item): string {
  return speaker === undefined ? text : `${speaker}: ${text}`;
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function countsOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
