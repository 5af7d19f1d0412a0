/** POST /api/search and the part of POST /api/process that searches. */

import { type Filter, LIMITS } from "@nexus/core";
import { z } from "zod";
import { filterTree, opaqueText, queryText, scopeFields, timeText } from "./fields.ts";
import { filterOf } from "./scope-filter.ts";
import { toDate } from "./times.ts";
import { validate } from "./validate.ts";

const MOST_STALENESS_MS = 86_400_000;

const kNumber = z
  .int()
  .min(1)
  .refine((k) => k <= LIMITS.maxK, { error: `must be at most ${LIMITS.maxK}`, params: { code: "search.k_too_large" } })
  .meta({ maximum: LIMITS.maxK });

export const recallFields = {
  ...scopeFields,
  k: kNumber.nullish(),
  mode: z.enum(["auto", "fast", "balanced", "maxAccuracy"]).nullish(),
  minScore: z.number().min(0).max(1).nullish(),
  minConfidence: z.number().min(0).max(1).nullish(),
  filters: filterTree.nullish(),
  asOf: timeText.nullish(),
  consistency: opaqueText.nullish(),
  maxStalenessMs: z.int().min(0).max(MOST_STALENESS_MS).nullish(),
  budgetMs: z.int().min(1).max(LIMITS.maxBudgetMs).nullish(),
  explain: z.boolean().nullish(),
};

export const searchBody = z.strictObject({
  query: queryText.refine((text) => text.trim() !== "", "must have some text"),
  ...recallFields,
});

const recallShape = z.object(recallFields);

/** What requests leave open; the composition root's settings. */
export interface RecallDefaults {
  readonly processK: number;
  readonly searchK: number;
  readonly budgetMs: number;
  readonly maxStalenessMs: number;
}

export interface RecallInput {
  readonly query: string;
  readonly userId: string | undefined;
  readonly agentId: string | undefined;
  readonly sessionId: string | undefined;
  readonly k: number;
  readonly mode: "auto" | "fast" | "balanced" | "maxAccuracy";
  readonly minScore: number;
  readonly minConfidence: number | undefined;
  readonly filter: Filter;
  readonly asOf: Date | undefined;
  readonly consistency: string | undefined;
  readonly maxStalenessMs: number;
  readonly budgetMs: number;
  readonly explain: boolean;
}

/** throws  what `validate` throws, `search.filter_unknown`, `search.filter_invalid`, `search.k_too_large` */
export function parseSearch(input: unknown, defaults: RecallDefaults): RecallInput {
  const body = validate(searchBody, input);
  return toRecallInput(body.query, body, defaults, defaults.searchK);
}

export function toRecallInput(
  query: string,
  body: z.output<typeof recallShape>,
  defaults: RecallDefaults,
  k: number,
): RecallInput {
  return {
    query,
    userId: body.userId ?? undefined,
    agentId: body.agentId ?? undefined,
    sessionId: body.sessionId ?? undefined,
    k: body.k ?? k,
    mode: body.mode ?? "auto",
    minScore: body.minScore ?? 0,
    minConfidence: body.minConfidence ?? undefined,
    filter: filterOf({ filters: body.filters }, []),
    asOf: toDate(body.asOf),
    consistency: body.consistency ?? undefined,
    maxStalenessMs: body.maxStalenessMs ?? defaults.maxStalenessMs,
    budgetMs: body.budgetMs ?? defaults.budgetMs,
    explain: body.explain ?? false,
  };
}
