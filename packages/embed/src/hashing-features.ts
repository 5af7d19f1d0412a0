/** The features of a word: its stem and its parts, each at two signed places of the vector. */

import { stopWords, withoutMarks, wordTerms } from "@nexus/text";

/** What a word adds to a vector: `values[i]` at `places[i]`. */
export interface Features {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

/** Letters of a part, boundary marks included. Chosen with the weights below by recall@10 on the "fit" conversations of test/eval. */
const PART_LETTERS = 4;
/** Weight of all parts together, beside 1 for the stem. */
const PARTS = 0.7;
/** Weight of a stop word, and of other words by length: long words are rarer, and no corpus is at hand to count. */
const STOP = 0.1;
const SHORTEST = 0.2;
const PER_LETTER = 0.1;

/** Each feature has two places, so that a collision at one spoils half of it. */
const SEEDS = [0x811c9dc5, 0x9747b28c] as const;

const CACHE_WORDS = 20_000;
/** V8 keeps a slice of 13 letters and more as a view of its text, which the cache would keep alive. */
const CACHE_LETTERS = 12;
/** Parts of longer words are not worth their time. */
const LONGEST = 64;

/** A function from a word as written, in a text of a language, to its features; remembers up to 20,000 words. */
export function createFeatures(dimension: number): (word: string, language: string) => Features {
  const caches = new Map<string, Map<string, Features>>();
  let cached = 0;
  return (word, language) => {
    let cache = caches.get(language);
    if (!cache) caches.set(language, (cache = new Map()));
    const known = cache.get(word);
    if (known) return known;
    const made = makeFeatures(word, language, dimension);
    if (word.length > CACHE_LETTERS) return made;
    if (cached >= CACHE_WORDS) {
      for (const other of caches.values()) other.clear();
      cached = 0;
    }
    cache.set(word, made);
    cached++;
    return made;
  };
}

function makeFeatures(word: string, language: string, dimension: number): Features {
  const places: number[] = [];
  const values: number[] = [];
  const add = (feature: string, value: number): void => {
    for (const seed of SEEDS) {
      const hash = mix(feature, seed);
      places.push(hash % dimension);
      values.push((hash >>> 31 === 1 ? value : -value) * Math.SQRT1_2);
    }
  };
  for (const term of wordTerms(word, language)) {
    const plain = withoutMarks(term.word);
    const weight = stopWords(language).has(term.word) ? STOP : Math.min(1, SHORTEST + PER_LETTER * plain.length);
    add(`w${term.id}`, weight);
    const marked = `<${plain.slice(0, LONGEST)}>`;
    const parts = marked.length - PART_LETTERS + 1;
    for (let i = 0; i < parts; i++) {
      add(`g${marked.slice(i, i + PART_LETTERS)}`, (PARTS * weight) / Math.sqrt(parts));
    }
  }
  return { places, values };
}

/** FNV-1a over UTF-16 units, then the finaliser of MurmurHash3, since FNV alone leaves the high bits alike. */
function mix(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
