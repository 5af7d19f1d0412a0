/** Found mentions before the overlaps among them are settled. */

import type { EntityType } from "../entities.ts";

export interface Spot {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
  readonly confidence: number;
}

/** Those that overlap no better one, in order of place; a longer one is better, and of two as long the earlier in the list. */
export function settled(spots: readonly Spot[]): Spot[] {
  const kept: Spot[] = [];
  for (const spot of spots.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (kept.every(({ start, end }) => spot.end <= start || spot.start >= end)) kept.push(spot);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}
