/** What the tagger looks at: each token's features, as numbers of some bits. */

import type { Token } from "./tokens.ts";

/** Bits of a feature's number; two that share a number share their weights. */
export const FEATURE_BITS = 18;

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
const NAMING = 255 & ~(NAME_KINDS.common | NAME_KINDS.foreign);
/** Bits of a key: 60,000 entries in so many make three words in a thousand pass for another. */
const KEY_BITS = 24;

/** The key of a word or of words with single spaces between them, in lower case. */
export function wordKey(lower: string): number {
  return hash(lower) & ((1 << KEY_BITS) - 1);
}

const MASK = (1 << FEATURE_BITS) - 1;
/** Most words of a place or a company that the lexicon has in one entry. */
const MAX_PHRASE = 4;

interface Seen {
  readonly token: Token;
  readonly shape: number;
  readonly hash: number;
  readonly written: number;
  readonly cluster: number;
  readonly names: number;
  /** Kinds of the phrase that the token is part of, and 1 at its first word, 2 further in. */
  readonly phrase: number;
}

const EDGE: Seen = {
  token: { text: "", lower: "", start: 0, end: 0, first: false },
  shape: 99,
  hash: 99,
  written: 0,
  cluster: 0,
  names: 0,
  phrase: 0,
};

/** The features of every token, appended to `out` token by token; the result holds where each token's begin, and the end. */
export function featuresOf(tokens: readonly Token[], lexicon: Lexicon, out: number[]): number[] {
  const seen = look(tokens, lexicon);
  const manner = mannerOf(tokens);
  const starts: number[] = [];
  for (let i = 0; i < seen.length; i++) {
    starts.push(out.length);
    const add = (template: number, a: number, b = 0): void => {
      out.push(mix(template, a, b) & MASK);
    };
    const here = seen[i] ?? EDGE;
    const left = seen[i - 1] ?? EDGE;
    const right = seen[i + 1] ?? EDGE;
    const first = here.token.first ? 1 : 0;
    const { lower } = here.token;
    add(1, 0);
    add(2, here.hash);
    add(3, here.shape, first);
    add(4, here.shape, manner);
    add(5, hash(lower.slice(0, 3)));
    add(6, hash(lower.slice(-3)));
    add(7, hash(lower.slice(-2)), here.shape);
    add(8, here.written, here.shape * 2 + first);
    add(9, here.written * 8 + manner, here.shape);
    add(10, here.cluster, capital(here));
    add(11, left.cluster, right.cluster);
    add(12, here.cluster, left.cluster);
    add(13, here.cluster, right.cluster);
    add(14, here.names, capital(here) * 2 + first);
    add(15, here.names & NAMING, here.written * 4 + capital(here));
    add(16, here.phrase, capital(here));
    add(17, left.hash, capital(here));
    add(18, right.hash, capital(here));
    add(19, left.cluster, capital(here) * 8 + here.written);
    add(20, right.cluster, capital(here) * 8 + here.written);
    add(21, left.shape * 128 + here.shape, right.shape);
    add(22, left.names & NAMING, (here.names & NAMING) * 4 + capital(here));
    add(23, right.names & NAMING, (here.names & NAMING) * 4 + capital(here));
    add(24, capital(left) * 4 + capital(right), here.written * 4 + capital(here));
    add(29, left.written * 8 + right.written, here.written * 4 + capital(here));
    add(30, right.phrase * 128 + left.phrase, capital(here));
  }
  starts.push(out.length);
  return starts;
}

function look(tokens: readonly Token[], lexicon: Lexicon): Seen[] {
  const phrases = new Uint16Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    let phrase = hash(tokens[i]?.lower ?? "");
    for (let size = 2; size <= MAX_PHRASE && i + size <= tokens.length; size++) {
      phrase = hash(tokens[i + size - 1]?.lower ?? "", hash(" ", phrase));
      const kinds = ((lexicon.get(phrase & ((1 << KEY_BITS) - 1)) ?? 0) >> 11) & NAMING;
      if (kinds === 0) continue;
      for (let at = i; at < i + size; at++) phrases[at] = kinds * 4 + (at === i ? 1 : 2);
    }
  }
  return tokens.map((token, i) => {
    const known = lexicon.get(wordKey(token.lower.replace(/^[@#]/u, ""))) ?? 0;
    return {
      token,
      shape: shapeOf(token.text),
      hash: hash(token.lower.replaceAll(/\d/gu, "0")),
      written: known & 7,
      cluster: (known >> 3) & 255,
      names: known >> 11,
      phrase: phrases[i] ?? 0,
    };
  });
}

/** 0 lower-case or no letter, 1 a capital, 2 capitals throughout, 3 capitals inside. */
function capital({ shape }: Seen): number {
  return shape & 3;
}

/** Two bits of capitals, then the kind of token and whether it is long. */
function shapeOf(text: string): number {
  const code = text.charCodeAt(0);
  if (code === 0x40) return 4;
  if (code === 0x23) return 8;
  const lower = text.toLowerCase();
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

/** How the text is written: 0 as usual, 1 without capitals, 2 in capitals, 3 with capitals on most words. */
function mannerOf(tokens: readonly Token[]): number {
  let letters = 0;
  let lower = 0;
  let upper = 0;
  let inner = 0;
  for (const { text, lower: low } of tokens) {
    if (text === text.toUpperCase() && text === low) continue;
    letters++;
    if (text === low) lower++;
    else if (text.length > 1 && text === text.toUpperCase()) upper++;
    else inner++;
  }
  if (letters < 3) return 0;
  if (lower === letters) return 1;
  if (upper > letters * 0.7) return 2;
  return inner + upper > letters * 0.6 ? 3 : 0;
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, from = 0x811c9dc5): number {
  let value = from;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function mix(template: number, a: number, b: number): number {
  let value = Math.imul(template, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0xc2b2ae35) ^ Math.imul(b + 1, 0x27d4eb2f);
  value = Math.imul(value ^ (value >>> 13), 0x165667b1);
  return (value ^ (value >>> 16)) >>> 0;
}
