/** Accuracy engine: how fresh a memory is and what it is worth by itself, whatever was asked. */

import type { PointPayload } from "@nexus/core";

export type Tier = "hot" | "warm" | "cold";

/** Who a memory comes from. */
export type Origin = "user" | "import" | "assistant" | "derived";

export interface QualityParts {
  /** `contentQuality` of its text, 0…1. */
  readonly content: number;
  readonly origin: Origin;
  /** Memories that say the same: merged into it, or given by the user again. */
  readonly confirmations: number;
  /** Σ of its ratings, each −1…1, and how many there are. */
  readonly ratingSum: number;
  readonly ratingCount: number;
}

/** What the engine says of one memory, for explanations. */
export interface Accuracy {
  readonly tier: Tier;
  readonly boost: number;
  readonly quality: number | undefined;
}

const HOUR_MS = 3_600_000;
const HOT_MS = 24 * HOUR_MS;
const WARM_MS = 7 * 24 * HOUR_MS;

/** Boosts of details.md, 6. They are shown and tested, and stay out of fusion, where recency counts already. */
const BOOSTS: Readonly<Record<Tier, number>> = { hot: 1.3, warm: 1.15, cold: 0.9 };

const ORIGINS: Readonly<Record<Origin, number>> = { user: 1, import: 0.8, assistant: 0.7, derived: 0.5 };
export const CONTENT_SHARE = 0.4;
const ORIGIN_SHARE = 0.2;
const CONFIRMATION_SHARE = 0.2;
const RATING_SHARE = 0.2;
const ENOUGH_CONFIRMATIONS = 3;
/** Ratings of 0 that every memory begins with, so that one thumb does not decide. */
const NEUTRAL_VOTES = 3;

/**
 * Quality of a memory, 0…1: .4 content + .2 origin + .2 min(1, confirmations/3) + .2 (1 + mean rating)/2 with 3 neutral votes.
 *
 * source   details.md, 6
 */
export function qualityOf({ content, origin, confirmations, ratingSum, ratingCount }: QualityParts): number {
  return (
    CONTENT_SHARE * content +
    ORIGIN_SHARE * ORIGINS[origin] +
    CONFIRMATION_SHARE * Math.min(1, confirmations / ENOUGH_CONFIRMATIONS) +
    ratingPart({ ratingSum, ratingCount })
  );
}

/** The quality once its ratings have changed; the other parts stay what they are, so the former ratings put back give the former quality. */
export function rerated(
  quality: number,
  before: Pick<QualityParts, "ratingSum" | "ratingCount">,
  after: Pick<QualityParts, "ratingSum" | "ratingCount">,
): number {
  const next = quality - ratingPart(before) + ratingPart(after);
  // Twelve digits: sums of floats would otherwise leave a trace of what was taken back.
  return Math.min(1, Math.max(0, Math.round(next * 1e12) / 1e12));
}

/** Hot for 24 h, warm for 7 d, then cold, from `validFrom`, else `createdAt`. */
export function accuracyOf(
  { validFrom, createdAt, quality }: Pick<PointPayload, "validFrom" | "createdAt" | "quality">,
  now: number,
): Accuracy {
  const age = now - (validFrom ?? createdAt);
  const tier: Tier = age <= HOT_MS ? "hot" : age <= WARM_MS ? "warm" : "cold";
  return { tier, boost: BOOSTS[tier], quality };
}

function ratingPart({ ratingSum, ratingCount }: Pick<QualityParts, "ratingSum" | "ratingCount">): number {
  return (RATING_SHARE * (1 + ratingSum / (ratingCount + NEUTRAL_VOTES))) / 2;
}
