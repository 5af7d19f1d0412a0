/** What is known of a word by itself: how it is written, what the lexicon says of it, and its hashes; kept for the next time. */

/**
 * What is known of words and phrases, by their `wordKey`: how one is written (3 bits), its cluster (8 bits), the kinds of
 * name it can be (`NAME_KINDS`).
 */
export type Lexicon = ReadonlyMap<number, number>;

/** Bits of the third part of an entry. */
export const NAME_KINDS = {
  given: 1,
  family: 2,
  place: 4,
  company: 8,
  common: 16,
  foreign: 32,
  work: 64,
  brand: 128,
} as const;

/** The kinds that name something; the others are of common words. */
const NAMING: number = 255 & ~(NAME_KINDS.common | NAME_KINDS.foreign);

/** A word as it is written. */
export interface Seen {
  /** Two bits of capitals, then the kind of token and whether it is long. */
  readonly shape: number;
  /** 0 lower-case or no letter, 1 a capital, 2 capitals throughout, 3 capitals inside. */
  readonly capital: number;
  /** "none" has no letters, "upper" at least two. */
  readonly letters: "none" | "lower" | "upper" | "mixed";
  /** Of its lower-case form; `hash` has all digits alike. */
  readonly hash: number;
  readonly plainHash: number;
  readonly hashOfFirst3: number;
  readonly hashOfLast3: number;
  readonly hashOfLast2: number;
  /** See `Lexicon`; `naming` is what is left of `names` without the kinds of common words. */
  readonly written: number;
  readonly cluster: number;
  readonly names: number;
  readonly naming: number;
  /** Scores of the word by itself, by where and in what text it stands; for the tagger to keep. */
  readonly scores: (Int32Array | undefined)[];
}

export interface Vocabulary {
  /** A word of the text and the same in lower case. */
  readonly look: (text: string, lower: string) => Seen;
  /** Kinds of name of a phrase by its hash (`extend`), 0 where it names nothing. */
  readonly phrase: (hash: number) => number;
}

/** Words that are kept, some 300 bytes each; then all are dropped. */
const MOST_KEPT = 10_000;
/** V8 keeps a longer piece of a text as a reference to the whole text, which would then stay in memory. */
const LONGEST_KEPT = 12;
/** Bits of a key: 60,000 entries in so many make three words in a thousand pass for another. */
const KEY_MASK = (1 << 24) - 1;
const FNV_SEED = 0x811c9dc5;

/** Slots for each entry of the lexicon, at least. */
const ROOM = 2;

/** The key of a word or of words with single spaces between them, in lower case. */
export function wordKey(lower: string): number {
  return hash(lower) & KEY_MASK;
}

/** The hash of a phrase with one more word. */
export function extend(phrase: number, lower: string): number {
  return hash(lower, hash(" ", phrase));
}

/** The vocabulary of a lexicon given as keys and what belongs to each. */
export function openVocabulary(keys: readonly number[], infos: readonly number[]): Vocabulary {
  const lexicon = tableOf(keys, infos);
  const isName = filterOf(keys.filter((_key, i) => (((infos[i] ?? 0) >> 11) & NAMING) !== 0));
  const kept = new Map<string, Seen>();
  return {
    look(text, lower) {
      const known = kept.get(text);
      if (known) return known;
      const seen = seenOf(text, lower, lexicon);
      if (text.length > LONGEST_KEPT) return seen;
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(text, seen);
      return seen;
    },
    phrase(phrase) {
      const key = phrase & KEY_MASK;
      return isName(key) ? (lexicon(key) >> 11) & NAMING : 0;
    },
  };
}

/** What belongs to a key, 0 where there is none: open addressing, as a Map of numbers takes three times the memory and time. */
function tableOf(keys: readonly number[], infos: readonly number[]): (key: number) => number {
  let slots = 1;
  while (slots < keys.length * ROOM) slots *= 2;
  // A key more than it is, as 0 is an empty slot.
  const taken = new Int32Array(slots);
  const values = new Int32Array(slots);
  const slotOf = (key: number): number => {
    let slot = key & (slots - 1);
    while (taken[slot] !== 0 && taken[slot] !== key + 1) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  for (let i = 0; i < keys.length; i++) {
    const slot = slotOf(keys[i] ?? 0);
    taken[slot] = (keys[i] ?? 0) + 1;
    values[slot] = infos[i] ?? 0;
  }
  return (key) => values[slotOf(key)] as number;
}

/** Whether a key may be among these, in 32 KiB that stay in the processor's cache: most phrases of a text name nothing. */
function filterOf(keys: readonly number[]): (key: number) => boolean {
  const bits = new Int32Array(1 << 13);
  for (const key of keys) bits[(key >> 5) & 0x1fff] = (bits[(key >> 5) & 0x1fff] ?? 0) | (1 << (key & 31));
  return (key) => (((bits[(key >> 5) & 0x1fff] as number) >>> (key & 31)) & 1) === 1;
}

function seenOf(text: string, lower: string, lexicon: (key: number) => number): Seen {
  const known = lexicon(wordKey(lower.replace(/^[@#]/u, "")));
  const shape = shapeOf(text, lower);
  const names = known >> 11;
  return {
    shape,
    capital: shape & 3,
    letters: lettersOf(text, lower),
    hash: hash(lower.replaceAll(/\d/gu, "0")),
    plainHash: hash(lower),
    hashOfFirst3: hash(lower.slice(0, 3)),
    hashOfLast3: hash(lower.slice(-3)),
    hashOfLast2: hash(lower.slice(-2)),
    written: known & 7,
    cluster: (known >> 3) & 255,
    names,
    naming: names & NAMING,
    scores: [],
  };
}

function shapeOf(text: string, lower: string): number {
  const code = text.charCodeAt(0);
  if (code === 0x40) return 4;
  if (code === 0x23) return 8;
  const upper = text.toUpperCase();
  if (lower === upper) {
    if (code >= 0x30 && code <= 0x39) return text.length > 3 ? 12 : 16;
    return text.length > 1 ? 20 : 24;
  }
  if (text.startsWith("http") || text.startsWith("www.")) return 28;
  const digit = /\d/u.test(text) ? 32 : 0;
  const mark = /[-&.'’]/u.test(text) ? 64 : 0;
  const length = text.length === 1 ? 0 : text.length <= 4 ? 36 : 40;
  const kind = Math.min(127, digit + mark + (length & 28));
  if (text === lower) return kind & ~3;
  if (text === upper) return (kind & ~3) | 2;
  return (kind & ~3) | (text.slice(1) === lower.slice(1) ? 1 : 3);
}

function lettersOf(text: string, lower: string): Seen["letters"] {
  const isUpper = text === text.toUpperCase();
  if (text === lower) return isUpper ? "none" : "lower";
  return isUpper && text.length > 1 ? "upper" : "mixed";
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, from = FNV_SEED): number {
  let value = from;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}
