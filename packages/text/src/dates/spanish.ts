/** How Spanish speaks of days and periods: "anteayer", "la semana pasada", "hace dos meses", "el martes que viene". */

import { DAY, dayOf, startOfDay } from "./calendar.ts";
import { holiday, HOLIDAY } from "./holidays.ts";
import {
  type DayPart,
  days,
  type Interval,
  partOfDay,
  period,
  type Season,
  season,
  seasonNear,
  type Unit,
  weekday,
} from "./periods.ts";
import { away, type Context, type Count, type Groups, type Rule, rule, stretch } from "./rules.ts";

/** From Sunday, as `Date` counts. */
const WEEKDAYS = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"];
const MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" ");
const NUMBERS = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce".split(" ");
const DECADES = ["veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const UNITS: Readonly<Record<string, Unit>> = {
  minuto: "minute",
  hora: "hour",
  día: "day",
  noche: "day",
  semana: "week",
  "fin de semana": "weekend",
  finde: "weekend",
  mes: "month",
  trimestre: "quarter",
  año: "year",
  década: "decade",
  siglo: "century",
};
const SEASONS: Readonly<Record<string, Season>> = {
  primavera: "spring",
  verano: "summer",
  otoño: "autumn",
  invierno: "winter",
};
const PARTS: Readonly<Record<string, DayPart>> = {
  mañana: "morning",
  mediodía: "noon",
  tarde: "afternoon",
  noche: "night",
};
const NEAR_DAYS: Readonly<Record<string, number>> = {
  anteayer: -2,
  antier: -2,
  "antes de ayer": -2,
  ayer: -1,
  hoy: 0,
  "pasado mañana": 2,
  mañana: 1,
};

// \b knows ASCII letters only.
const A = String.raw`(?<!\p{L})`;
const Z = String.raw`(?!\p{L})`;
const COUNT = String.raw`(?<count>\d{1,3}|una?|${NUMBERS.slice(2).join("|")}|un[oa]s(?: pocos| pocas| cuant[oa]s)?|vari[oa]s|poc[oa]s|un par de)`;
const UNIT = "(?<unit>minuto|hora|día|noche|semana|fin de semana|mes|trimestre|año|década)";
const YEAR = String.raw`(?<year>(?:1[5-9]|20)\d\d)`;
const BEFORE = "(?<before>pasad[oa]|últim[oa]|próxim[oa]|est[ea])";
const AFTER = "(?<after>pasad[oa]|anterior|que viene|próxim[oa]|siguiente)";
const THING = `(?<thing>semana|fin de semana|finde|mes|trimestre|año|década|siglo|${Object.keys(SEASONS).join("|")}|${WEEKDAYS.join("|")})`;
const PART = "(?: (?:por|en|a) (?:la|el) (?<part>mañana|tarde|noche|mediodía))?";

