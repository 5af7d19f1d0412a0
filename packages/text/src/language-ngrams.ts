/** How well the letters of a text fit each language that shares its script with others. */

import { COUNTS, GRAMS, MEMBERS, TABLE_LANGUAGES, WEIGHTS } from "./language-table.ts";

/** Letters of the longest n-gram. */
const LONGEST = 4;
/** Places of the hash table: more than three times the n-grams. */
const SLOTS = 1 << 16;

interface Table {
  readonly languages: readonly string[];
  /** Hash of the n-gram in each slot, 0 in an empty one, and where its weights begin. */
  readonly hashes: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Number of a language × 8 + its weight. */
  readonly weights: Uint16Array;
}

let made: Table | undefined;

/** Words whose weights are kept, 1 MiB for all; then they are dropped. */
const MOST_KEPT = 8_192;
/** V8 keeps a longer piece of a text as a reference to the whole text, which would then stay in memory. */
const LONGEST_KEPT = 12;

/** Where each word's weights begin in `keptScores`. */
const kept = new Map<string, number>();
let keptScores: Uint16Array | undefined;

/** The languages told apart by n-grams, in the order of the scores. */
export function ngramLanguages(): readonly string[] {
  return (made ??= decode()).languages;
}

/**
 * Adds to `scores` the weights of each n-gram of a run of lower-case letters: log₄ of its probability over 2⁻¹⁶.
 *
 * shapes   scores: one for each of `ngramLanguages()`
 * cost     about 0.2 µs a letter, 0.1 µs for a word met before; the first call decodes the table, 20 ms and 1.3 MiB
 */
export function addNgrams(letters: string, scores: Float64Array): void {
  if (letters.length > LONGEST_KEPT) return countNgrams(letters, scores);
  keptScores ??= new Uint16Array(MOST_KEPT * scores.length);
  let at = kept.get(letters);
  if (at === undefined) {
    if (kept.size === MOST_KEPT) kept.clear();
    at = kept.size * scores.length;
    const own = new Float64Array(scores.length);
    countNgrams(letters, own);
    keptScores.set(own, at);
    kept.set(letters, at);
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) + (keptScores[at + i] as number);
}

function countNgrams(letters: string, scores: Float64Array): void {
  const { hashes, starts, ends, weights } = (made ??= decode());
  for (let start = 0; start < letters.length; start++) {
    let hash = 0;
    const end = Math.min(letters.length, start + LONGEST);
    for (let at = start; at < end; at++) {
      hash = extend(hash, letters.charCodeAt(at));
      let slot = slotOf(hash);
      while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
      if (hashes[slot] === 0) continue;
      const last = ends[slot] ?? 0;
      for (let i = starts[slot] ?? 0; i < last; i++) {
        const weight = weights[i] ?? 0;
        const language = weight >> 3;
        scores[language] = (scores[language] ?? 0) + (weight & 7);
      }
    }
  }
}

function extend(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ (unit + 1), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

function decode(): Table {
  const hashes = new Int32Array(SLOTS);
  const starts = new Int32Array(SLOTS);
  const ends = new Int32Array(SLOTS);
  const weights = new Uint16Array(MEMBERS.length);
  let next = 0;
  let gram = "";
  let number = 0;
  // A digit says how many letters stay and ends the n-gram before it.
  for (const [, kept = "0", rest = ""] of GRAMS.matchAll(/(\d)(\D*)/g)) {
    gram = gram.slice(0, Number(kept)) + rest;
    let hash = 0;
    for (let at = 0; at < gram.length; at++) hash = extend(hash, gram.charCodeAt(at));
    let slot = slotOf(hash);
    while (hashes[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    hashes[slot] = hash;
    starts[slot] = next;
    const end = next + digit(COUNTS, number++);
    let language = 0;
    for (; next < end; next++) {
      language += digit(MEMBERS, next);
      const pair = digit(WEIGHTS, next >> 1);
      weights[next] = language * 8 + (next % 2 === 0 ? pair >> 3 : pair & 7);
    }
    ends[slot] = end;
  }
  return { languages: TABLE_LANGUAGES.split(" "), hashes, starts, ends, weights };
}

/** The number that a character of the table stands for; see `digit` in train/language.node.ts. */
function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code - 0x23 - (code > 0x5c ? 1 : 0);
}
