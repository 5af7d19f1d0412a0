/** The levels of a context: what each offers, best first. */

import {
  allOf,
  equals,
  type Filter,
  matches,
  type Memory,
  partitionOf,
  type RecordReader,
  type TenantScope,
} from "@nexus/core";
import { present } from "../recall/plan.ts";
import type { Recall, RecallDependencies } from "../recall/recall.ts";
import type { RecallRequest, RecallResponse, RecallResult, Skipped } from "../requests.ts";
import { hasExpired, payloadOf } from "../subject.ts";
import type { Part } from "./block.ts";
import type { ContextLevel, ContextRequest } from "./context-service.ts";

export interface Found {
  readonly memory: Memory;
  readonly relevance: number;
  readonly cached: boolean;
  /** Where a long memory matches. */
  readonly part?: Part | undefined;
}

/** What a level brings, best first. */
export interface LevelFindings {
  readonly found: readonly Found[];
  /** Sources that its search went on without. */
  readonly skipped: readonly Skipped[];
}

export interface LevelContext {
  readonly scope: TenantScope;
  readonly request: ContextRequest;
  readonly recall: Recall;
  readonly deps: RecallDependencies;
}

/** Turns of the session that is going on. */
const LAST_TURNS = 50;
/** Rows looked at for turns of the last day: an import has many that were said long ago. */
const SCANNED = 400;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RECENT_MS = 7 * DAY_MS;
/** Tokens of a turn of a conversation as a block: results asked for are as many as the budget may hold. */
const TOKENS_PER_TURN = 25;
const MIN_RESULTS = 10;
const MAX_RESULTS = 200;
/** Beyond it the slow path is asked: on the "fit" half of test/eval/conversations the fast one has 124 candidates, .91 of the evidence among them, the slow one .99 in 160. */
const MAX_FAST_RESULTS = 100;
/**
 * Results less likely than one in two hundred to answer are left out. A higher floor loses evidence: on the "fit" half of
 * test/eval/conversations .03 cuts nine tenths of 80 results, and two fifths of the evidence with them. The budget chooses.
 */
const MIN_RELEVANCE = 0.005;
/** Tokens of the part of a long memory, at least: more of them than the budget holds are not looked into. */
const TOKENS_PER_PART = 100;
/** Chunks read at once to find the one at an offset. */
const PROBES = 16;

export function findLevel(level: ContextLevel, context: LevelContext): Promise<LevelFindings> {
  if (level === "immediate") return immediate(context);
  // Whole hours, so that the same question is answered from the cache for a while.
  const since = hourOf(context.deps.clock.now() - RECENT_MS);
  const when: Filter = { field: "createdAt", operator: level === "recent" ? "gte" : "lt", value: since };
  return searched(context, when);
}

async function searched(context: LevelContext, when: Filter): Promise<LevelFindings> {
  const { maxTokens } = context.request;
  const k = Math.min(MAX_RESULTS, Math.max(MIN_RESULTS, Math.ceil(maxTokens / TOKENS_PER_TURN)));
  const response = await search(context, when, k);
  const likely = response.results.filter(({ confidence }) => confidence >= MIN_RELEVANCE);
  return { found: await foundOf(likely, response, context), skipped: response.skipped };
}

/** The session's last turns, newest first: what is being talked about bears on the query whether its words match or not. */
async function immediate(context: LevelContext): Promise<LevelFindings> {
  const { deps, scope, request } = context;
  const now = deps.clock.now();
  const filter = allOf(scopeFilter(request), request.filter, present(now));
  const since = hourOf(now - DAY_MS);
  const rows = await lastRows(deps.records.reader(scope), request, since);
  const turns = rows
    .filter((row) => !hasExpired(row, now) && matches(payloadOf(row), filter))
    .filter(({ createdAt }) => request.sessionId !== undefined || createdAt.getTime() >= since)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.addedSeq - a.addedSeq)
    .slice(0, LAST_TURNS);
  if (turns.length === 0) return { found: [], skipped: [] };
  const response = await search(context, sessionFilter(request, since), LAST_TURNS);
  const scored = new Map(response.results.map((result) => [result.memory.id, result]));
  const found = await foundOf(
    turns.map((memory) => scored.get(memory.id) ?? { memory, confidence: 0, spans: [] }),
    response,
    context,
  );
  return { found, skipped: response.skipped };
}

