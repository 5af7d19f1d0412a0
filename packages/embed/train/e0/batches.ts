/** Which pairs are seen together: batches drawn by lot, and batches of pairs that are hard to tell apart. */

import { seeded, shuffle } from "./seeded.ts";

export interface PairList {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
}

/**
 * Places of the pairs of one epoch in batches of `size`; what is left over at the end is left out.
 *
 * shapes   places: drawn by lot; nearby: places of pairs that are alike beside each other, none of them in `places`
 */
export function batchesOf(
  places: Uint32Array,
  nearby: Uint32Array,
  { size, seed }: { size: number; seed: number },
): Uint32Array[] {
  const random = seeded(seed);
  const mixed = shuffle(
    Uint32Array.from([...places, ...nearby.subarray(nearby.length - (nearby.length % size))]),
    random,
  );
  const batches: Uint32Array[] = [];
  for (let from = 0; from + size <= mixed.length; from += size) batches.push(mixed.subarray(from, from + size));
  for (let from = 0; from + size <= nearby.length; from += size) batches.push(nearby.subarray(from, from + size));
  return shuffle(batches, random);
}

/** Splits by lot: about `share` of the places that `may` allows into the second. */
export function drawn(
  places: Uint32Array,
  may: Uint8Array,
  share: number,
  seed: number,
): [rest: Uint32Array, chosen: Uint32Array] {
  const random = seeded(seed);
  const chosen = Uint8Array.from(places, (place) => (random() < share && may[place] === 1 ? 1 : 0));
  return [places.filter((_, i) => chosen[i] === 0), places.filter((_, i) => chosen[i] === 1)];
}
