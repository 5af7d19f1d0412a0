/** Words before a date that change which interval is meant: "the week before", "two days after", "early", "the end of". */

import { DAY } from "./calendar.ts";
import { WEEKDAYS } from "./english.ts";
import { days, type Interval, moved, period, third, type Unit, weekday } from "./periods.ts";
import type { Context, Found } from "./rules.ts";

const NUMBERS = "zero|one|two|three|four|five|six|seven|eight|nine|ten".split("|");
const NUMEROS = "cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez".split("|");
const UNITS: Readonly<Record<string, Unit>> = {
  day: "day",
  night: "day",
  weekend: "weekend",
  week: "week",
  month: "month",
  year: "year",
  día: "day",
  noche: "day",
  semana: "week",
  "fin de semana": "weekend",
  mes: "month",
  año: "year",
};

const ENGLISH_SIDE = new RegExp(
  String.raw`\b(?:the )?(?:(?:(?<count>\d{1,2}|an?|${NUMBERS.slice(1).join("|")}) )?(?<unit>day|night|weekend|week|month|year)s?|(?<weekday>${WEEKDAYS.join("|")})) (?<side>before|prior to|after|following|from) (?:the )?(?:on )?$`,
  "iu",
);
const SPANISH_SIDE = new RegExp(
  String.raw`(?<!\p{L})(?:el |la |los |las )?(?:(?<count>\d{1,2}|una?|${NUMEROS.slice(2).join("|")}) )?(?<unit>día|noche|semana|fin de semana|mes|año)(?:s|es)? (?:(?<side>antes|después) del? |(?<next>anterior|siguiente|posterior) al? )(?:el )?$`,
  "iu",
);
const ENGLISH_THIRD =
  /\b(?:(?<name>early|mid|late)(?: in| on)?[ -](?:the )?|(?:the )?(?<edge>beginning|start|middle|end) of (?:the )?|(?<part>earlier|later) (?:in |on )?)$/iu;
const SPANISH_THIRD =
  /(?<!\p{L})(?:a |desde |hasta )?(?<edge>principios|comienzos|inicios|mediados|finales|fines) del? (?:la |el )?$/iu;
const WHICH: Readonly<Record<string, 0 | 1 | 2>> = {
  early: 0,
  beginning: 0,
  start: 0,
  principios: 0,
  comienzos: 0,
  inicios: 0,
  mid: 1,
  middle: 1,
  mediados: 1,
  late: 2,
  end: 2,
  finales: 2,
  fines: 2,
};
/** Units before a date in which such words are looked for. */
const REACH = 40;

/** The mention with what stands before it, where that changes it. */
export function withContext(found: Found, text: string, language: string | undefined, { now }: Context): Found {
  const from = Math.max(0, found.start - REACH);
  const before = text.slice(from, found.start);
  const spanish = language === "es";
  const part = (spanish ? SPANISH_THIRD : ENGLISH_THIRD).exec(before);
  if (part) {
    const interval = partOf(found, part.groups ?? {}, now);
    return interval ? { ...interval, start: from + part.index, end: found.end } : found;
  }
  const side = (spanish ? SPANISH_SIDE : ENGLISH_SIDE).exec(before);
  if (!side) return found;
  return { ...beside(found, side.groups ?? {}), start: from + side.index, end: found.end };
}

function partOf(found: Found, groups: Readonly<Record<string, string | undefined>>, now: number): Interval | undefined {
  const name = (groups["name"] ?? groups["edge"])?.toLowerCase();
  if (name !== undefined) return third(found, WHICH[name] ?? 0);
  // "Earlier this week" ends now, "later this week" begins now.
  if (now <= found.from || now >= found.to) return undefined;
  return groups["part"]?.toLowerCase() === "later" ? { from: now, to: found.to } : { from: found.from, to: now };
}

function beside(found: Found, groups: Readonly<Record<string, string | undefined>>): Interval {
  const toward = /^(?:before|prior to|antes|anterior)$/iu.test(groups["side"] ?? groups["next"] ?? "") ? -1 : 1;
  const named = groups["weekday"]?.toLowerCase();
  const edge = toward < 0 ? found.from : found.to - 1;
  if (named !== undefined) return weekday(WEEKDAYS.indexOf(named), edge, toward);
  const unit = UNITS[groups["unit"]?.toLowerCase() ?? ""] ?? "day";
  if (groups["count"] !== undefined) {
    return days(moved(unit, found.from, toward * countOf(groups["count"].toLowerCase())), 1);
  }
  if (unit === "day") return days(toward < 0 ? found.from - DAY : found.to, 1);
  if (unit === "week") return days(toward < 0 ? found.from - 7 * DAY : found.to, 7);
  const here = period(unit, edge);
  return unit === "weekend" && (toward < 0 ? here.to <= found.from : here.from >= found.to)
    ? here
    : period(unit, edge, toward);
}

function countOf(word: string): number {
  if (/^(?:an?|una?)$/u.test(word)) return 1;
  return Math.max(NUMBERS.indexOf(word), NUMEROS.indexOf(word), 0) || Number(word) || 1;
}
