/** Calendar periods on a wall clock: weeks, months, seasons and the like, and steps between them. */

import { DAY, dayOf, startOfDay, startOfWeek, type Wall } from "./calendar.ts";

export interface Interval {
  readonly from: Wall;
  /** The first moment that no longer belongs to it. */
  readonly to: Wall;
}

export type Unit = "minute" | "hour" | "day" | "weekend" | "week" | "month" | "quarter" | "year" | "decade" | "century";

export type Season = "spring" | "summer" | "autumn" | "winter";

export type DayPart = "morning" | "noon" | "afternoon" | "evening" | "night";

const MINUTE = 60_000;
const HOUR = 3_600_000;

// Months to a unit, and the month that each season begins with (meteorological, northern half of the earth).
const MONTHS: Partial<Record<Unit, number>> = { month: 1, quarter: 3, year: 12, decade: 120, century: 1200 };
const SEASONS: Readonly<Record<Season, number>> = { spring: 3, summer: 6, autumn: 9, winter: 12 };
// Hours of the day that a part of it begins and ends at; a night ends on the next day.
const PARTS: Readonly<Record<DayPart, readonly [number, number]>> = {
  morning: [5, 12],
  noon: [12, 13],
  afternoon: [12, 18],
  evening: [17, 24],
  night: [18, 30],
};

/** The calendar unit that is `steps` after the one that holds `at`: −1 of a week is last week. */
export function period(unit: Unit, at: Wall, steps = 0): Interval {
  const months = MONTHS[unit];
  if (months !== undefined) {
    const date = new Date(at);
    const first = Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months) + steps;
    return { from: dayOf(0, first * months + 1), to: dayOf(0, (first + 1) * months + 1) };
  }
  if (unit === "day") return days(startOfDay(at) + steps * DAY, 1);
  if (unit === "week") return days(startOfWeek(at) + steps * 7 * DAY, 7);
  if (unit === "weekend") return days(startOfWeek(at) + (steps * 7 + 5) * DAY, 2);
  const length = unit === "hour" ? HOUR : MINUTE;
  const middle = at + steps * length;
  return { from: middle - length / 2, to: middle + length / 2 };
}

/** The moment that is `steps` units after `at`, at the same time of day. */
export function moved(unit: Unit, at: Wall, steps: number): Wall {
  const months = MONTHS[unit];
  if (months === undefined) {
    if (unit === "minute" || unit === "hour") return at + steps * (unit === "hour" ? HOUR : MINUTE);
    return at + steps * DAY * (unit === "day" ? 1 : 7);
  }
  const date = new Date(at);
  const first = dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1 + steps * months);
  const next = new Date(first);
  const last = (dayOf(next.getUTCFullYear(), next.getUTCMonth() + 2) - first) / DAY;
  return first + (Math.min(date.getUTCDate(), last) - 1) * DAY + (at - startOfDay(at));
}

/** A moment, at midnight where the unit is a day or more. */
export function startOf(unit: Unit, at: Wall): Wall {
  return unit === "minute" || unit === "hour" ? at : startOfDay(at);
}

export function days(from: Wall, count: number): Interval {
  return { from, to: from + count * DAY };
}

/** The three months of a season; a winter belongs to the year that it begins in. */
export function season(name: Season, year: number): Interval {
  return { from: dayOf(year, SEASONS[name]), to: dayOf(year, SEASONS[name] + 3) };
}

/** The season before (−1), around (0) or after (1) a moment; `toward` chooses between past and future where none is around it. */
export function seasonNear(name: Season, at: Wall, steps: number, toward: -1 | 1): Interval {
  const year = new Date(at).getUTCFullYear();
  const near = [-2, -1, 0, 1, 2].map((step) => season(name, year + step));
  const before = near.findLast(({ to }) => to <= at);
  const after = near.find(({ from }) => from > at);
  const around = near.find(({ from, to }) => from <= at && at < to);
  const found = steps < 0 ? before : steps > 0 ? after : (around ?? (toward < 0 ? before : after));
  return found ?? season(name, year);
}

/** A part of the day that begins at midnight `day`. */
export function partOfDay(day: Wall, part: DayPart): Interval {
  const [from, to] = PARTS[part];
  return { from: day + from * HOUR, to: day + to * HOUR };
}

/** The day of the week (0 is Sunday) before, after or in the week around `at`, never the day itself. */
export function weekday(day: number, at: Wall, toward: -1 | 1): Interval {
  const today = startOfDay(at);
  const ahead = (day - new Date(today).getUTCDay() + 7) % 7 || 7;
  return days(toward > 0 ? today + ahead * DAY : today - ((7 - ahead) % 7 || 7) * DAY, 1);
}

/** The day of the week within the Monday-to-Sunday week that is `steps` after the one around `at`. */
export function weekdayOfWeek(day: number, at: Wall, steps: number): Interval {
  return days(startOfWeek(at) + (steps * 7 + ((day + 6) % 7)) * DAY, 1);
}

/** A third of an interval, as "early", "mid" and "late" divide it: whole months of a year, whole days of anything shorter. */
export function third({ from, to }: Interval, which: 0 | 1 | 2): Interval {
  if (to === moved("year", from, 1)) {
    return { from: moved("month", from, which * 4), to: moved("month", from, which * 4 + 4) };
  }
  const length = (to - from) / 3;
  const cut = (at: number): Wall => (length >= DAY ? from + Math.round((at - from) / DAY) * DAY : at);
  return { from: cut(from + length * which), to: which === 2 ? to : cut(from + length * (which + 1)) };
}
