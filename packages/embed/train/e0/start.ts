/** How long each row is before training: rare words weigh more. */

import type { Vocabulary } from "./vocabulary.ts";

/** Share of all words at which a row is half as long as that of a word that never occurs (Arora et al. 2017, smooth inverse frequency). */
const HALF = 1e-3;
/** Parts and shared rows: several of them make up a word. */
const OTHERS = 0.5;

export function startLengths({ words, parts, shared, counts }: Vocabulary): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const lengths = new Float32Array(words + parts + shared).fill(OTHERS);
  for (let row = 0; row < words; row++) lengths[row] = HALF / (HALF + (counts[row] as number) / total);
  return lengths;
}
