/** Joins what the sources found by memory, and computes for all candidates what single sources left out. */

import type { PointPayload, VectorHit } from "@nexus/core";
import type { SourceName } from "../requests.ts";
import { type Finding, type SearchContext, sessionKey } from "../sources/source.ts";

/** One memory with all that is known of its relevance. */
export interface Candidate {
  readonly payload: PointPayload;
  readonly sources: Set<SourceName>;
  cosine: number;
  bm25: number;
  beside: number;
  session: number;
  /** The chunk that matches best, by words if any does, else by vector. */
  chunkIndex: number;
}

export function join(findings: ReadonlyMap<SourceName, Finding>): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const [source, { evidence }] of findings) {
    for (const { payload, cosine = 0, bm25 = 0, beside = 0, chunkIndex } of evidence) {
      const candidate = candidates.get(payload.id) ?? emptyCandidate(payload);
      candidate.sources.add(source);
      if (chunkIndex !== undefined && bm25 >= candidate.bm25) candidate.chunkIndex = chunkIndex;
      candidate.cosine = Math.max(candidate.cosine, cosine);
      candidate.bm25 = Math.max(candidate.bm25, bm25);
      candidate.beside += beside;
      candidates.set(payload.id, candidate);
    }
  }
  const sessions = findings.get("session")?.sessions;
  for (const candidate of candidates.values())
    candidate.session = sessions?.get(sessionKey(candidate.payload) ?? "") ?? 0;
  return candidates;
}

export function emptyCandidate(payload: PointPayload): Candidate {
  return { payload, sources: new Set(), cosine: 0, bm25: 0, beside: 0, session: 0, chunkIndex: 0 };
}

/** Cosine and BM25 of the candidates that another source found, in one search each: a missing score is not a score of 0. */
export async function complete(candidates: ReadonlyMap<string, Candidate>, context: SearchContext): Promise<void> {
  const { scope, vectors, filter, dense, sparse } = context;
  const all = [...candidates.values()];
  const lacking = (name: SourceName): string[] =>
    all.filter(({ sources }) => !sources.has(name)).map(({ payload }) => payload.id);
  const search = async (
    among: string[],
    by: { dense: typeof dense } | { sparse: typeof sparse },
  ): Promise<VectorHit[]> =>
    among.length === 0 ? [] : await vectors.search(scope, { by, filter, among, limit: among.length * MAX_CHUNKS });
  const [byVector, byTerms] = await Promise.all([
    search(lacking("dense"), { dense }),
    sparse.ids.length === 0 ? [] : search(lacking("sparse"), { sparse }),
  ]);
  for (const { memoryId, score } of byVector) raise(candidates.get(memoryId), "cosine", score);
  for (const { memoryId, score } of byTerms) raise(candidates.get(memoryId), "bm25", score);
}

/** Chunks of one memory that may speak for it. */
const MAX_CHUNKS = 3;

function raise(candidate: Candidate | undefined, field: "cosine" | "bm25", score: number): void {
  if (candidate) candidate[field] = Math.max(candidate[field], score);
}