/** Where what they find overlaps, the longest holds. */
export const SPANISH_RULES: readonly Rule[] = [
  rule(
    `${A}(?<near>${Object.keys(NEAR_DAYS).join("|")})${Z}(?<!(?:la|una|media|cada|esta|toda la) mañana)${PART}`,
    readDay,
  ),
  rule(`${A}(?<ante>ante)?anoche${Z}`, ({ ante }, { now }) =>
    partOfDay(startOfDay(now) - (ante === undefined ? 1 : 2) * DAY, "night"),
  ),
  rule(`${A}est[ea] (?<part>mañana|tarde|noche|mediodía)${Z}`, ({ part }, { now }) =>
    partOfDay(startOfDay(now), PARTS[part ?? ""] ?? "morning"),
  ),
  rule(`${A}(?:(?:el|la) )?${BEFORE} ${THING}${Z}${PART}`, readThing),
  rule(`${A}(?:(?:el|la) )?${THING} ${AFTER}${Z}${PART}`, readThing),
  rule(`${A}(?:el )(?<thing>${WEEKDAYS.join("|")})${Z}${PART}`, readThing),
  rule(`${A}hace (?:como |casi |ya |unos |unas )?${COUNT} ${UNIT}(?:s|es)?${Z}`, (groups, { now }) =>
    away(unitOf(groups), countOf(groups), -1, now),
  ),
  rule(`${A}${COUNT} ${UNIT}(?:s|es)? atrás${Z}`, (groups, { now }) => away(unitOf(groups), countOf(groups), -1, now)),
  rule(`${A}dentro de ${COUNT} ${UNIT}(?:s|es)?${Z}`, (groups, { now }) =>
    away(unitOf(groups), countOf(groups), 1, now),
  ),
  rule(`${A}en ${COUNT} ${UNIT}(?:s|es)?${Z}`, (groups, { now, direction }) =>
    direction(1) > 0 ? away(unitOf(groups), countOf(groups), 1, now) : undefined,
  ),
  rule(`${A}(?:los|las|estos|estas) (?<when>últim|próxim)[oa]s (?:${COUNT} )?${UNIT}(?:s|es)${Z}`, (groups, { now }) =>
    stretch(unitOf(groups), countOf(groups, 3), groups["when"] === "últim" ? -1 : 1, now),
  ),
  rule(`${A}(?:el otro día|la otra (?:noche|tarde|semana))${Z}`, (_, { now }) => days(startOfDay(now) - 7 * DAY, 7)),
  rule(
    `${A}(?<thing>${Object.keys(SEASONS).join("|")})${Z}(?<=${A}(?:en|del?|desde|durante)(?: el| la)? \\k<thing>)`,
    readThing,
  ),
  rule(`${A}(?:(?:el|la) )?(?<thing>${Object.keys(SEASONS).join("|")}) del? (?:año )?${YEAR}${Z}`, readThing),
  rule(
    String.raw`\b(?=[12])${YEAR}\b(?<=${A}(?:en|desde|hasta|del?|entre|y|año|sobre|hacia) (?:el )?(?:año )?\k<year>)(?![%°$€£\w-]|[.,:]\d| (?:personas|euros|pesos|dólares|veces|metros|pasos|palabras)${Z})`,
    ({ year }) => period("year", dayOf(Number(year), 1)),
  ),
  rule(
    String.raw`${A}(?:la )?década del? (?:los )?(?:años )?(?<decade>(?:19|20)?\d0|${DECADES.join("|")})${Z}`,
    readDecade,
  ),
  rule(String.raw`${A}los (?:años )?(?<decade>(?:19)?[2-9]0|${DECADES.join("|")})${Z}(?![\d%°]| \p{Ll})`, readDecade),
  rule(
    String.raw`${A}del? (?<first>\d{1,2}) al (?<last>\d{1,2}) de (?<month>${MONTHS.join("|")})(?: del? ${YEAR})?${Z}`,
    readRange,
  ),
  rule(`${A}(?:${BEFORE} )?(?<name>${HOLIDAY})(?: ${AFTER})?(?: (?:del? )?${YEAR})?${Z}`, (groups, context) =>
    holiday(groups, steps(groups), context),
  ),
];

/** −1 for "pasado", 0 for "este", 1 for "próximo"; undefined without such a word. */
function steps({ before, after }: Groups): -1 | 0 | 1 | undefined {
  const word = before ?? after;
  if (word === undefined) return undefined;
  return /^(?:pasad|últim|anterior)/u.test(word) ? -1 : word.startsWith("est") ? 0 : 1;
}

function unitOf({ unit }: Groups): Unit {
  return UNITS[unit ?? ""] ?? "day";
}

function countOf({ count }: Groups, otherwise = 1): Count {
  if (count !== undefined && /^(?:un[oa]s|vari|poc)/u.test(count)) return { least: 2, most: 5 };
  const exact =
    count === undefined ? otherwise
    : count === "un" || count === "una" ? 1
    : count === "un par de" ? 2
    : NUMBERS.includes(count) ? NUMBERS.indexOf(count)
    : Number(count); // prettier-ignore
  return { least: exact, most: exact };
}

function readDay({ near, part }: Groups, { now }: Context): Interval {
  return within(period("day", now, NEAR_DAYS[near ?? ""] ?? 0), part);
}

function readThing(groups: Groups, { now, direction }: Context): Interval {
  const thing = groups["thing"] ?? "";
  const step = steps(groups);
  const day = WEEKDAYS.indexOf(thing);
  if (day >= 0) {
    const toward = step === -1 || step === 1 ? step : direction(step === 0 ? 1 : undefined);
    return within(weekday(day, now, toward), groups["part"]);
  }
  const unit = UNITS[thing];
  if (unit) return period(unit, now, step ?? 0);
  const name = SEASONS[thing] ?? "summer";
  return groups["year"] === undefined
    ? seasonNear(name, now, step ?? 0, direction(step === 0 ? 1 : undefined))
    : season(name, Number(groups["year"]));
}

function within(day: Interval, part: string | undefined): Interval {
  return part === undefined ? day : partOfDay(day.from, PARTS[part] ?? "morning");
}

function readDecade({ decade = "" }: Groups): Interval {
  const named = DECADES.indexOf(decade);
  const year = named >= 0 ? 1920 + named * 10 : decade.length === 4 ? Number(decade) : 1900 + Number(decade);
  return period("decade", dayOf(year, 1));
}

function readRange({ first, last, month, year }: Groups, { now, direction }: Context): Interval | undefined {
  const number = MONTHS.indexOf(month ?? "") + 1;
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || Number(last) > 31) return undefined;
  const today = new Date(now).getUTCFullYear();
  const from = dayOf(year === undefined ? today : Number(year), number, Number(first));
  if (year !== undefined || (direction() < 0 ? from <= now : from + count * DAY > now)) return days(from, count);
  return days(dayOf(today + direction(), number, Number(first)), count);
}
