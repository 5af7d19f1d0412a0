/** Which requests the caches serve, and under which names. */

import { canonicalJson, type Json } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";
import type { RecallRequest } from "../requests.ts";

export interface CacheKeys {
  /** Of this very request. */
  readonly exact: string;
  /** Of all requests that differ by their words alone, so that their candidates may serve one another. */
  readonly group: string;
}

/** What is read of a query's analysis. */
export interface Cues {
  readonly hasReference: boolean;
}

/** Longer lists are asked for by programs that page, not by people who repeat themselves. */
const MAX_K = 50;

/**
 * 128 bits over all that the answer depends on; undefined when the answer is not to be cached: reads across users, of a
 * past moment, of many results, and "what was that?" outside a session.
 */
export function cacheKeys(request: RecallRequest, { hasReference }: Cues, versions: Json): CacheKeys | undefined {
  const { userId, agentId, sessionId, asOf, k, query, mode, minScore, minConfidence, filter, explain } = request;
  if (userId === undefined || asOf || k > MAX_K || (hasReference && sessionId === undefined)) return undefined;
  const scope = { userId, agentId, sessionId, k, mode, minScore, minConfidence, filter, explain, versions };
  return { exact: `qw:${digest({ ...scope, query })}`, group: digest(scope) };
}

function digest(value: object): string {
  return sha256Hex(canonicalJson(value)).slice(0, 32);
}
