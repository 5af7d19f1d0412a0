/** Sentences that name nothing, to learn that a capital at the beginning of one means little. */

import { type Lexicon, wordKey } from "../src/entities/vocabulary.ts";
import { tokenise } from "../src/entities/tokens.ts";
import type { Example, Prose } from "./example.ts";

/** One in so many of the corpus is looked at, so that all its sources are. */
const EVERY = 13;
const MIN_LENGTH = 12;
const MAX_LENGTH = 140;
/** Most that a word's writing (see lexicon.ts) may say for a capital. */
const MOSTLY_LOWER = 2;

/** No capital but at a sentence's beginning or in "I", and there a word that is usually written without. */
export function plainSentences(pairs: Iterable<Prose>, lexicon: Lexicon, count: number): Example[] {
  const found: Example[] = [];
  let seen = 0;
  for (const { text, foreign } of pairs) {
    if (foreign || ++seen % EVERY !== 0 || text.length < MIN_LENGTH || text.length > MAX_LENGTH) continue;
    const tokens = tokenise(text);
    const named = tokens.some(({ text: word, lower, first }) =>
      first ? ((lexicon.get(wordKey(lower)) ?? 0) & 7) > MOSTLY_LOWER : word !== lower && !/^I(?:['’]|$)/u.test(word),
    );
    if (named || tokens.every(({ text: word, lower }) => word === lower)) continue;
    found.push({ text, mentions: [] });
    if (found.length === count) break;
  }
  return found;
}
