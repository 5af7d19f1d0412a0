/** What is kept of a rated result for learning: its factors, those of its answer, and its topics. Never a text. */

import type { Feedback, Json, JsonObject, Memory } from "@nexus/core";
import { featuresOf, type Rated } from "../engines/learning.ts";
import type { RatedFactors } from "../engines/weights.ts";
import { FACTOR_NAMES } from "../fusion/fuse.ts";
import type { KeptAnswer } from "../recall/answers.ts";
import type { Factors } from "../requests.ts";
import { payloadOf } from "../subject.ts";

export function featuresOfRating(answer: KeptAnswer, memory: Memory | undefined): JsonObject {
  const rank = answer.results.findIndex(({ id }) => id === memory?.id);
  const result = answer.results[rank];
  const query = { domain: answer.domain, path: answer.path };
  if (!memory || !result) return { query };
  return {
    query,
    rank: rank + 1,
    sources: [...result.sources],
    factors: { ...result.factors },
    mean: { ...meanOf(answer) },
    features: featuresOf(payloadOf(memory)),
  };
}

export function ratedOf({ rating, features, createdAt }: Feedback): Rated {
  const names = features["features"];
  const texts = Array.isArray(names) ? names.filter((name: Json) => typeof name === "string") : [];
  return { features: texts, rating, at: createdAt.getTime() };
}

/** undefined for a rating of a whole answer, which says nothing of one factor against another, and for imported ones that hold no factors. */
export function ratedFactorsOf({ rating, features }: Feedback): RatedFactors | undefined {
  const own = features["factors"] as unknown as Factors | undefined;
  const mean = features["mean"] as unknown as Factors | undefined;
  if (!own || !mean) return undefined;
  const contrast = FACTOR_NAMES.map((name): [string, number] => [name, (own[name] ?? 0) - (mean[name] ?? 0)]);
  // Factors are 0…1. A text among them makes its contrast NaN.
  if (!contrast.every(([, value]) => Math.abs(value) <= 1)) return undefined;
  return { rating, contrast: Object.fromEntries(contrast) as unknown as Factors };
}

function meanOf({ results }: KeptAnswer): Factors {
  const mean = FACTOR_NAMES.map((name): [string, number] => [
    name,
    results.reduce((sum, { factors }) => sum + factors[name], 0) / results.length,
  ]);
  return Object.fromEntries(mean) as unknown as Factors;
}
