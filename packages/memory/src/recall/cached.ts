/** The exact cache: an answer is served again only while its partition stands where it stood before the search began. */

import { canonicalJson, type CacheStore, type Clock, type Json, type Memory, type TenantScope } from "@nexus/core";
import { sha256Hex } from "@nexus/platform";
import type { RecallRequest, RecallResponse, RecallResult } from "../requests.ts";

interface Entry {
  readonly seq: number;
  readonly createdAt: number;
  /** First moment at which time alone changes the answer. */
  readonly validUntil: number;
  readonly response: Json;
}

/** Longer lists are asked for by programs that page, not by people who repeat themselves. */
const MAX_K = 50;

/** 128 bits over all that the answer depends on; undefined when the answer is not to be cached: reads across users, of a past moment, or of many results. */
export function cacheKey(request: RecallRequest, versions: Json): string | undefined {
  const { userId, agentId, sessionId, asOf, k, query, mode, minScore, minConfidence, filter, explain } = request;
  if (userId === undefined || asOf || k > MAX_K) return undefined;
  const about = { query, userId, agentId, sessionId, k, mode, minScore, minConfidence, filter, explain, versions };
  return `qw:${sha256Hex(canonicalJson(about)).slice(0, 32)}`;
}

export async function readCached(
  scope: TenantScope,
  key: string,
  seq: number,
  { cache, clock }: { cache: CacheStore; clock: Clock },
): Promise<RecallResponse | undefined> {
  const [value] = await cache.get(scope, [key]);
  const entry = value as unknown as Entry | undefined;
  const now = clock.now();
  if (!entry || entry.seq !== seq || entry.validUntil <= now) return undefined;
  const response = revive(entry.response as unknown as RecallResponse);
  return { ...response, cache: { tier: "l1", semantic: false, ageMs: now - entry.createdAt, seq } };
}

export async function writeCached(
  scope: TenantScope,
  key: string,
  { seq, began, response }: { seq: number; began: number; response: RecallResponse },
  { cache, clock, ttlSeconds }: { cache: CacheStore; clock: Clock; ttlSeconds: number },
): Promise<void> {
  const now = clock.now();
  // What has passed since the search began may not have been seen by it.
  const bounds = response.results.flatMap(({ memory }) => boundaries(memory, began));
  const validUntil = Math.min(now + ttlSeconds * 1_000, ...bounds);
  const entry: Entry = { seq, createdAt: now, validUntil, response: response as unknown as Json };
  await cache.set(scope, [{ key, value: entry as unknown as Json, ttlSeconds }]);
}

function boundaries({ expiresAt, validFrom, validTo }: Memory, after: number): number[] {
  return [expiresAt, validFrom, validTo].flatMap((at) => (at && at.getTime() > after ? [at.getTime()] : []));
}

/** The stored answer with its times as `Date`, made once for each stored value: a hit is then as cheap as the look-up. */
const revived = new WeakMap<object, RecallResponse>();

function revive(stored: RecallResponse): RecallResponse {
  const known = revived.get(stored);
  if (known) return known;
  const response = withDates(stored);
  revived.set(stored, response);
  return response;
}

function withDates(response: RecallResponse): RecallResponse {
  return {
    ...response,
    results: response.results.map((result): RecallResult => ({ ...result, memory: reviveMemory(result.memory) })),
  };
}

function reviveMemory(memory: Memory): Memory {
  return {
    ...memory,
    createdAt: new Date(memory.createdAt),
    recordedAt: new Date(memory.recordedAt),
    updatedAt: new Date(memory.updatedAt),
    validFrom: memory.validFrom && new Date(memory.validFrom),
    validTo: memory.validTo && new Date(memory.validTo),
    expiresAt: memory.expiresAt && new Date(memory.expiresAt),
  };
}
