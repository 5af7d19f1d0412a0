/** Pairs within one language for those that only occur as translations: two pieces of one text. */

import type { Corpus } from "./corpus.ts";
import { seeded } from "./seeded.ts";

/** Of a text that is neither English nor paired with its own language, which kind of text it is for the teacher: none. */
export const NO_TEACHER = -2;

/** Shorter texts have no two pieces that say something. */
const FEWEST_WORDS = 10;
/** Words of a piece, as shares of the text. */
const SHORTEST = 0.3;
const LONGEST = 0.7;

/**
 * The corpus and a pair of pieces of each translation, drawn by lot: without them nothing would say that texts which share
 * words of these languages are about the same.
 *
 * source   independent cropping, Izacard and others 2022 (Contriever)
 */
export function withCrops(corpus: Corpus, seed: number): Corpus {
  const random = seeded(seed);
  const texts = [...corpus.texts];
  const pairs = [...corpus.pairs];
  const sources = [...corpus.sourceOf];
  const translations = [...corpus.translationOf];
  for (const [place, english] of corpus.translationOf.entries()) {
    if (english < 0) continue;
    const words = (corpus.texts[place] ?? "").split(/\s+/);
    if (words.length < FEWEST_WORDS) continue;
    pairs.push({ a: texts.length, b: texts.length + 1, kind: "crop" });
    for (let side = 0; side < 2; side++) {
      texts.push(crop(words, random));
      sources.push(corpus.sourceOf[place] as number);
      translations.push(NO_TEACHER);
    }
  }
  return { texts, pairs, sourceOf: Uint8Array.from(sources), translationOf: Int32Array.from(translations) };
}

function crop(words: readonly string[], random: () => number): string {
  const length = Math.ceil((SHORTEST + (LONGEST - SHORTEST) * random()) * words.length);
  const from = Math.floor(random() * (words.length - length + 1));
  return words.slice(from, from + length).join(" ");
}
