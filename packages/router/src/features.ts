/** Counts and cues of a query, found in one pass over its words. */

import type { Word } from "@nexus/text";
import { isCodeLike } from "./code-like.ts";
import {
  AFTER_CONJUNCTION,
  BRIDGES,
  COMPARISON,
  CONJUNCTIONS,
  CRITICAL,
  NEGATION,
  NO_NAMES,
  REFERENCE,
  RELATIVE_ADJECTIVES,
  RELATIVE_TIME,
  REPETITION,
  TECHNICAL,
  TEMPORAL,
  TIME_NOUNS,
} from "./cues.ts";

export interface Features {
  readonly wordCount: number;
  /** In UTF-16 units; 0 without words. */
  readonly meanWordLength: number;
  /** Runs of capitalised words that do not open a sentence: "Ana Silva" is one. */
  readonly entityCount: number;
  /** Words that begin with a digit. */
  readonly numberCount: number;
  /** 1, and 1 for each conjunction; 0 without words. */
  readonly clauseCount: number;
  /** It points back at earlier talk ("that", "the same again"). */
  readonly hasReference: boolean;
  /** It asks for the same once more. */
  readonly isRepetition: boolean;
  readonly hasTemporal: boolean;
  /** It counts from today ("last week", "yesterday"): its answer is stale tomorrow. */
  readonly hasRelativeTime: boolean;
  readonly hasTechnical: boolean;
  /** A word of medicine, law or finance. */
  readonly hasCritical: boolean;
  readonly hasNegation: boolean;
  /** It compares two things. */
  readonly isComparison: boolean;
  /** One thing must be found to find the other: "the city where Ana's brother works". */
  readonly isBridge: boolean;
  readonly codeLike: boolean;
}

/** Possessives from which a question is a chain: "Ana's brother's boss". */
const CHAIN = 2;

/** `lower` are the words in lower case. Cost: about 2 µs for a question. */
export function featuresOf(query: string, words: readonly Word[], lower: readonly string[]): Features {
  let letters = 0;
  let entityCount = 0;
  let numberCount = 0;
  let conjunctions = 0;
  let possessives = 0;
  let inName = false;
  let hasReference = false;
  let isRepetition = false;
  let hasTemporal = false;
  let hasRelativeTime = false;
  let hasTechnical = false;
  let hasCritical = false;
  let hasNegation = false;
  let isComparison = false;
  let isBridge = false;
  for (let i = 0; i < words.length; i++) {
    const { text, start } = words[i] as Word;
    const word = lower[i] as string;
    const next = lower[i + 1] ?? "";
    letters += text.length;
    const first = text.charCodeAt(0);
    if (first >= 0x30 && first <= 0x39) {
      numberCount++;
      hasTemporal ||= isYear(text);
    }
    const opens = i === 0 || endsSentence(query, (words[i - 1] as Word).end, start);
    const isName = !opens && text.charAt(0) !== word.charAt(0) && !NO_NAMES.has(word);
    if (isName && !(inName && start === (words[i - 1] as Word).end + 1)) entityCount++;
    inName = isName;
    if (word.endsWith("'s") || word.endsWith("’s")) possessives++;
    if (CONJUNCTIONS.has(word)) conjunctions++;
    if (!hasReference && REFERENCE.has(word)) hasReference = pointsBack(word, next, words[i + 1]?.text);
    isRepetition ||= REPETITION.has(word);
    if (RELATIVE_TIME.has(word) || (TIME_NOUNS.has(next) && RELATIVE_ADJECTIVES.has(word))) hasRelativeTime = true;
    hasTemporal ||= TEMPORAL.has(word);
    hasTechnical ||= TECHNICAL.has(word);
    hasCritical ||= CRITICAL.has(word);
    hasNegation ||= NEGATION.has(word) || word.endsWith("n't") || word.endsWith("n’t");
    isComparison ||= COMPARISON.has(word);
    isBridge ||= i > 1 && !opens && BRIDGES.has(word) && isNoun(lower[i - 1] as string);
  }
  return {
    wordCount: words.length,
    meanWordLength: letters / Math.max(1, words.length),
    entityCount,
    numberCount,
    clauseCount: words.length === 0 ? 0 : conjunctions + 1,
    hasReference,
    isRepetition,
    hasTemporal: hasTemporal || hasRelativeTime,
    hasRelativeTime,
    hasTechnical,
    hasCritical,
    hasNegation,
    isComparison,
    isBridge: isBridge || possessives >= CHAIN,
    codeLike: isCodeLike(query),
  };
}

/** "What was that?" points back; "that week" is a time, and "that Ana read" a clause. */
function pointsBack(word: string, next: string, nextAsWritten: string | undefined): boolean {
  if (TIME_NOUNS.has(next)) return false;
  if (word !== "that") return true;
  const capitalised = nextAsWritten !== undefined && nextAsWritten.charAt(0) !== next.charAt(0);
  return !capitalised && !AFTER_CONJUNCTION.has(next);
}

/** A relative clause hangs on a noun; "tell me where" and "and where" have none. */
function isNoun(before: string): boolean {
  return before.length > 2 && !CONJUNCTIONS.has(before) && !NOT_NOUNS.has(before);
}

const NOT_NOUNS: ReadonlySet<string> = new Set(
  "tell know remember wonder say said ask asked dime sabes recuerda with from about for the and them him her you".split(
    " ",
  ),
);

function isYear(text: string): boolean {
  return text.length === 4 && (text.startsWith("19") || text.startsWith("20"));
}

function endsSentence(query: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const mark = query.charCodeAt(i);
    // . ! ? ¿ ¡ : and line ends.
    if (
      mark === 0x2e ||
      mark === 0x21 ||
      mark === 0x3f ||
      mark === 0xbf ||
      mark === 0xa1 ||
      mark === 0x3a ||
      mark === 0x0a
    )
      return true;
  }
  return false;
}
