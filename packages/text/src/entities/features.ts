/** What the tagger looks at: each token's features, as numbers of some bits. */

import type { Token } from "./tokens.ts";
import { extend, type Seen, type Vocabulary } from "./vocabulary.ts";

/** Bits of a feature's number; two that share a number share their weights. */
export const FEATURE_BITS = 18;

/** Features of a token: those of its word by itself, then those of its word among its neighbours. */
export const OWN = 12;
export const FEATURES = 26;

const MASK = (1 << FEATURE_BITS) - 1;
/** Most words of a place or a company that the lexicon has in one entry. */
const MAX_PHRASE = 4;

/** What stands before the first token and behind the last. */
const EDGE: Seen = {
  shape: 99,
  capital: 99 & 3,
  letters: "none",
  hash: 99,
  plainHash: 0,
  hashOfFirst3: 0,
  hashOfLast3: 0,
  hashOfLast2: 0,
  written: 0,
  cluster: 0,
  names: 0,
  naming: 0,
  scores: [],
};

/** A text as the features see it. */
export interface Sight {
  readonly seen: readonly Seen[];
  /** Whether each token opens a sentence, 0 or 1. */
  readonly firsts: Uint8Array;
  /** For each token the kinds of the phrase that it is part of × 4, and 1 at the phrase's first word, 2 further in. */
  readonly phrases: Uint16Array;
  /** How the text is written: 0 as usual, 1 without capitals, 2 in capitals, 3 with capitals on most words. */
  readonly manner: number;
}

export function sightOf(tokens: readonly Token[], vocabulary: Vocabulary): Sight {
  const seen = tokens.map(({ text, lower }) => vocabulary.look(text, lower));
  const firsts = Uint8Array.from(tokens, ({ first }) => (first ? 1 : 0));
  return { seen, firsts, phrases: phrasesOf(tokens, seen, vocabulary), manner: mannerOf(seen) };
}

/** Writes the features of a word by itself to `out`: the same for `scores` of the same `variantOf`. */
export function ownFeatures({ seen, firsts, manner }: Sight, i: number, out: Int32Array, at: number): void {
  const here = seen[i] ?? EDGE;
  const { shape, capital, written } = here;
  const first = firsts[i] ?? 0;
  out[at] = feature(1, 0, 0);
  out[at + 1] = feature(2, here.hash, 0);
  out[at + 2] = feature(3, shape, first);
  out[at + 3] = feature(4, shape, manner);
  out[at + 4] = feature(5, here.hashOfFirst3, 0);
  out[at + 5] = feature(6, here.hashOfLast3, 0);
  out[at + 6] = feature(7, here.hashOfLast2, shape);
  out[at + 7] = feature(8, written, shape * 2 + first);
  out[at + 8] = feature(9, written * 8 + manner, shape);
  out[at + 9] = feature(10, here.cluster, capital);
  out[at + 10] = feature(14, here.names, capital * 2 + first);
  out[at + 11] = feature(15, here.naming, written * 4 + capital);
}

/** What its own features depend on besides the word: 0…7. */
export function variantOf({ firsts, manner }: Sight, i: number): number {
  return (firsts[i] ?? 0) * 4 + manner;
}

/** Writes the features of a word among its neighbours to `out`. */
export function placeFeatures({ seen, phrases }: Sight, i: number, out: Int32Array, at: number): void {
  const here = seen[i] ?? EDGE;
  const left = i === 0 ? EDGE : (seen[i - 1] ?? EDGE);
  const right = seen[i + 1] ?? EDGE;
  const { shape, capital, written, cluster, naming } = here;
  const writing = capital * 8 + written;
  const capitals = written * 4 + capital;
  const phrase = phrases[i] ?? 0;
  const before = i === 0 ? 0 : (phrases[i - 1] ?? 0);
  const after = i + 1 < phrases.length ? (phrases[i + 1] ?? 0) : 0;
  out[at] = feature(11, left.cluster, right.cluster);
  out[at + 1] = feature(12, cluster, left.cluster);
  out[at + 2] = feature(13, cluster, right.cluster);
  out[at + 3] = feature(16, phrase, capital);
  out[at + 4] = feature(17, left.hash, capital);
  out[at + 5] = feature(18, right.hash, capital);
  out[at + 6] = feature(19, left.cluster, writing);
  out[at + 7] = feature(20, right.cluster, writing);
  out[at + 8] = feature(21, left.shape * 128 + shape, right.shape);
  out[at + 9] = feature(22, left.naming, naming * 4 + capital);
  out[at + 10] = feature(23, right.naming, naming * 4 + capital);
  out[at + 11] = feature(24, left.capital * 4 + right.capital, capitals);
  out[at + 12] = feature(29, left.written * 8 + right.written, capitals);
  out[at + 13] = feature(30, after * 128 + before, capital);
}

function phrasesOf(tokens: readonly Token[], seen: readonly Seen[], vocabulary: Vocabulary): Uint16Array {
  const phrases = new Uint16Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    let phrase = seen[i]?.plainHash ?? 0;
    for (let size = 2; size <= MAX_PHRASE && i + size <= tokens.length; size++) {
      phrase = extend(phrase, tokens[i + size - 1]?.lower ?? "");
      const kinds = vocabulary.phrase(phrase);
      if (kinds === 0) continue;
      for (let at = i; at < i + size; at++) phrases[at] = kinds * 4 + (at === i ? 1 : 2);
    }
  }
  return phrases;
}

function mannerOf(seen: readonly Seen[]): number {
  let lettered = 0;
  let lower = 0;
  let upper = 0;
  for (const { letters } of seen) {
    if (letters === "none") continue;
    lettered++;
    if (letters === "lower") lower++;
    else if (letters === "upper") upper++;
  }
  if (lettered < 3) return 0;
  if (lower === lettered) return 1;
  if (upper > lettered * 0.7) return 2;
  return lettered - lower > lettered * 0.6 ? 3 : 0;
}

function feature(template: number, a: number, b: number): number {
  let value = Math.imul(template, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35) ^ Math.imul(b + 1, 0x27d4eb2f);
  value = Math.imul(value ^ (value >>> 13), 0x165667b1);
  return (value ^ (value >>> 16)) & MASK;
}
