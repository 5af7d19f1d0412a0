/** GET /api/patterns: what recurs in a user's memories. */

import { LIMITS, type Pattern } from "@nexus/core";
import { z } from "zod";
import { nameText } from "./fields.ts";
import { integerText, scopeParameters } from "./query-text.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 50;
const type = z.enum(["solution", "preference", "habit", "trend"]);

export const patternsQuery = z.strictObject({
  userId: scopeParameters.userId,
  type: type.optional(),
  domain: nameText.optional(),
  limit: integerText.pipe(z.int().min(1).max(LIMITS.maxListLimit)).optional(),
});

export const patternsWire = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      type,
      domain: z.string(),
      description: z.string(),
      terms: z.array(z.string()),
      frequency: z.int().meta({ description: "Memories behind it when it was found." }),
      successRate: z.number().meta({ description: "(good ratings + 1)/(ratings + 2) of its memories." }),
      memoryIds: z.array(z.string()),
    }),
  ),
});

export interface PatternsInput {
  readonly userId: string | undefined;
  readonly type: Pattern["type"] | undefined;
  readonly domain: string | undefined;
  readonly limit: number;
}

export function parsePatternsQuery(input: unknown): PatternsInput {
  const { userId, type, domain, limit = DEFAULT_LIMIT } = validate(patternsQuery, input);
  return { userId, type, domain, limit };
}

export function patternsToWire(patterns: readonly Pattern[]): z.output<typeof patternsWire> {
  return {
    items: patterns.map((pattern) => ({
      id: pattern.id,
      type: pattern.type,
      domain: pattern.domain,
      description: pattern.description,
      terms: [...pattern.terms],
      frequency: pattern.frequency,
      successRate: (pattern.successCount + 1) / (pattern.usageCount + 2),
      memoryIds: [...pattern.memoryIds],
    })),
  };
}
