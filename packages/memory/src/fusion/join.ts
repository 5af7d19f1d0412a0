/** Joins what the sources found by memory, and computes for all candidates what single sources left out. */

import type { PointPayload } from "@nexus/core";
import type { SourceName } from "../requests.ts";
import { denseSource } from "../sources/dense.ts";
import { type Finding, sessionKey, type Source } from "../sources/source.ts";
import { sparseSource } from "../sources/sparse.ts";

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
      const isBetter = bm25 > candidate.bm25 || (candidate.bm25 === 0 && cosine > candidate.cosine);
      if (chunkIndex !== undefined && isBetter) candidate.chunkIndex = chunkIndex;
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

function emptyCandidate(payload: PointPayload): Candidate {
  return { payload, sources: new Set(), cosine: 0, bm25: 0, beside: 0, session: 0, chunkIndex: 0 };
}

/**
 * Sources for what `findings` lack: cosine and BM25 of the candidates that another source found, since a missing score
 * is not a score of 0. A source that has just failed or been late is not asked again.
 */
export function completions(
  candidates: ReadonlyMap<string, Candidate>,
  findings: ReadonlyMap<SourceName, Finding>,
): Source[] {
  const lacking = (name: SourceName): string[] =>
    [...candidates.values()].filter(({ sources }) => !sources.has(name)).map(({ payload }) => payload.id);
  return [denseSource, sparseSource].flatMap((source): Source[] => {
    const among = lacking(source.name);
    if (among.length === 0 || !findings.has(source.name)) return [];
    const limits = { dense: among.length * MAX_CHUNKS, sparse: among.length * MAX_CHUNKS, session: 0 };
    return [{ ...source, find: (context) => source.find({ ...context, among, limits }) }];
  });
}

/** Adds to the candidates what the completions found; a source named there did not find them by itself. */
export function complete(candidates: ReadonlyMap<string, Candidate>, findings: ReadonlyMap<SourceName, Finding>): void {
  for (const { evidence } of findings.values()) {
    for (const { payload, cosine = 0, bm25 = 0 } of evidence) {
      const candidate = candidates.get(payload.id);
      if (!candidate) continue;
      candidate.cosine = Math.max(candidate.cosine, cosine);
      candidate.bm25 = Math.max(candidate.bm25, bm25);
    }
  }
}

/** Chunks of one memory that may speak for it. */
const MAX_CHUNKS = 3;