function sessionFilter({ sessionId }: ContextRequest, since: number): Filter {
  return sessionId === undefined
    ? { field: "createdAt", operator: "gte", value: since }
    : equals("sessionId", sessionId);
}

/** Newest recorded first: nothing was said, by the records' clock, more than minutes after it was recorded. */
function lastRows(reader: RecordReader, { userId, sessionId }: ContextRequest, since: number): Promise<Memory[]> {
  const partition = partitionOf(userId);
  const to = -since * 1_000 + 1;
  if (sessionId !== undefined)
    return reader.find({ index: "memoryBySession", anyOf: [[partition, sessionId]], limit: LAST_TURNS });
  return userId === undefined
    ? reader.find({ index: "memoryByNewest", anyOf: [[]], to, limit: SCANNED })
    : reader.find({ index: "memoryByUserNewest", anyOf: [[partition]], to, limit: SCANNED });
}

function search({ scope, request, recall }: LevelContext, when: Filter, k: number): Promise<RecallResponse> {
  const { query, userId, filter, consistency, maxStalenessMs, budgetMs, signal } = request;
  const asked: RecallRequest = {
    query,
    userId,
    agentId: request.subject?.agentId ?? request.agentId,
    sessionId: request.subject?.sessionId,
    k,
    mode: k > MAX_FAST_RESULTS ? "maxAccuracy" : "auto",
    minScore: 0,
    filter: allOf("all" in filter && filter.all.length === 0 ? undefined : filter, when),
    consistency,
    maxStalenessMs,
    budgetMs,
    explain: false,
    signal,
  };
  return recall(scope, asked);
}

/** Who may be read, as the search has it in its own fields. */
function scopeFilter({ userId, agentId, subject }: ContextRequest): Filter {
  const agent = subject?.agentId ?? agentId;
  return allOf(
    userId === undefined ? undefined : equals("userId", userId),
    agent === undefined ? undefined : equals("agentId", agent),
    subject?.sessionId === undefined ? undefined : equals("sessionId", subject.sessionId),
  );
}

type Scored = Pick<RecallResult, "memory" | "confidence" | "spans">;

async function foundOf(
  results: readonly Scored[],
  { cache }: RecallResponse,
  { scope, request, deps }: LevelContext,
): Promise<Found[]> {
  const reader = deps.records.reader(scope);
  let parts = Math.ceil(request.maxTokens / TOKENS_PER_PART);
  const held = results.filter(({ memory }) => memory.chunkCount <= 1 || parts-- > 0);
  return await Promise.all(
    held.map(async ({ memory, confidence, spans }) => ({
      memory,
      relevance: confidence,
      cached: cache.tier !== null,
      part: memory.chunkCount > 1 ? await partOf(memory, spans[0]?.start ?? 0, reader) : undefined,
    })),
  );
}

/** The last chunk of a long memory that begins at or before an offset. Cost: a read of 16 rows by key, three for 4,096 chunks. */
async function partOf({ id, chunkCount }: Memory, offset: number, reader: RecordReader): Promise<Part | undefined> {
  let from = 0;
  let to = chunkCount;
  for (;;) {
    const step = Math.ceil((to - from) / PROBES);
    const places = Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
    const rows = await reader.get(
      "chunk",
      places.map((place) => [id, place]),
    );
    const at = rows.findLastIndex((row) => row !== undefined && row.startOffset <= offset);
    const chunk = rows[at];
    if (!chunk || step === 1) return chunk && { start: chunk.startOffset, end: chunk.endOffset };
    from = chunk.index;
    to = Math.min(to, from + step);
  }
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}
