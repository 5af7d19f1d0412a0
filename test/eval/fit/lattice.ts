/** Fusion settings as points of a lattice of round values, and the steps between them. */

import type { FactorName, FusionSettings } from "@nexus/memory";

/** In steps, so that points compare exactly. Semantic, keyword and recency sum to WHOLE. */
export interface Point {
  readonly semantic: number;
  readonly keyword: number;
  readonly recency: number;
  readonly session: number;
  readonly beside: number;
  readonly speaker: number;
}

type Weight = "semantic" | "keyword" | "recency";
type Share = "session" | "beside" | "speaker";

const WEIGHT_STEP = 0.05;
const SHARE_STEP = 0.1;
const WHOLE = Math.round(1 / WEIGHT_STEP);
const MOST_SHARE = Math.round(1.5 / SHARE_STEP);
const WEIGHTS: readonly Weight[] = ["semantic", "keyword", "recency"];
const SHARES: readonly Share[] = ["session", "beside", "speaker"];

/** The weights that details.md names, over the factors that are built: .35, .25 and .20 made to sum to 1. */
const CENTRE: Readonly<Record<Weight, number>> = { semantic: 0.4375, keyword: 0.3125, recency: 0.25 };

export const START: Point = { semantic: 9, keyword: 6, recency: 5, session: 3, beside: 3, speaker: 3 };

export function settingsAt(point: Point, base: FusionSettings): FusionSettings {
  const weights: Record<FactorName, number> = { ...base.weights };
  for (const name of WEIGHTS) weights[name] = rounded(point[name] * WEIGHT_STEP);
  return {
    ...base,
    weights,
    sessionShare: rounded(point.session * SHARE_STEP),
    besideShare: rounded(point.beside * SHARE_STEP),
    speakerShare: rounded(point.speaker * SHARE_STEP),
  };
}

/** Points `size` steps away: one share more or less, or weight moved from one factor to another. */
export function neighbours(point: Point, size: number): Point[] {
  const shares = SHARES.flatMap((name) => [
    { ...point, [name]: point[name] + size },
    { ...point, [name]: point[name] - size },
  ]);
  const weights = WEIGHTS.flatMap((from) =>
    WEIGHTS.filter((to) => to !== from).map((to) => ({ ...point, [from]: point[from] - size, [to]: point[to] + size })),
  );
  return [...shares, ...weights].filter(inside);
}

export function randomPoint(random: () => number): Point {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const [low = 0, high = 0] = [upTo(WHOLE), upTo(WHOLE)].sort((a, b) => a - b);
  const weights = { semantic: low, keyword: high - low, recency: WHOLE - high };
  return { ...weights, session: upTo(MOST_SHARE), beside: upTo(MOST_SHARE), speaker: upTo(MOST_SHARE) };
}

/** How far the weights are from the centre, 0…2. */
export function offCentre(point: Point): number {
  return WEIGHTS.reduce((sum, name) => sum + Math.abs(point[name] * WEIGHT_STEP - CENTRE[name]), 0);
}

export function nameOf(point: Point): string {
  return [...WEIGHTS, ...SHARES].map((name) => point[name]).join(" ");
}

function inside(point: Point): boolean {
  return (
    WEIGHTS.every((name) => point[name] >= 0) && SHARES.every((name) => point[name] >= 0 && point[name] <= MOST_SHARE)
  );
}

/** Without the last bits of a product of decimals. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
