/** A cached answer: what is kept of it, for how long, and how it comes back. */

import type { Json, Memory } from "@nexus/core";
import type { RecallResponse, RecallResult } from "../requests.ts";

/** As JSON in every tier. The versions of model, index and weights are part of its key. */
export interface Entry {
  /** Where the partition stood before the search began. */
  readonly seq: number;
  readonly createdAt: number;
  /** First moment at which time alone changes the answer, or at which it is too old. */
  readonly validUntil: number;
  readonly response: RecallResponse;
}

export interface Found {
  readonly seq: number;
  /** When the search began: what has passed since may not have been seen by it. */
  readonly began: number;
  readonly response: RecallResponse;
  /** The query counts from today ("yesterday"). */
  readonly isRelative: boolean;
}

/** The entry of an answer found now, living `ttlSeconds` at most. Effects of age on scores are left to that bound: they move no faster than memories grow old. */
export function entryOf({ seq, began, response, isRelative }: Found, now: number, ttlSeconds: number): Entry {
  const bounds = response.results.flatMap(({ memory }) => boundaries(memory, began));
  // The day ends in UTC: no request says where its user is.
  if (isRelative) bounds.push((Math.floor(began / DAY_MS) + 1) * DAY_MS);
  return { seq, createdAt: now, validUntil: Math.min(now + ttlSeconds * 1_000, ...bounds), response };
}

/** An entry as a cache gave it back, if it is one and stands for `seq` and this moment; "stale" if it stands for another. */
export function usable(value: Json | undefined, seq: number, now: number): Entry | "stale" | undefined {
  if (value === undefined) return undefined;
  const entry = value as unknown as Entry;
  return entry.seq === seq && entry.validUntil > now ? entry : "stale";
}

/** The stored answer with its times as `Date`, made once for each stored value: a hit is then as cheap as the look-up. */
export function revive(stored: RecallResponse): RecallResponse {
  const known = revived.get(stored);
  if (known) return known;
  const results = stored.results.map((result): RecallResult => ({ ...result, memory: reviveMemory(result.memory) }));
  const response = { ...stored, results };
  revived.set(stored, response);
  return response;
}

const DAY_MS = 86_400_000;
const revived = new WeakMap<object, RecallResponse>();

function boundaries({ expiresAt, validFrom, validTo }: Memory, after: number): number[] {
  return [expiresAt, validFrom, validTo].flatMap((at) => (at && at.getTime() > after ? [at.getTime()] : []));
}

function reviveMemory(memory: Memory): Memory {
  const at = (time: Date | undefined): Date | undefined => time && new Date(time);
  return {
    ...memory,
    createdAt: new Date(memory.createdAt),
    recordedAt: new Date(memory.recordedAt),
    updatedAt: new Date(memory.updatedAt),
    validFrom: at(memory.validFrom),
    validTo: at(memory.validTo),
    expiresAt: at(memory.expiresAt),
    occurredFrom: at(memory.occurredFrom),
    occurredTo: at(memory.occurredTo),
  };
}
