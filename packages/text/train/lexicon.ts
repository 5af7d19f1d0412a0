/** What is known of each word: how it is written inside sentences, which words it stands beside, and what it can name. */

import { NAME_KINDS, wordKey } from "../src/entities/vocabulary.ts";
import { tokenise } from "../src/entities/tokens.ts";
import type { Names, Prose } from "./example.ts";
import { clusterWords } from "./clusters.ts";

interface Count {
  low: number;
  title: number;
  upper: number;
  foreign: number;
}

/** Occurrences that a word needs for its writing and its cluster to be kept. */
const MIN_COUNT = 12;
const MIN_FOREIGN = 15;
/** Kinds of names that are kept though they have several words. */
const PHRASES = NAME_KINDS.place | NAME_KINDS.company | NAME_KINDS.brand;
/** Most words with a cluster. */
const MAX_CLUSTERED = 22_000;

/** Everything known of each word and phrase, packed as `Lexicon` says, by its key. */
export function buildLexicon(pairs: () => Iterable<Prose>, names: Names, clusters: number): Map<number, number> {
  const counts = countWords(pairs());
  const total = ({ low, title, upper }: Count): number => low + title + upper;
  const frequent = [...counts]
    .filter(([word, count]) => total(count) >= MIN_COUNT && /^[\p{L}'’.&-]+$/u.test(word))
    .toSorted((a, b) => total(b[1]) - total(a[1]))
    .slice(0, MAX_CLUSTERED)
    .map(([word]) => word);
  const clusterOf = clusterWords(frequent, pairs(), clusters);
  const lexicon = new Map<number, number>();
  const kept = new Set([
    ...frequent,
    ...names.given,
    ...names.family,
    ...names.places,
    ...names.companies,
    ...names.works,
    ...names.brands,
  ]);
  for (const [word, { foreign }] of counts) if (foreign >= MIN_FOREIGN) kept.add(word);
  for (const word of kept) {
    const count = counts.get(word);
    const bits =
      (names.given.has(word) ? NAME_KINDS.given : 0) |
      (names.family.has(word) ? NAME_KINDS.family : 0) |
      (names.places.has(word) ? NAME_KINDS.place : 0) |
      (names.companies.has(word) ? NAME_KINDS.company : 0) |
      (names.common.has(word) ? NAME_KINDS.common : 0) |
      ((count?.foreign ?? 0) >= MIN_FOREIGN ? NAME_KINDS.foreign : 0) |
      (names.works.has(word) ? NAME_KINDS.work : 0) |
      (names.brands.has(word) ? NAME_KINDS.brand : 0);
    const seen = count !== undefined && total(count) > 0;
    // Names nobody in the corpus bears, and not given names, cost more room than they are worth.
    if (!seen && (bits & ~NAME_KINDS.family) === 0) continue;
    if (!seen && (bits & PHRASES) === 0 && word.includes(" ")) continue;
    // Of two words with one key the first is the more frequent.
    const key = wordKey(word);
    if (!lexicon.has(key)) lexicon.set(key, writtenOf(count) | ((clusterOf.get(word) ?? 0) << 3) | (bits << 11));
  }
  return lexicon;
}

function countWords(pairs: Iterable<Prose>): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const { text, foreign } of pairs) {
    if (text === text.toLowerCase() && !foreign) continue;
    for (const { text: word, lower, first } of tokenise(text)) {
      if (!/^\p{L}/u.test(word)) continue;
      let count = counts.get(lower);
      if (!count) counts.set(lower, (count = { low: 0, title: 0, upper: 0, foreign: 0 }));
      if (foreign) count.foreign += word === lower ? 1 : 0;
      else if (first) continue;
      else if (word === lower) count.low++;
      else if (word.slice(1) === lower.slice(1)) count.title++;
      else count.upper++;
    }
  }
  return counts;
}

/** How often a word is capitalised inside a sentence: 0 unknown, 1 never … 6 always, 7 in capitals throughout. */
function writtenOf(count: Count | undefined): number {
  if (!count) return 0;
  const all = count.low + count.title + count.upper;
  if (all < 3) return 0;
  if (count.upper > all * 0.6) return 7;
  const share = (count.title + count.upper) / all;
  return [0.02, 0.1, 0.3, 0.6, 0.9].findIndex((limit) => share < limit) + 1 || 6;
}
