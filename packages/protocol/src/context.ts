/** POST /api/context: memories as a text for a prompt. */

import { type ErrorCode, type Filter, LIMITS } from "@nexus/core";
import { z } from "zod";
import { errorCode } from "./failure.ts";
import { filterTree, opaqueText, queryText, scopeFields } from "./fields.ts";
import type { RecallDefaults } from "./recall-request.ts";
import { filterOf } from "./scope-filter.ts";
import { validate } from "./validate.ts";

const DEFAULT_TOKENS = 2_000;
const LEVELS = ["immediate", "recent", "longTerm"] as const;
const level = z.enum(LEVELS);

export const contextBody = z.strictObject({
  query: queryText.refine((text) => text.trim() !== "", "must have some text"),
  ...scopeFields,
  maxTokens: z.int().min(LIMITS.minContextTokens).max(LIMITS.maxContextTokens).nullish(),
  levels: z.array(level).min(1).max(LEVELS.length).nullish(),
  filters: filterTree.nullish(),
  consistency: opaqueText.nullish(),
  budgetMs: z.int().min(1).max(LIMITS.maxBudgetMs).nullish(),
});

const contextItemWire = z.object({
  id: z.string(),
  level,
  tokens: z.int(),
  relevance: z.number(),
  citation: z.int(),
  superseded: z.boolean(),
  excerpt: z.boolean().meta({ description: "Only the part of a long memory that matches is in the text." }),
});

export const contextWire = z.object({
  context: z.string().meta({ description: 'One line a memory: `[1] 2026-05-01 Ana: "…"`, the text as a JSON string.' }),
  items: z.array(contextItemWire),
  totalTokens: z.int(),
  tokenizer: z.string(),
  levelDistribution: z.object({ immediate: z.int(), recent: z.int(), longTerm: z.int() }),
  avgRelevance: z.number(),
  cacheHits: z.int(),
  totalSearched: z.int(),
  skipped: z.array(
    z.object({
      level,
      source: z.string().optional(),
      reason: z.string(),
      elapsedMs: z.number(),
      code: errorCode.optional(),
    }),
  ),
});

type ContextWire = z.output<typeof contextWire>;

export interface ContextInput {
  readonly query: string;
  readonly userId: string | undefined;
  readonly agentId: string | undefined;
  readonly sessionId: string | undefined;
  readonly maxTokens: number;
  readonly levels: readonly ContextWire["items"][number]["level"][];
  readonly filter: Filter;
  readonly consistency: string | undefined;
  readonly maxStalenessMs: number;
  readonly budgetMs: number;
}

export interface ContextView {
  readonly text: string;
  readonly items: readonly Readonly<ContextWire["items"][number]>[];
  readonly totalTokens: number;
  readonly tokenizer: string;
  readonly levelDistribution: Readonly<ContextWire["levelDistribution"]>;
  readonly avgRelevance: number;
  readonly cacheHits: number;
  readonly totalSearched: number;
  readonly skipped: readonly {
    readonly level: ContextWire["items"][number]["level"];
    readonly source?: string | undefined;
    readonly reason: string;
    readonly elapsedMs: number;
    readonly code?: ErrorCode | undefined;
  }[];
}

/** throws  what `validate` throws, `search.filter_unknown`, `search.filter_invalid` */
export function parseContext(input: unknown, defaults: RecallDefaults): ContextInput {
  const body = validate(contextBody, input);
  return {
    query: body.query,
    userId: body.userId ?? undefined,
    agentId: body.agentId ?? undefined,
    sessionId: body.sessionId ?? undefined,
    maxTokens: body.maxTokens ?? DEFAULT_TOKENS,
    levels: [...new Set(body.levels ?? LEVELS)],
    filter: filterOf({ filters: body.filters }, []),
    consistency: body.consistency ?? undefined,
    maxStalenessMs: defaults.maxStalenessMs,
    budgetMs: body.budgetMs ?? defaults.budgetMs,
  };
}

export function contextToWire({ text, items, skipped, ...rest }: ContextView): ContextWire {
  return { context: text, items: [...items], ...rest, skipped: [...skipped] };
}
