/** Terms: what a word is indexed as, and the 32-bit id of each. */

import { sha256 } from "@noble/hashes/sha2.js";

import { accented, withoutMarks } from "./accents.ts";
import { baseForm } from "./english-forms.ts";
import { stem } from "./stem.ts";

/** A term of one word as it stands in a text. */
export interface WordTerm {
  readonly id: number;
  /** Normalised, not stemmed. */
  readonly word: string;
  /** UTF-16 offsets within the word. */
  readonly start: number;
  readonly end: number;
}

/** Words kept with their terms, over all languages; the cache is emptied when it is full. */
const CACHE_WORDS = 50_000;
/** Longer words are not worth a place. */
const CACHE_LETTERS = 32;

/** Shorter slices are copies already (V8). */
const SLICE_LETTERS = 13;

const caches = new Map<string, Map<string, readonly WordTerm[]>>();
let cached = 0;

/**
 * The terms of a word of a text in `language`: its parts, lower-case, NFKC, stemmed, without accents.
 *
 * cost     one look-up when the word was seen before, else a stem and a SHA-256 for each part
 */
export function wordTerms(word: string, language: string): readonly WordTerm[] {
  let cache = caches.get(language);
  if (!cache) caches.set(language, (cache = new Map()));
  const known = cache.get(word);
  if (known) return known;
  if (word.length > CACHE_LETTERS) return makeTerms(word, language);
  if (cached >= CACHE_WORDS) {
    for (const other of caches.values()) other.clear();
    cached = 0;
  }
  const key = detached(word);
  const terms = makeTerms(key, language);
  cache.set(key, terms);
  cached++;
  return terms;
}

/**
 * The id of a term: the first 32 bits of the SHA-256 of its UTF-8, big endian.
 *
 * error    two of n terms collide with probability about n² / 2³³: 1 % at 9,300 terms
 */
export function termId(term: string): number {
  const hash = sha256(new TextEncoder().encode(term));
  return (((hash[0] ?? 0) << 24) | ((hash[1] ?? 0) << 16) | ((hash[2] ?? 0) << 8) | (hash[3] ?? 0)) >>> 0;
}

/**
 * The id under which memories that mention an entity are listed, beside those of words: a namespace of its own, as no
 * word holds a NUL. `nameKey` is the entity's name folded by `nameKey`.
 */
export function entityTermId(nameKey: string): number {
  return termId(`entity\0${nameKey}`);
}

function makeTerms(word: string, language: string): WordTerm[] {
  return parts(word).map(([start, end]) => {
    const normal = normalise(word.slice(start, end));
    const plain = accented(withoutMarks(normal), language);
    const term = stem(language === "en" ? baseForm(plain) : plain, language);
    return { id: termId(term), word: normal, start, end };
  });
}

function normalise(word: string): string {
  return word.normalize("NFKC").toLowerCase().replaceAll("’", "'");
}

/** Where full stops, colons and low lines join what are separate words: "day.I", "snake_case". Single letters and numbers stay together. */
function parts(word: string): [number, number][] {
  if (!/[.:_·]/.test(word) || /^[\p{N}.,]+$/u.test(word) || /^(?:\p{L}\.)+\p{L}$/u.test(word))
    return [[0, word.length]];
  return [...word.matchAll(/[^.:_·]+/g)].map((match) => [match.index, match.index + match[0].length]);
}

/** A copy that does not keep the text alive that the word was cut from. */
function detached(word: string): string {
  return word.length < SLICE_LETTERS ? word : Array.from(word).join("");
}
