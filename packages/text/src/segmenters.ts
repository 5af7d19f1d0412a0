/** One Intl.Segmenter of each granularity, made at first use. */

let words: Intl.Segmenter | undefined;
let sentences: Intl.Segmenter | undefined;
let graphemes: Intl.Segmenter | undefined;

// The locale is fixed, so that a text has the same segments on every machine.
const LOCALE = "en";

export function wordSegmenter(): Intl.Segmenter {
  words ??= new Intl.Segmenter(LOCALE, { granularity: "word" });
  return words;
}

export function sentenceSegmenter(): Intl.Segmenter {
  sentences ??= new Intl.Segmenter(LOCALE, { granularity: "sentence" });
  return sentences;
}

export function graphemeSegmenter(): Intl.Segmenter {
  graphemes ??= new Intl.Segmenter(LOCALE, { granularity: "grapheme" });
  return graphemes;
}
