/** Explains one memory's place in an answer, or its absence: the answer as it was kept, and the search made again. */

import { type Memory, NexusError, type Subject, type TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { accuracyOf } from "../engines/accuracy.ts";
import { type KeptAnswer, keptAnswer } from "../recall/answers.ts";
import type { Recall } from "../recall/recall.ts";
import { notFound } from "../remember/read.ts";
import type { RecallRequest, RecallResponse } from "../requests.ts";
import { payloadOf } from "../subject.ts";
import { evidenceOf } from "./evidence.ts";
import type { Explanation, ExplainRequest } from "./explain-service.ts";
import { reasonsFor } from "./reasons.ts";

export type ExplainDependencies = Dependencies;

/** Results of the search made again: more than any path has candidates for. */
const MAX_RANK = 1_000;
/** The search is made at leisure: a source that is late would be taken for a reason. */
const BUDGET_MS = 10_000;

export async function explanationOf(
  scope: TenantScope,
  request: ExplainRequest,
  recall: Recall,
  deps: ExplainDependencies,
): Promise<Explanation> {
  const { records, clock, settings } = deps;
  const kept = request.queryId === undefined ? undefined : await keptAnswer(scope, request.queryId, deps);
  if (kept) requireOwn(request, kept);
  const asked: RecallRequest = request.search ?? requestOf(kept as KeptAnswer, settings);
  const [memory] = await records.reader(scope).get("memory", [[request.memoryId]]);
  if (!memory || !isReached(memory, request.subject)) throw notFound(request.memoryId);
  const wide = { ...asked, k: MAX_RANK, minScore: 0, budgetMs: BUDGET_MS, explain: true };
  const [again, evidence] = await Promise.all([recall(scope, wide), evidenceOf(scope, asked.query, memory, deps)]);
  const now = clock.now();
  const at = (asked.asOf ?? new Date(now)).getTime();
  const place = placeOf(memory, asked, again, kept);
  const shown = kept ? { weakest: kept.results.at(-1)?.score ?? 0, count: kept.results.length } : shownOf(again, asked);
  const missed = { memory, request: asked, evidence, again, shown, now, answeredAt: kept?.at };
  const reasons = place.included ? [] : reasonsFor(missed);
  const found = again.results.find((result) => result.memory.id === memory.id);
  return {
    ...place,
    weights: again.weights ?? settings.fusion.weights,
    explanation: place.included
      ? (found?.explanation ?? "It was in the answer; asked now, it would not be.")
      : (reasons[0]?.sentence ?? ""),
    reasons,
    evidence,
    accuracyTier: accuracyOf(payloadOf(memory), at).tier,
  };
}

type Place = Pick<Explanation, "included" | "rank" | "score" | "confidence" | "sources" | "factors">;

/** As it was answered, else as it is ranked now. */
function placeOf(
  { id }: Memory,
  { k, minScore }: RecallRequest,
  again: RecallResponse,
  kept: KeptAnswer | undefined,
): Place {
  const then = kept?.results.findIndex((result) => result.id === id) ?? -1;
  const rank = again.results.findIndex((result) => result.memory.id === id);
  const result = kept?.results[then] ?? again.results[rank];
  if (!result) return { included: false, sources: [] };
  const { score, confidence, sources, factors } = result;
  const included = kept ? then >= 0 : rank < k && score >= minScore;
  return { included, rank: (then >= 0 ? then : rank) + 1, score, confidence, sources, factors };
}

function shownOf({ results }: RecallResponse, { k, minScore }: RecallRequest): { weakest: number; count: number } {
  const shown = results.slice(0, k).filter(({ score }) => score >= minScore);
  return { weakest: shown.at(-1)?.score ?? 0, count: shown.length };
}

function requestOf({ request }: KeptAnswer, { maxStalenessMs }: Dependencies["settings"]): RecallRequest {
  const asOf = request.asOf === undefined ? undefined : new Date(request.asOf);
  return { ...request, asOf, maxStalenessMs, budgetMs: BUDGET_MS, explain: true };
}

/** throws  query.not_found for an answer to somebody else, which a caller cannot tell from one that is not kept */
function requireOwn({ subject, tenantWide }: ExplainRequest, { request }: KeptAnswer): void {
  if ((request.userId !== undefined || tenantWide) && isReached(request, subject)) return;
  throw new NexusError(
    "query.not_found",
    "[nexus/memory] no answer to this caller is kept under this queryId; ask again",
  );
}

function isReached(of: Pick<Memory, keyof Subject>, subject: Subject | undefined): boolean {
  const fields = ["userId", "agentId", "sessionId"] as const;
  return fields.every((field) => subject?.[field] === undefined || subject[field] === of[field]);
}
