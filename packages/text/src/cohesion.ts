/** Lexical cohesion: how many words the text before a place shares with the text after it. */

import type { Boundaries } from "./boundaries.ts";
import { guessLanguage } from "./language.ts";
import { stopWords } from "./stop-words.ts";

/** Words looked at on each side: a block of TextTiling's, in two sentences or three. */
const BLOCK = 48;
/** Letters that stand for a word's stem, whatever its language. */
const STEM_LETTERS = 6;

/** Cosine of the content words on both sides of the place before a unit, 0…1. */
export function createCohesion(text: string, { starts, ends }: Boundaries): (unit: number) => number {
  const left = stopWords(guessLanguage(text).language);
  const numbers = new Map<string, number>();
  const wordOf = new Int32Array(starts.length).fill(-1);
  for (let unit = 0; unit < starts.length; unit++) {
    const start = starts[unit] ?? 0;
    const word = text.slice(start, Math.min(ends[unit] ?? 0, start + 24)).toLowerCase();
    if (left.has(word) || !/[\p{L}\p{N}]/u.test(word)) continue;
    const key = word.slice(0, STEM_LETTERS);
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    wordOf[unit] = number;
  }
  // Stamped with the place they were last seen before, so that nothing is cleared between calls.
  const seen = new Int32Array(numbers.size).fill(-1);
  const shared = new Int32Array(numbers.size).fill(-1);
  return (unit) => {
    let before = 0;
    let after = 0;
    let both = 0;
    for (let i = unit - 1; i >= 0 && i >= unit - BLOCK; i--) {
      const word = wordOf[i] ?? -1;
      if (word < 0 || seen[word] === unit) continue;
      seen[word] = unit;
      before++;
    }
    for (let i = unit; i < starts.length && i < unit + BLOCK; i++) {
      const word = wordOf[i] ?? -1;
      if (word < 0 || shared[word] === unit) continue;
      shared[word] = unit;
      after++;
      if (seen[word] === unit) both++;
    }
    return before === 0 || after === 0 ? 0 : both / Math.sqrt(before * after);
  };
}
