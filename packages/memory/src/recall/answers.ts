/** What was answered, kept for a day under the query's id: feedback and explanations refer to it. */

import { type CacheStore, type Json, NexusError, seal, type Sign, type TenantScope, unseal } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Factors, RecallRequest, RecallResponse, RecallResult, SourceName } from "../requests.ts";

/** An answer without any text of a memory: what was asked, and the results as they were ranked. */
export interface KeptAnswer {
  /** When it was given, milliseconds. */
  readonly at: number;
  readonly request: Pick<
    RecallRequest,
    "query" | "userId" | "agentId" | "sessionId" | "k" | "mode" | "minScore" | "filter"
  > & {
    readonly asOf?: number | undefined;
  };
  readonly path: RecallResponse["path"];
  readonly domain: string;
  readonly confidence: number;
  readonly results: readonly KeptResult[];
}

interface KeptResult {
  readonly id: string;
  readonly version: number;
  readonly score: number;
  readonly confidence: number;
  readonly sources: readonly SourceName[];
  readonly factors: Factors & { readonly agreement: number };
}

const TTL_SECONDS = 86_400;

/** The id of one event of answering; `list` names the kept answer, which equal events share. */
export function queryId(
  scope: TenantScope,
  list: string,
  { ids, signers }: Pick<Dependencies, "ids" | "signers">,
): string {
  return `q1.${seal(signers[0], scope.tenant, "query", [ids.next(), list])}`;
}

export async function keepAnswer(
  scope: TenantScope,
  list: string,
  request: RecallRequest,
  response: RecallResponse,
  { cache, shared, clock }: Pick<Dependencies, "cache" | "shared" | "clock">,
): Promise<void> {
  const { query, userId, agentId, sessionId, k, mode, minScore, filter, asOf } = request;
  const answer: KeptAnswer = {
    at: clock.now(),
    request: { query, userId, agentId, sessionId, k, mode, minScore, filter, asOf: asOf?.getTime() },
    path: response.path,
    domain: response.analysis.domain,
    confidence: response.confidence,
    results: response.results.map(keptResult),
  };
  // Another process may be told what was thought of it.
  const store = shared ?? cache;
  await store.set(scope, [{ key: keyOf(list), value: answer as unknown as Json, ttlSeconds: TTL_SECONDS }]);
}

/** throws  query.not_found for an id that was not given here, to this tenant, within the last day */
export async function keptAnswer(
  scope: TenantScope,
  id: string,
  { cache, shared, signers }: { cache: CacheStore; shared?: CacheStore | undefined; signers: readonly Sign[] },
): Promise<KeptAnswer> {
  const sealed = id.startsWith("q1.") ? unseal(signers, scope.tenant, "query", id.slice(3)) : undefined;
  const list = Array.isArray(sealed) && typeof sealed[1] === "string" ? sealed[1] : undefined;
  const [answer] = list === undefined ? [] : await (shared ?? cache).get(scope, [keyOf(list)]);
  if (answer !== undefined) return answer as unknown as KeptAnswer;
  throw new NexusError(
    "query.not_found",
    "[nexus/memory] no answer is kept under this queryId: it is not ours, or older than a day; ask again",
  );
}

function keptResult({ memory, score, confidence, sources, factors }: RecallResult): KeptResult {
  return { id: memory.id, version: memory.version, score, confidence, sources, factors };
}

function keyOf(list: string): string {
  return `ql:${list}`;
}
