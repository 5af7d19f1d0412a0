/** Learning engine: what a user's ratings say of topics, speakers and domains, as weights that fade, have bounds and can be taken back. */

import type { JsonObject, PointPayload, Profile } from "@nexus/core";
import { nameKey } from "@nexus/text";

/** One rating of one memory, as learning sees it. */
export interface Rated {
  /** Of `featuresOf`, when it was rated. */
  readonly features: readonly string[];
  /** −1…1. */
  readonly rating: number;
  /** Milliseconds. */
  readonly at: number;
}

/** How far one rating moves a prediction towards itself. */
const RATE = 0.1;
const HALF_LIFE_MS = 30 * 86_400_000;
const MAX_FEATURES = 512;
/** A memory speaks with so many entities and metadata values at most: a list of names is no preference for each. */
const MAX_ENTITIES = 16;
const MAX_TOPICS = 8;
const LONGEST_TOPIC = 64;

/** What a memory is about and who said it: the features that have weights. Names are folded, texts are never among them. */
export function featuresOf({
  entities = [],
  speaker,
  domain,
  metadata,
}: Pick<PointPayload, "entities" | "speaker" | "domain" | "metadata">): string[] {
  const topics = Object.entries(metadata)
    .filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].length <= LONGEST_TOPIC)
    .slice(0, MAX_TOPICS);
  const features = [
    ...entities
      .filter((key) => key.length <= LONGEST_TOPIC)
      .slice(0, MAX_ENTITIES)
      .map((key) => `entity:${key}`),
    ...topics.map(([key, value]) => `topic:${key}=${nameKey(value)}`),
    ...(speaker === undefined ? [] : [`speaker:${nameKey(speaker)}`]),
    ...(domain === undefined ? [] : [`domain:${domain}`]),
  ];
  return [...new Set(features)];
}

export function emptyProfile(partition: string, since: number): Profile {
  return { partition, preferences: { since, weights: {} }, ratingCount: 0, updatedAt: new Date(since) };
}

/**
 * The profile after one more rating: each feature's weight moves by .1 of what the prediction missed, within ±1, all
 * others fade with a half-life of 30 days. At most 512 features are kept, the largest. A rating of 0 says nothing.
 *
 * source   delta rule (Widrow and Hoff 1960) on tanh(Σ w·x), x of length 1; details.md, 6
 */
export function learn(profile: Profile, rated: Rated): Profile {
  return learnAll(profile, [rated]);
}

/** The profile that these ratings give, whatever was learnt before: how a rating is taken back. Those before `since` do not count. Cost: some 30 µs a rating. */
export function relearn(partition: string, ratings: readonly Rated[], since: number): Profile {
  const counted = ratings.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  return learnAll(emptyProfile(partition, since), counted);
}

/** When the profile was last reset, milliseconds. */
export function sinceOf(profile: Profile | undefined): number {
  const since = profile?.preferences["since"];
  return typeof since === "number" ? since : 0;
}

/**
 * Preference of a user for a memory, 0…1: .5 + .5·tanh(Σ w·x); .5 when nothing is known.
 *
 * cost     the weights are read once, then some 1 µs a memory
 */
export function preferenceOf(profile: Profile | undefined, now: number): (payload: PointPayload) => number {
  const weights = profile ? storedWeights(profile) : new Map<string, number>();
  if (!profile || weights.size === 0) return () => NEUTRAL;
  fade(weights, now - profile.updatedAt.getTime());
  return (payload) => {
    const features = featuresOf(payload);
    const sum = sumOf(weights, features) / Math.sqrt(Math.max(1, features.length));
    return NEUTRAL + NEUTRAL * Math.tanh(sum);
  };
}

const NEUTRAL = 0.5;

function learnAll(profile: Profile, ratings: readonly Rated[]): Profile {
  const told = ratings.filter(({ rating, features }) => rating !== 0 && features.length > 0);
  if (told.length === 0) return profile;
  const weights = storedWeights(profile);
  let now = profile.updatedAt.getTime();
  for (const { features, rating, at } of told) {
    fade(weights, at - now);
    now = Math.max(now, at);
    const x = 1 / Math.sqrt(features.length);
    const missed = rating - Math.tanh(sumOf(weights, features) * x);
    for (const feature of features) {
      const weight = (weights.get(feature) ?? 0) + RATE * missed * x;
      weights.set(feature, Math.min(1, Math.max(-1, weight)));
    }
    keepLargest(weights);
  }
  return {
    ...profile,
    preferences: { ...profile.preferences, weights: Object.fromEntries([...weights].sort(byName)) },
    ratingCount: profile.ratingCount + told.length,
    updatedAt: new Date(now),
  };
}

function storedWeights(profile: Profile): Map<string, number> {
  const stored = Object.entries((profile.preferences["weights"] ?? {}) as JsonObject);
  return new Map(stored.filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}

function fade(weights: Map<string, number>, ms: number): void {
  if (ms <= 0) return;
  const factor = 2 ** (-ms / HALF_LIFE_MS);
  for (const [feature, weight] of weights) weights.set(feature, weight * factor);
}

function sumOf(weights: ReadonlyMap<string, number>, features: readonly string[]): number {
  return features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), 0);
}

/** By name where equal, so that the same ratings always leave the same profile. */
function keepLargest(weights: Map<string, number>): void {
  if (weights.size <= MAX_FEATURES) return;
  const order = [...weights].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || byName(a, b));
  for (const [feature] of order.slice(MAX_FEATURES)) weights.delete(feature);
}

function byName([a]: readonly [string, number], [b]: readonly [string, number]): number {
  return a < b ? -1 : 1;
}
