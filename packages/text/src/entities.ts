/** People, organisations, places, things, technical terms, dates and numbers that a text names. */

import { findDates } from "./dates.ts";
import { headType, titledNames } from "./entities/heads.ts";
import { quantities } from "./entities/quantities.ts";
import { type Spot, settled } from "./entities/spots.ts";
import { tagNames } from "./entities/tagger.ts";
import { technicalTerms } from "./entities/technical.ts";
import { type Token, tokenise } from "./entities/tokens.ts";
import { nameKey } from "./name-key.ts";

export type EntityType = "person" | "organization" | "location" | "concept" | "technical" | "date" | "number";

export interface EntityMention {
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** As written, without the mark of a tag and with single spaces. */
  readonly name: string;
  readonly type: EntityType;
  /** P(this is a mention of this type). */
  readonly confidence: number;
}

export interface EntityOptions {
  /** ISO 639-1; English rules of dates where it is left out. */
  readonly language?: string | undefined;
  /** Names of those who talk: people wherever they occur. */
  readonly speakers?: readonly string[] | undefined;
  /** The dates of the text, where they are known already; else they are looked for. */
  readonly dates?: readonly { readonly start: number; readonly end: number }[] | undefined;
}

/** A speaker's name is known, not guessed; it may still be a word of the sentence. */
const SPEAKER_CONFIDENCE = 0.97;
/** Less certain names are mostly none; F1 is flat from 0 to .3. */
const MIN_CONFIDENCE = 0.2;
/** After a title, or with a word such as "Lake" or "Hospital" in it, the type leaves little doubt. */
const HEAD_CONFIDENCE = 0.85;
/** Dates are found by rules; the few that are none are verbs and numbers. */
const DATE_CONFIDENCE = 0.95;
// Dates are wanted for their place only: any reference will do.
const REFERENCE = new Date(0);
// Titles and greetings are no part of a name: "Dr. Okoro" and "Okoro" are one node.
const BEFORE =
  /^(?:dr|mr|mrs|ms|prof|professor|nurse|coach|sr|sra|dra|don|doña|doctor|doctora|señor|señora|profesor|profesora|tía|tío|aunt|uncle|hey|hi|thanks)$/u;
// Nor are articles, unless they have a capital: "Los Angeles".
const ARTICLE = /^(?:an?|the|el|la|los|las|una?)$/u;

const POSSESSIVE = /^['’]s$/u;
const NAMED = /[\p{L}\p{N}]/u;

/**
 * Mentions in ascending order, none overlapping another.
 *
 * cost     some 2 µs a word, up to 80 µs more where dates are looked for; some 20 ms at the first call, which unpacks the model
 * error    F1 on test/eval/quality, `npm run eval -- --only entities`
 */
export function findEntities(text: string, options?: EntityOptions): EntityMention[] {
  const tokens = tokenise(text);
  const spots: Spot[] = [...speakerSpots(tokens, options?.speakers ?? []), ...technicalTerms(text)];
  for (const { start, end } of options?.dates ?? findDates(text, REFERENCE, { language: options?.language })) {
    spots.push({ start, end, type: "date", confidence: DATE_CONFIDENCE });
  }
  for (const { start, end } of titledNames(tokens)) {
    const span = trimmed(tokens, start, end);
    if (span) spots.push({ ...span, type: "person", confidence: HEAD_CONFIDENCE });
  }
  for (const { start, end, type, confidence } of tagNames(tokens)) {
    const span = trimmed(tokens, start, end);
    if (!span) continue;
    const shown = headType(tokens, span.first, end);
    if (shown !== undefined) spots.push({ ...span, type: shown, confidence: Math.max(confidence, HEAD_CONFIDENCE) });
    else if (confidence >= MIN_CONFIDENCE) spots.push({ ...span, type, confidence });
  }
  return settled([...spots, ...quantities(text)]).map(({ start, end, type, confidence }) => ({
    start,
    end,
    type,
    confidence,
    name: text.slice(start, end).replace(/^[@#]/u, "").replaceAll(/\s+/gu, " "),
  }));
}

interface Trimmed {
  /** Index of the first token left. */
  readonly first: number;
  readonly start: number;
  readonly end: number;
}

/** The offsets of a name without a title before it or a mark at its end; undefined when nothing is left. */
function trimmed(tokens: readonly Token[], from: number, to: number): Trimmed | undefined {
  let start = from;
  let end = to;
  while (start < end && isBefore(tokens[start])) start++;
  while (end > start && (POSSESSIVE.test(tokens[end - 1]?.text ?? "") || !NAMED.test(tokens[end - 1]?.text ?? "")))
    end--;
  if (start >= end) return undefined;
  return { first: start, start: tokens[start]?.start ?? 0, end: tokens[end - 1]?.end ?? 0 };
}

function isBefore(token: Token | undefined): boolean {
  if (!token) return false;
  return BEFORE.test(token.lower) || ARTICLE.test(token.text) || !NAMED.test(token.text);
}

function speakerSpots(tokens: readonly Token[], speakers: readonly string[]): Spot[] {
  const found: Spot[] = [];
  for (const speaker of speakers) {
    const names = nameKey(speaker).split(" ");
    if (names[0] === "") continue;
    for (let i = 0; i < tokens.length; i++) {
      // The first name alone will do, where it is written as a name.
      if (tokens[i]?.text === tokens[i]?.lower) continue;
      let count = 0;
      while (count < names.length && nameKey(tokens[i + count]?.text ?? "") === names[count]) count++;
      if (count === 0) continue;
      found.push({
        start: tokens[i]?.start ?? 0,
        end: tokens[i + count - 1]?.end ?? 0,
        type: "person",
        confidence: SPEAKER_CONFIDENCE,
      });
      i += count - 1;
    }
  }
  return found;
}
