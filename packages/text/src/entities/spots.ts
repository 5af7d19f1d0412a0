/** Found mentions before the overlaps among them are settled. */

import type { EntityType } from "../entities.ts";

export interface Spot {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
  readonly confidence: number;
}

/** Those that overlap no better one, in order of place; a longer one is better, and of two as long the earlier in the list. Cost: one pass over spots and text. */
export function settled(spots: readonly Spot[]): Spot[] {
  // A mark for each place that is taken: comparing every spot with every other took half a second for 8,000 numbers.
  const taken = new Uint8Array(spots.reduce((most, { end }) => Math.max(most, end), 0));
  const kept: Spot[] = [];
  for (const spot of spots.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    // What is kept is at least as long: it covers an end of whatever it overlaps.
    if (taken[spot.start] === 1 || taken[spot.end - 1] === 1) continue;
    taken.fill(1, spot.start, spot.end);
    kept.push(spot);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}
