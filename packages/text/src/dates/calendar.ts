/** Wall-clock arithmetic: the time on a clock in some zone, kept as the milliseconds it would be in UTC. */

/** Milliseconds since 1970 on the zone's own clock. */
export type Wall = number;

export const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();
/** Zones whose format is kept; making one takes some 50 µs. */
const MAX_FORMATS = 64;

/** What the clock in the zone shows at an instant. */
export function toWall(instant: number, timeZone: string): Wall {
  if (timeZone === "UTC") return instant;
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) parts.set(type, Number(value));
  const at = (type: string): number => parts.get(type) ?? 0;
  return Date.UTC(at("year"), at("month") - 1, at("day"), at("hour"), at("minute"), at("second"));
}

/** The instant at which the clock in the zone shows this; in the hour that a clock skips, the instant after it. */
export function toInstant(wall: Wall, timeZone: string): number {
  if (timeZone === "UTC") return wall;
  const first = wall - (toWall(wall, timeZone) - wall);
  return wall - (toWall(first, timeZone) - first);
}

/** Midnight of a day; months from 1, and both month and day may run over. */
export function dayOf(year: number, month: number, day = 1): Wall {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

export function startOfDay(wall: Wall): Wall {
  return Math.floor(wall / DAY) * DAY;
}

/** Monday of the week (ISO 8601). */
export function startOfWeek(wall: Wall): Wall {
  return startOfDay(wall) - ((new Date(wall).getUTCDay() + 6) % 7) * DAY;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const kept = formats.get(timeZone);
  if (kept) return kept;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timeZone, made);
  return made;
}
