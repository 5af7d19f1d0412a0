/** GET /api/trends: what a user's memories come back to more often than before. */

import { LIMITS } from "@nexus/core";
import { z } from "zod";
import { integerText, scopeParameters } from "./query-text.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 20;
const MAX_EXAMPLES = 5;
const time = z.string().meta({ format: "date-time" });
const window = z.enum(["day", "week", "month"]);

export const trendsQuery = z.strictObject({
  userId: scopeParameters.userId,
  window: window.optional(),
  limit: integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit)).optional(),
});

export const trendsWire = z.object({
  items: z.array(
    z.object({
      topic: z.string(),
      frequency: z.int().meta({ description: "Memories of the window that mention it, at least 5." }),
      growthRate: z.number().meta({ description: "(now + 1)/(before + 1) − 1; 1 is twice as often." }),
      from: time,
      to: time,
      examples: z.array(z.string()).meta({ description: `Ids of the newest, at most ${MAX_EXAMPLES}.` }),
    }),
  ),
});

export interface TrendsInput {
  readonly userId: string | undefined;
  readonly window: z.output<typeof window>;
  readonly limit: number;
}

export interface TrendView {
  readonly topic: string;
  readonly frequency: number;
  readonly growthRate: number;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly memoryIds: readonly string[];
}

export function parseTrendsQuery(input: unknown): TrendsInput {
  const { userId, window = "week", limit = DEFAULT_LIMIT } = validate(trendsQuery, input);
  return { userId, window, limit };
}

export function trendsToWire(trends: readonly TrendView[]): z.output<typeof trendsWire> {
  return {
    items: trends.map(({ topic, frequency, growthRate, from, to, memoryIds }) => ({
      topic,
      frequency,
      growthRate,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      examples: memoryIds.slice(0, MAX_EXAMPLES),
    })),
  };
}
