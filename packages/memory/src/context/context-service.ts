/** What callers ask of contexts: what a model should read before it answers, within a token budget. */

import type { ErrorCode, Filter, Subject, TenantScope } from "@nexus/core";
import type { Recall, RecallDependencies } from "../recall/recall.ts";
import type { Skipped } from "../requests.ts";
import { contextOf } from "./context.ts";

/** This session's last turns (without a session: of the last 24 h), of the last 7 days, before that. */
export type ContextLevel = "immediate" | "recent" | "longTerm";

export interface ContextRequest {
  readonly query: string;
  readonly userId?: string | undefined;
  /** Narrows every level. */
  readonly agentId?: string | undefined;
  /** The session that is going on; the other levels reach beyond it. */
  readonly sessionId?: string | undefined;
  readonly maxTokens: number;
  readonly levels: readonly ContextLevel[];
  readonly filter: Filter;
  readonly consistency?: string | undefined;
  readonly maxStalenessMs: number;
  readonly budgetMs: number;
  /** All that the caller's user token may reach, on every level. */
  readonly subject?: Subject | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ContextItem {
  readonly id: string;
  readonly level: ContextLevel;
  readonly tokens: number;
  /** The confidence of the search that found it; 0 for a turn of the session that no search did. */
  readonly relevance: number;
  readonly citation: number;
  /** It no longer holds. */
  readonly superseded: boolean;
  /** Only the part of it that matches best is in the text. */
  readonly excerpt: boolean;
}

/** A level that failed, or a source that its search went on without. */
export interface SkippedLevel {
  readonly level: ContextLevel;
  readonly source?: Skipped["source"] | undefined;
  readonly reason: Skipped["reason"];
  readonly elapsedMs: number;
  readonly code?: ErrorCode | undefined;
}

export interface Context {
  readonly text: string;
  /** In the order of their citations: oldest first. */
  readonly items: readonly ContextItem[];
  readonly totalTokens: number;
  /** How tokens are counted. */
  readonly tokenizer: string;
  readonly levelDistribution: Readonly<Record<ContextLevel, number>>;
  readonly avgRelevance: number;
  /** Items that an answer from the cache gave. */
  readonly cacheHits: number;
  /** Memories that the levels brought, before the budget chose. */
  readonly totalSearched: number;
  readonly skipped: readonly SkippedLevel[];
}

export interface ContextService {
  /**
   * The memories that bear on a query as one text of at most `maxTokens`: immediate, recent and long-term ones, searched
   * at once; a level that fails is named in `skipped`.
   *
   * throws   consistency.invalid, consistency.timeout, and when every level failed what the first one threw
   */
  context(scope: TenantScope, request: ContextRequest): Promise<Context>;
}

export function contextService(recall: Recall, deps: RecallDependencies): ContextService {
  return { context: (scope, request) => contextOf(scope, request, recall, deps) };
}
