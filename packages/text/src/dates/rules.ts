/** Rules that read a period out of words: a pattern, and what its groups mean. */

import type { Wall } from "./calendar.ts";
import type { Direction } from "./direction.ts";
import { type Interval, moved, period, startOf, type Unit } from "./periods.ts";

/** A found interval and where it stands in the text. */
export interface Found extends Interval {
  readonly start: number;
  readonly end: number;
}

export interface Context {
  /** When the text was said, on the clock of the zone. */
  readonly now: Wall;
  /** Past or future, by the sentence around the match; `otherwise` where it gives no hint. */
  readonly direction: (otherwise?: Direction) => Direction;
}

/** Named groups in lower case. */
export type Groups = Readonly<Record<string, string | undefined>>;

export interface Rule {
  /** Has the flags "giu". */
  readonly pattern: RegExp;
  /** Undefined means that the words are no date after all. */
  readonly read: (groups: Groups, context: Context) => Interval | undefined;
}

/** A vague or exact count: the interval that is meant lies `least` to `most` units away. */
export interface Count {
  readonly least: number;
  readonly most: number;
}

/** Largest count of units that is read as a date; more is a figure of speech or a slip. */
const MAX_UNITS = 1_000;

export function rule(source: string, read: Rule["read"]): Rule {
  return { pattern: new RegExp(source, "giu"), read };
}

/** Everything that the rules find in a text, in no order; spans may overlap. */
export function applyRules(text: string, rules: readonly Rule[], context: (at: number) => Context): Found[] {
  const found: Found[] = [];
  for (const { pattern, read } of rules) {
    for (const match of text.matchAll(pattern)) {
      const groups: Record<string, string | undefined> = {};
      for (const [name, value] of Object.entries(match.groups ?? {})) groups[name] = value?.toLowerCase();
      const interval = read(groups, context(match.index));
      if (interval) found.push({ ...interval, start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

/** The unit that lies a count of units away: "three weeks ago" is a week, "a few days ago" several days. */
export function away(unit: Unit, { least, most }: Count, toward: Direction, now: Wall): Interval | undefined {
  if (most > MAX_UNITS) return undefined;
  const near = period(unit, moved(unit, now, toward * least));
  if (least === most) return near;
  const far = period(unit, moved(unit, now, toward * most));
  return { from: Math.min(near.from, far.from), to: Math.max(near.to, far.to) };
}

/** The stretch of so many units up to now, or from now on. */
export function stretch(unit: Unit, { most }: Count, toward: Direction, now: Wall): Interval | undefined {
  if (most > MAX_UNITS || most < 1) return undefined;
  const end = moved(unit, now, toward * most);
  return toward < 0 ? { from: startOf(unit, end), to: now } : { from: now, to: end };
}
