/** How English speaks of periods: "last week", "two months ago", "the summer of 2019", "the other day". */

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
  weekdayOfWeek,
} from "./periods.ts";
import { away, type Context, type Count, type Groups, type Rule, rule, stretch } from "./rules.ts";

/** From Sunday, as `Date` counts. */
export const WEEKDAYS: readonly string[] = "sunday monday tuesday wednesday thursday friday saturday".split(" ");

const NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const COUNT = String.raw`(?<count>\d{1,3}|${NUMBERS.slice(1).join("|")}|(?:a )?few|several|(?:a )?couple(?: of)?|an?)`;
const UNIT = "(?<unit>minute|hour|day|night|weekend|week|fortnight|month|quarter|year|decade)";
const YEAR = String.raw`(?<year>(?:1[5-9]|20)\d\d)`;
const WHEN = "(?<when>last|previous|this past|past|this coming|this|current|next|coming|upcoming)";
const SEASON = "(?<season>spring|summer|fall|autumn|winter)";
const DAY_NAME = `(?<day>${WEEKDAYS.join("|")})`;
const EARLY = "(?:early |mid[- ]|late )?";
// Words after a number of four digits that make it a count, and after "fall" and "spring" that make them verbs.
const COUNTED =
  "people|dollars|euros|pounds|words|miles|km|steps|items|calories|times|points|square|feet|met(?:er|re)s|kg|hours";
const PARTICLES = "apart|asleep|behind|down|for|into|off|on|out|over|short|back|up";

/** Where what they find overlaps, the longest holds. */
export const ENGLISH_RULES: readonly Rule[] = [
  rule(String.raw`\bthe day (?<side>before yesterday|after tomorrow)\b`, ({ side }, { now }) =>
    period("day", now, side === "before yesterday" ? -2 : 2),
  ),
  rule(String.raw`\bthe (?<unit>week|weekend|month|year) (?<side>before last|after next)\b`, (groups, { now }) =>
    period(unitOf(groups), now, groups["side"] === "before last" ? -2 : 2),
  ),
  rule(String.raw`\b(?:the )?${WHEN} (?<unit>week(?:end)?|month|quarter|year|decade|century)\b`, readPeriod),
  rule(String.raw`\b${COUNT} ${UNIT}s? (?:ago(?: today)?|back)\b(?! (?:to|in|at)\b)`, (groups, { now }) =>
    away(unitOf(groups), countOf(groups), -1, now),
  ),
  rule(String.raw`\bhalf an? (?<unit>hour|year) ago\b`, ({ unit }, { now }) =>
    unit === "hour" ? period("minute", now, -30) : period("month", now, -6),
  ),
  rule(String.raw`\b${COUNT} ${UNIT}s? from (?:now|today)\b`, (groups, { now }) =>
    away(unitOf(groups), countOf(groups), 1, now),
  ),
  rule(String.raw`\bin (?:about |around )?${COUNT} ${UNIT}s?\b(?:['’]? time)?`, (groups, { now, direction }) =>
    direction(1) > 0 ? away(unitOf(groups), countOf(groups), 1, now) : undefined,
  ),
  rule(String.raw`\b(?:the|these) (?<when>last|past|next|coming) (?:${COUNT} )?${UNIT}s\b`, (groups, { now }) =>
    stretch(unitOf(groups), countOf(groups, 3), (steps(groups) ?? -1) < 0 ? -1 : 1, now),
  ),
  rule(String.raw`\bthe other (?:day|night|evening|week|weekend)\b`, (_, { now }) =>
    days(startOfDay(now) - 7 * DAY, 7),
  ),
  rule(String.raw`\b${DAY_NAME}(?: of)? (?<when>last|this|next) week\b`, readWeekday),
  rule(String.raw`\b(?<when>last|this|next) week (?:on )?${DAY_NAME}\b`, readWeekday),
  rule(String.raw`\b(?:${WHEN} )${SEASON}\b`, readSeason),
  rule(String.raw`\b${SEASON}(?: of|,)? ${YEAR}\b`, readSeason),
  rule(
    String.raw`\b${SEASON}\b(?<=\b(?:in|during|since|until|till|by|over)(?: the)? ${EARLY}\k<season>)(?! (?:${PARTICLES})\b)`,
    readSeason,
  ),
  rule(
    String.raw`\b(?=[12])${YEAR}\b(?<=\b(?:in|since|from|until|till|by|during|of|between|around|circa|year|and|to|before|after|early|late|mid)[ -]${EARLY}\k<year>)(?![%°$€£\w-]|[.,:]\d| (?:${COUNTED})\b)`,
    ({ year }) => period("year", dayOf(Number(year), 1)),
  ),
  rule(String.raw`\b(?:the )?(?<decade>(?:1[5-9]|20)\d0)['’]?s\b`, ({ decade }) => decadeOf(Number(decade))),
  rule(String.raw`\bthe ['’]?(?<decade>[2-9]0)['’]?s\b`, ({ decade }) => decadeOf(1900 + Number(decade))),
  rule(String.raw`\bQ(?<quarter>[1-4])(?: of)? ?${YEAR}\b`, ({ quarter, year }) =>
    period("quarter", dayOf(Number(year), Number(quarter) * 3)),
  ),
  rule(
    String.raw`\b(?<unit>week|month|year)\b(?<=\b(?:beginning|start|middle|end) of the \k<unit>)`,
    (groups, { now }) => period(unitOf(groups), now),
  ),
  rule(String.raw`\b(?:on|at|over|during) the weekend\b`, (_, { now, direction }) =>
    period("weekend", now, direction() < 0 ? -1 : 0),
  ),
  rule(String.raw`\b(?:last|yesterday) night\b`, (_, { now }) => partOfDay(startOfDay(now) - DAY, "night")),
  rule(String.raw`\btonight\b`, (_, { now }) => partOfDay(startOfDay(now), "night")),
  rule(String.raw`\bthis (?<part>morning|afternoon|evening)\b`, ({ part }, { now }) =>
    partOfDay(startOfDay(now), part as DayPart),
  ),
  rule(String.raw`(?<!\p{L})(?:${WHEN} )?(?<name>${HOLIDAY})(?:,? (?:of |in )?${YEAR})?(?!\p{L})`, (groups, context) =>
    holiday(groups, steps(groups), context),
  ),
];

