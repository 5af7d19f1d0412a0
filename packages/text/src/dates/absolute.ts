/** Dates and times of day as chrono reads them, turned into the intervals that are meant. */

import * as english from "chrono-node/en";
import * as spanish from "chrono-node/es";

import { dayOf, startOfDay, toWall, type Wall } from "./calendar.ts";
import { type DayPart, days, type Interval, partOfDay, period, weekday, weekdayOfWeek } from "./periods.ts";
import type { Context, Found } from "./rules.ts";

type Result = ReturnType<typeof english.parse>[number];
type Components = Result["start"];

/** What chrono read at a place. */
interface Reading {
  readonly text: string;
  readonly index: number;
  readonly start: Components;
  readonly end: Components | undefined;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

// Short and common words that are also months and days: dates only after a preposition, or with a number beside them.
const AMBIGUOUS = /^(?:sat|sun|mon|wed|thu|fri|tue|jan|mar|dec|march|may|april|june|august|mayo|marzo|sol|mar)$/iu;
const CUED =
  /(?:^|[^\p{L}])(?:on|in|since|until|till|last|next|this|by|of|early|late|mid|from|during|through|before|after|past|every|for|en|desde|hasta|de|del|el|pasado|próximo|este)[ -]$/iu;
// Said too loosely to be a date, or told apart by the rules.
const OWNED = /^(?:now|ahora|mañana|tarde|noche|mediod[ií]a|(?:the |this )?weekend)$/iu;
const REPEATED = /(?:^|[^\p{L}])(?:every|each|most|cada|todos los)\s+(?:other\s+)?$/iu;
const CLOCK = /[ap]\.?m\b|\d[:h]|noon|midnight|o['’]?clock|mediod[ií]a|medianoche/iu;
const NUMBER_ONLY = /^(?:at|a las?|las?)?\s*\d{1,2}(?:\s*(?:-|–|to|a)\s*\d{1,2})?$/iu;
const SPANISH_PART = /^ de la (mañana|tarde|noche)(?!\p{L})/u;
const PART = /\b(morning|afternoon|evening|night|noon)\b/iu;

/** What chrono finds and is no slip: months that are verbs, scores such as "10 to 12", relative spans that the rules own. */
export function absoluteDates(
  text: string,
  language: string | undefined,
  zone: string,
  context: (at: number) => Context,
): Found[] {
  const { casual } = language === "es" ? spanish : english;
  const now = context(0).now;
  const parse = (part: string): Result[] => casual.parse(part, { instant: new Date(now), timezone: 0 });
  const found: Found[] = [];
  for (const result of parse(text)) {
    const core = withoutRelation(result, parse);
    if (!core || !isDate(core, text)) continue;
    const end = core.index + core.text.length;
    const part = language === "es" ? SPANISH_PART.exec(text.slice(end, end + 16)) : null;
    const interval = intervalOf(core, text, zone, context(core.index), part?.[1]);
    // "Last March": chrono sees the month alone.
    const chosen =
      /\b(?:last|next|this) $/iu.exec(text.slice(Math.max(0, core.index - 5), core.index))?.[0].length ?? 0;
    if (interval) found.push({ ...interval, start: core.index - chosen, end: end + (part?.[0].length ?? 0) });
  }
  return found;
}

/** "The week before 9 June" without what stands before the date, which `around.ts` reads. */
function withoutRelation(result: Result, parse: (part: string) => Result[]): Reading | undefined {
  const relation = /^(?:.*\b(?:before|after|from|following)|(?:the )?end of)\s+/iu.exec(result.text)?.[0].length;
  if (!result.tags().has("result/relativeDate") && relation === undefined)
    return { ...reading(result), index: result.index };
  if (relation === undefined) return undefined;
  const rest = parse(result.text.slice(relation))[0];
  if (!rest || rest.tags().has("result/relativeDate")) return undefined;
  return { ...reading(rest), index: result.index + relation + rest.index };
}

function reading({ text, index, start, end }: Result): Reading {
  return { text, index, start, end };
}

function isDate({ text, index, start }: Reading, whole: string): boolean {
  if (OWNED.test(text)) return false;
  const before = whole.slice(Math.max(0, index - 16), index);
  if (REPEATED.test(before)) return false;
  if (AMBIGUOUS.test(text)) return CUED.test(before) && !/^\s+\p{Lu}/u.test(whole.slice(index + text.length));
  if (start.isCertain("day") || start.isCertain("month") || start.isCertain("weekday")) return true;
  if (!start.isCertain("hour")) return PART.test(text) && /\b(?:this|tonight)\b/iu.test(text);
  if (NUMBER_ONLY.test(text)) {
    // "At 5" and "a las 5" are times where nothing is counted by the number.
    return (
      /^(?:at|a las?|las?)/iu.test(text) &&
      /^\s*(?:$|[.,;!?)]|de la\b|(?:on|in the|and|or|y)\b)/iu.test(whole.slice(index + text.length))
    );
  }
  return CLOCK.test(text) || PART.test(text);
}

function intervalOf(
  { text, index, start, end }: Reading,
  whole: string,
  zone: string,
  context: Context,
  spanishPart: string | undefined,
): Interval | undefined {
  const before = whole.slice(Math.max(0, index - 10), index);
  const first = timed(dateOf(start, text, before, context), start, text, zone, spanishPart);
  if (!end) return first;
  if (start.isCertain("weekday") && !start.isCertain("day")) {
    return { from: first.from, to: Math.max(weekday(end.get("weekday") ?? 0, first.from, 1).to, first.to) };
  }
  const last = timed(dateOf(end, text, "", context), end, text, zone, spanishPart);
  return last.to > first.from ? { from: first.from, to: last.to } : first;
}

/** The day or month that the components name, the year and the week chosen by modifiers and the tense. */
function dateOf(parts: Components, text: string, before: string, { now, direction }: Context): Interval {
  const day = parts.get("weekday");
  if (parts.isCertain("weekday") && !parts.isCertain("day") && day !== null) {
    if (/\b(?:this coming|coming)\b/iu.test(text + before)) return weekday(day, now, 1);
    if (/\b(?:last|past|previous)\b/iu.test(text + before)) return weekday(day, now, -1);
    if (/\bnext\b/iu.test(text)) return weekdayOfWeek(day, now, 1);
    if (/\bthis\b/iu.test(text)) return weekdayOfWeek(day, now, 0);
    return weekday(day, now, direction());
  }
  if (!parts.isCertain("month") && !parts.isCertain("day")) return days(startOfDay(now), 1);
  const month = parts.get("month") ?? 1;
  const inYear = (year: number): Interval =>
    parts.isCertain("day") || !parts.isCertain("month")
      ? days(dayOf(year, month, parts.get("day") ?? 1), 1)
      : period("month", dayOf(year, month));
  if (parts.isCertain("year")) return inYear(parts.get("year") ?? 1970);
  const year = new Date(now).getUTCFullYear();
  const toward = /\blast $/iu.test(before) ? -1 : /\bnext $/iu.test(before) ? 1 : direction();
  const same = inYear(year);
  if (toward < 0) return same.from <= now ? same : inYear(year - 1);
  return same.to > now ? same : inYear(year + 1);
}

function timed(
  day: Interval,
  parts: Components,
  text: string,
  zone: string,
  spanishPart: string | undefined,
): Interval {
  if (!parts.isCertain("hour")) {
    const part = PART.exec(text)?.[1]?.toLowerCase() ?? (/\btonight\b/iu.test(text) ? "night" : undefined);
    return part === undefined ? day : partOfDay(day.from, part as DayPart);
  }
  let hour = parts.get("hour") ?? 0;
  // Nobody says which half of the day five o'clock is: few speak of what they do before seven.
  const half =
    parts.isCertain("meridiem") || spanishPart === "mañana" || /\b0\d:|\bam\b|midnight|medianoche/iu.test(text);
  if (!half && hour > 0 && hour < (spanishPart === undefined ? 7 : 12)) hour += 12;
  const minute = parts.get("minute") ?? 0;
  let from: Wall = day.from + hour * HOUR + minute * MINUTE;
  if (parts.isCertain("timezoneOffset")) from = toWall(from - (parts.get("timezoneOffset") ?? 0) * MINUTE, zone);
  return { from, to: from + (/\d[:h.]\d\d/iu.test(text) ? MINUTE : HOUR) };
}
