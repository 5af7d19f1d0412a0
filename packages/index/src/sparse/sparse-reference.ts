/** The sparse index in its plainest form: every point's terms in a map, every point looked at. The oracle of the tests; not for use. */

import type { SparseVector } from "@nexus/core";
import type { Scored } from "./best.ts";

export interface SparseReference {
  add(slot: number, vector: SparseVector): void;
  remove(slot: number): void;
  frequency(id: number): number;
  weights(slot: number, ids: Uint32Array): Float32Array;
  /** Every slot that shares a term with the query, by slot. */
  scored(query: SparseVector): Scored[];
}

export function createSparseReference(): SparseReference {
  const points = new Map<number, Map<number, number>>();
  return {
    add: (slot, { ids, weights }) => void points.set(slot, new Map(Array.from(ids, (id, i) => [id, weights[i]!]))),
    remove: (slot) => void points.delete(slot),
    frequency: (id) => [...points.values()].filter((terms) => terms.has(id)).length,
    weights: (slot, ids) => Float32Array.from(ids, (id) => points.get(slot)?.get(id) ?? 0),
    scored: (query) =>
      [...points.keys()]
        .sort((a, b) => a - b)
        .flatMap((slot) => {
          const score = scoreOf(points.get(slot)!, query);
          return score === undefined ? [] : [{ slot, score }];
        }),
  };
}

function scoreOf(terms: ReadonlyMap<number, number>, { ids, weights }: SparseVector): number | undefined {
  let score: number | undefined;
  for (const [i, id] of ids.entries()) {
    const weight = terms.get(id);
    if (weight !== undefined) score = (score ?? 0) + weights[i]! * weight;
  }
  return score;
}