/** −1 for last, 0 for this, 1 for next; undefined without such a word. */
function steps({ when }: Groups): number | undefined {
  if (when === undefined) return undefined;
  if (when.endsWith("last") || when.endsWith("past") || when === "previous") return -1;
  return when === "this" || when === "current" ? 0 : 1;
}

function unitOf({ unit }: Groups): Unit {
  return (unit === "night" ? "day" : unit === "fortnight" ? "week" : unit) as Unit;
}

function countOf({ count, unit }: Groups, otherwise = 1): Count {
  if (count?.endsWith("few")) return { least: 2, most: 5 };
  if (count === "several") return { least: 3, most: 8 };
  const word = count?.startsWith("a ") ? count.slice(2) : count;
  const exact =
    word === undefined ? otherwise
    : word.startsWith("couple") ? 2
    : /^an?$/u.test(word) ? 1
    : NUMBERS.includes(word) ? NUMBERS.indexOf(word)
    : Number(word); // prettier-ignore
  const units = unit === "fortnight" ? exact * 2 : exact;
  return { least: units, most: units };
}

function readPeriod(groups: Groups, { now }: Context): Interval | undefined {
  const unit = unitOf(groups);
  // "The past week" is the seven days up to now, "last week" the calendar's.
  if (groups["when"]?.endsWith("past") && unit !== "weekend") return stretch(unit, { least: 1, most: 1 }, -1, now);
  return period(unit, now, steps(groups));
}

function readSeason(groups: Groups, { now, direction }: Context): Interval {
  const name = (groups["season"] === "fall" ? "autumn" : groups["season"]) as Season;
  if (groups["year"] !== undefined) return season(name, Number(groups["year"]));
  return seasonNear(name, now, steps(groups) ?? 0, direction(steps(groups) === 0 ? 1 : undefined));
}

function readWeekday(groups: Groups, { now }: Context): Interval {
  return weekdayOfWeek(WEEKDAYS.indexOf(groups["day"] ?? ""), now, steps(groups) ?? 0);
}

function decadeOf(year: number): Interval {
  return period("decade", dayOf(year, 1));
}
