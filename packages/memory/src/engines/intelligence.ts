/** Intelligence engine: what was learnt in one domain and has helped with questions of another, for the next such question. */

import type { Pattern, PointPayload, RecordReader } from "@nexus/core";
import type { Path } from "../requests.ts";
import { hasExpired, payloadOf } from "../subject.ts";
import { calibrated } from "./solutions.ts";

export interface EngineQuery {
  readonly partition: string;
  readonly domain: string;
  /** The query's vector, of unit length. */
  readonly vector: Float32Array;
  readonly now: number;
}

/** A query as sources of engines see it. */
export interface EngineInput extends EngineQuery {
  readonly text: string;
  readonly path: Path;
}

/** What an engine brings: a memory with a score and the reason for it. */
export interface Brought {
  readonly payload: PointPayload;
  /** Likeness × success rate, 0…1. */
  readonly score: number;
  readonly reason: string;
}

export interface IntelligenceOptions {
  /** Calibrated cosine from which two questions are of one kind. */
  readonly likeness: number;
  readonly unrelatedCosine: number;
}

const MAX_BROUGHT = 50;
/** Whatever is of no special domain: cooking and football are two, and both are called this. */
const GENERAL = "general";

/** Whether a pattern can be applied at all: only what has helped before is. */
export function isApplicable({ type, successCount, centroid }: Pattern): boolean {
  return type === "solution" && successCount > 0 && centroid !== undefined;
}

/**
 * The memories behind those `patterns` of another domain whose questions are like this one, at most 50.
 *
 * score    likeness × (successes + 1)/(uses + 2)
 * cost     one cosine a pattern, and a read of the memories where one is like the query
 */
export async function applyPatterns(
  patterns: readonly Pattern[],
  reader: RecordReader,
  query: EngineQuery,
  { likeness, unrelatedCosine }: IntelligenceOptions,
): Promise<Brought[]> {
  const best = new Map<string, { score: number; reason: string }>();
  for (const row of patterns) {
    const score = scoreOf(row, query, { likeness, unrelatedCosine });
    if (score === undefined) continue;
    for (const id of row.memoryIds) {
      if (score > (best.get(id)?.score ?? 0)) best.set(id, { score, reason: reasonOf(row) });
    }
  }
  const chosen = [...best].sort((a, b) => b[1].score - a[1].score || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_BROUGHT);
  if (chosen.length === 0) return [];
  const memories = await reader.get(
    "memory",
    chosen.map(([id]) => [id]),
  );
  return chosen.flatMap(([, found], i) => {
    const memory = memories[i];
    if (!memory || memory.status !== "active" || hasExpired(memory, query.now)) return [];
    return [{ payload: payloadOf(memory), ...found }];
  });
}

/** undefined for a pattern that is not like the query, or is of its domain. */
function scoreOf(row: Pattern, query: EngineQuery, options: IntelligenceOptions): number | undefined {
  const isOfItsDomain = row.domain === query.domain && row.domain !== GENERAL;
  if (!isApplicable(row) || isOfItsDomain || !row.centroid) return undefined;
  if (row.centroid.byteLength !== query.vector.byteLength) return undefined;
  const centroid = new Float32Array(row.centroid.slice().buffer);
  const likeness = calibrated(centroid, query.vector, options.unrelatedCosine);
  if (likeness < options.likeness) return undefined;
  return Math.min(1, likeness) * ((row.successCount + 1) / (row.usageCount + 2));
}

function reasonOf({ terms, domain }: Pattern): string {
  return terms[0] === undefined ? "helped with a question like this" : `fits “${terms[0]}” from ${domain}`;
}
