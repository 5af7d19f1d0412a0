/** Coordinate search over the lattice, from several starts. */

import { seeded } from "../../support/random.ts";
import { nameOf, neighbours, offCentre, type Point, randomPoint, START } from "./lattice.ts";

export type Objective = (point: Point) => number;

export interface SearchOptions {
  /** Random starts beside the usual one. */
  readonly restarts: number;
  readonly seed: number;
  /** Judge a point half by the points around it, so that a lucky peak does not win over a plateau. */
  readonly smooth: boolean;
}

/** Lattice steps tried, coarse to fine. */
const SIZES = [4, 2, 1];
/** What a whole unit of weight away from the centre must earn. */
const CENTRE_PULL = 0.005;

/** The best point that was seen; `objective` is called once for each point. */
export function search(objective: Objective, { restarts, seed, smooth }: SearchOptions): Point {
  const plain = remembered(objective);
  const value = remembered((point) => {
    const around = smooth ? neighbours(point, 1) : [];
    const mean = around.reduce((sum, one) => sum + plain(one), 0) / Math.max(1, around.length);
    const own = plain(point);
    return (smooth ? (own + mean) / 2 : own) - CENTRE_PULL * offCentre(point);
  });
  const random = seeded(seed);
  const starts = [START, ...Array.from({ length: restarts }, () => randomPoint(random))];
  return best(
    starts.map((start) => climb(start, value)),
    value,
  );
}

function climb(start: Point, value: Objective): Point {
  let at = start;
  for (const size of SIZES) {
    for (;;) {
      const next = best([at, ...neighbours(at, size)], value);
      if (next === at) break;
      at = next;
    }
  }
  return at;
}

/** The first of equals. */
function best(points: readonly Point[], value: Objective): Point {
  return points.reduce((top, point) => (value(point) > value(top) ? point : top));
}

function remembered(objective: Objective): Objective {
  const known = new Map<string, number>();
  return (point) => {
    const name = nameOf(point);
    const value = known.get(name) ?? objective(point);
    known.set(name, value);
    return value;
  };
}
