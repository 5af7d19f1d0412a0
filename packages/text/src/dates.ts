/** Dates and times that a text speaks of, as the intervals that are meant. */

import { absoluteDates } from "./dates/absolute.ts";
import { withContext } from "./dates/around.ts";
import { toInstant, toWall } from "./dates/calendar.ts";
import { direction } from "./dates/direction.ts";
import { ENGLISH_RULES } from "./dates/english.ts";
import { applyRules, type Context, type Found } from "./dates/rules.ts";
import { SPANISH_RULES } from "./dates/spanish.ts";

export interface DateMention {
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The interval that is meant: `from` belongs to it, `to` does not. */
  readonly from: Date;
  readonly to: Date;
}

export interface DateOptions {
  /** ISO 639-1: "es" is read as Spanish, any other as English. */
  readonly language?: string | undefined;
  /** IANA name of the zone whose days are meant; UTC by default. */
  readonly timeZone?: string | undefined;
}

// A text without a digit and without one of these (or a longer word that begins with one) speaks of no date.
const ENGLISH_CUE =
  /\d|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|yesterday|today|tomorrow|tonight|ago|last|next|this|the (?:other|past|coming|day|week|month|year)|past|previous|upcoming|coming|noon|midnight|spring|summer|fall|autumn|winter|christmas|new year|halloween|valentine|thanksgiving|st\.? patrick|boxing|back|from now|in (?:an?|a few|a couple|\p{L}+ (?:minute|hour|day|week|month|year)s?)|morning|evening|afternoon|week|these)/iu;
const SPANISH_CUE =
  /\d|(?<!\p{L})(?:ayer|ante|antier|hoy|mañana|anoche|est[ea] |pasad|próxim|últim|que viene|anterior|siguiente|hace |dentro de|en (?:una?|dos|tres|unos|unas)|atrás|el otro|la otra|lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo|ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|primavera|verano|otoño|invierno|los años|navidad|noche|año nuevo|día de|san valentín|halloween|mediod|medianoche|tarde)/iu;
/** Texts are read in whole up to so many units, and no further: chrono's cost grows with the length. */
const MAX_UNITS = 20_000;

/**
 * Mentions in ascending order, none overlapping another.
 *
 * `reference` is when the text was said. A day is an interval of a day, "last week" one from Monday to Monday, "in May" one of
 * a month, "3 pm" one of an hour. A weekday, a month and a date without a year lie in the past or in the future by the tense of
 * their sentence.
 *
 * cost     0.5 µs for a sentence without a cue, else 20 to 100 µs
 * error    never throws for a text; a RangeError for a time zone that does not exist
 */
export function findDates(text: string, reference: Date, options?: DateOptions): DateMention[] {
  const language = options?.language;
  if (!(language === "es" ? SPANISH_CUE : ENGLISH_CUE).test(text)) return [];
  const zone = options?.timeZone ?? "UTC";
  const now = toWall(reference.getTime(), zone);
  const read = text.length > MAX_UNITS ? text.slice(0, MAX_UNITS) : text;
  const context = (at: number): Context => ({
    now,
    direction: (otherwise) => direction(read, at, language, otherwise),
  });
  const rules = language === "es" ? SPANISH_RULES : ENGLISH_RULES;
  const found = [...applyRules(read, rules, context), ...absoluteDates(read, language, zone, context)];
  const mentions: DateMention[] = [];
  for (const one of longest(found)) {
    const { start, from, to } = withContext(one, read, language, context(one.start));
    // "The Friday before 9 June": the Friday was found as a day of its own.
    while ((mentions.at(-1)?.start ?? -1) >= start) mentions.pop();
    if ((mentions.at(-1)?.end ?? 0) > start) continue;
    if (!(from < to) || Math.abs(from) > MAX_TIME || Math.abs(to) > MAX_TIME) continue;
    mentions.push({ start, end: one.end, from: new Date(toInstant(from, zone)), to: new Date(toInstant(to, zone)) });
  }
  return mentions;
}

/** Furthest moment that a `Date` can hold, less the widest zone. */
const MAX_TIME = 8.63e15;

/** The longest of those that overlap, in order of place; of two as long the earlier in the list. */
function longest(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of found.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (kept.every(({ start, end }) => one.end <= start || one.start >= end)) kept.push(one);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}
