/** How long each row is before training: rare words weigh more. */

import { smallWords, type Vocabulary } from "./vocabulary.ts";

/** Share of all words at which a row is half as long as that of a word that never occurs (Arora et al. 2017, smooth inverse frequency). */
const HALF = 1e-3;
/** Parts and shared rows: several of them make up a word. */
const OTHERS = 0.5;

/** Small words of languages that are too rare here for their counts to say so. */
const SMALL = 0.15;

export function startLengths({ words, parts, shared, counts, wordTexts }: Vocabulary): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const lengths = new Float32Array(words + parts + shared).fill(OTHERS);
  const small = smallWords();
  for (let row = 0; row < words; row++) {
    const length = HALF / (HALF + (counts[row] as number) / total);
    lengths[row] = small.has(wordTexts[row] ?? "") ? Math.min(SMALL, length) : length;
  }
  return lengths;
}
