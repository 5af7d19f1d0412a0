/** Chooses the words and parts of words that get rows of their own. */

import { stopWords, withoutMarks } from "@nexus/text";
import { hashWord } from "../../src/static/row-table.ts";
import { LONGEST_WORD, scanWords } from "../../src/static/scan.ts";
import { type RowPlan, visitParts } from "../../src/static/tokenise.ts";

export interface Vocabulary extends RowPlan {
  /** By row, as the tokeniser reads them. */
  readonly wordTexts: readonly string[];
  /** Occurrences of each word's row. */
  readonly counts: Float64Array;
}

export interface VocabularyOptions {
  readonly words: number;
  readonly common: number;
  readonly parts: number;
  readonly shared: number;
}

const LANGUAGES = ["en", "es", "de", "fr", "it", "pt"] as const;
/** High enough to be among the chosen. */
const SMALL_SCORE = 1e4;
/** Texts with fewer occurrences say too little of a word. */
const FEWEST = 4;

/**
 * Words by the sum over sources of the root of their count: those that many sources use come before the jargon of one.
 * Parts by the same measure over all words but the common ones.
 *
 * cost     about 15 s for 1.3 million texts
 */
export function chooseVocabulary(
  texts: readonly string[],
  sourceOf: Uint8Array,
  options: VocabularyOptions,
): Vocabulary {
  const { counts, scores, solid } = countWords(texts, sourceOf);
  const small = smallWords();
  // Small words must have rows, and short ones, even where they are hardly seen.
  const missing = [...small].filter((word) => (counts.get(word) ?? 0) >= 1);
  for (const word of missing) scores.set(word, Math.max(scores.get(word) ?? 0, SMALL_SCORE));
  const ranked = [...scores.keys()].filter((word) => small.has(word) || (counts.get(word) ?? 0) >= FEWEST);
  ranked.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || (a < b ? -1 : 1));
  const chosen = ranked.slice(0, options.words);
  const left = new Map<string, number>(scores);
  for (const word of chosen.slice(0, options.common)) left.delete(word);
  const parts = chooseParts(left, solid, options.parts);
  const wordHashes = chosen.map((word) => hashWord(unitsOf(word), word.length));
  return {
    hashes: Uint32Array.from([...wordHashes, ...parts]),
    words: chosen.length,
    common: options.common,
    parts: parts.length,
    shared: options.shared,
    wordTexts: chosen,
    counts: Float64Array.from(chosen, (word) => counts.get(word) ?? 0),
  };
}

/** Small words of the languages that most texts here are in, without their marks as the tokeniser reads them. */
export function smallWords(): Set<string> {
  return new Set(LANGUAGES.flatMap((language) => [...stopWords(language)].map(withoutMarks)));
}

export function unitsOf(word: string): Uint16Array {
  return Uint16Array.from({ length: word.length }, (_, i) => word.charCodeAt(i));
}

function countWords(
  texts: readonly string[],
  sourceOf: Uint8Array,
): { counts: Map<string, number>; scores: Map<string, number>; solid: Set<string> } {
  const counts = new Map<string, number>();
  const scores = new Map<string, number>();
  const solid = new Set<string>();
  const bySource = new Map<number, Map<string, number>>();
  for (const [i, text] of texts.entries()) {
    const source = sourceOf[i] as number;
    const ofSource = bySource.get(source) ?? new Map<string, number>();
    bySource.set(source, ofSource);
    scanWords(text, (units, length, isSolid) => {
      let word = "";
      for (let at = 0; at < length; at++) word += String.fromCharCode(units[at] as number);
      ofSource.set(word, (ofSource.get(word) ?? 0) + 1);
      if (isSolid) solid.add(word);
    });
  }
  for (const ofSource of bySource.values()) {
    for (const [word, count] of ofSource) {
      counts.set(word, (counts.get(word) ?? 0) + count);
      scores.set(word, (scores.get(word) ?? 0) + Math.sqrt(count));
    }
  }
  return { counts, scores, solid };
}

/** returns  the hashes of the parts with the highest sums of scores */
function chooseParts(words: ReadonlyMap<string, number>, solid: ReadonlySet<string>, most: number): number[] {
  const scores = new Map<number, number>();
  const marked = new Uint16Array(LONGEST_WORD + 2);
  for (const [word, score] of words) {
    // What occurs once says little, and there are many of these.
    if (solid.has(word) || score < 2) continue;
    visitParts(unitsOf(word), word.length, marked, (hash) => {
      scores.set(hash, (scores.get(hash) ?? 0) + score);
    });
  }
  const ranked = [...scores].sort(([a, x], [b, y]) => y - x || a - b);
  return ranked.slice(0, most).map(([hash]) => hash);
}
