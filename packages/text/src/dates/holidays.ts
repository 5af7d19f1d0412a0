/** Feast days that have a date of their own. */

import { dayOf } from "./calendar.ts";
import { days, type Interval } from "./periods.ts";
import type { Context, Groups } from "./rules.ts";

// Month and day; Thanksgiving, the fourth Thursday of November, is reckoned.
const DATES: Readonly<Record<string, readonly [number, number]>> = {
  "christmas eve": [12, 24],
  "christmas day": [12, 25],
  christmas: [12, 25],
  "boxing day": [12, 26],
  "new year's eve": [12, 31],
  "new year's day": [1, 1],
  "new year's": [1, 1],
  halloween: [10, 31],
  "valentine's day": [2, 14],
  "st. patrick's day": [3, 17],
  thanksgiving: [11, 22],
  nochebuena: [12, 24],
  "día de navidad": [12, 25],
  navidad: [12, 25],
  nochevieja: [12, 31],
  "año nuevo": [1, 1],
  "día de reyes": [1, 6],
  "san valentín": [2, 14],
  "día de muertos": [11, 2],
};

/** Their names as an alternation, longer before shorter; an apostrophe may be either kind. */
export const HOLIDAY: string = Object.keys(DATES)
  .join("|")
  .replaceAll("'", "['’]")
  .replaceAll(".", String.raw`\.?`);

/** The feast of a year that is given, else the one before (−1), of (0) or after (1) the present; undefined leaves it to the tense. */
export function holiday(groups: Groups, steps: number | undefined, { now, direction }: Context): Interval {
  const name = (groups["name"] ?? "").replaceAll("’", "'").replace(/^st /u, "st. ");
  const today = new Date(now).getUTCFullYear();
  if (groups["year"] !== undefined) return days(feast(name, Number(groups["year"])), 1);
  if (steps === 0) return days(feast(name, today), 1);
  const near = [today - 1, today, today + 1].map((year) => days(feast(name, year), 1));
  const found = (steps ?? direction()) < 0 ? near.findLast(({ from }) => from <= now) : near.find(({ to }) => to > now);
  return found ?? days(feast(name, today), 1);
}

function feast(name: string, year: number): number {
  const [month, day] = DATES[name] ?? [1, 1];
  const date = dayOf(year, month, day);
  if (name !== "thanksgiving") return date;
  return dayOf(year, month, day + ((4 - new Date(date).getUTCDay() + 7) % 7));
}
