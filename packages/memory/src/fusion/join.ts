/** Joins what the sources found by memory, and computes for all candidates what single sources left out. */

import type { PointPayload } from "@nexus/core";
import type { SourceName } from "../requests.ts";
import { denseSource } from "../sources/dense.ts";
import { type Finding, type SearchContext, sessionKey, type Source } from "../sources/source.ts";
import { sparseSource } from "../sources/sparse.ts";

/** One memory with all that is known of its relevance. */
export interface Candidate {
  readonly payload: PointPayload;
  readonly sources: Set<SourceName>;
  cosine: number;
  /** undefined where no deep model told. */
  deepCosine?: number | undefined;
  bm25: number;
  /** BM25 together with the turns beside it; its own where they add nothing. */
  beside: number;
  /** BM25 of the turn before if that asks something. */
  answers: number;
  session: number;
  /** Activation in the graph of entities, and the name that most of it came over. */
  graph: number;
  link: string | undefined;
  /** As bits, in the order of `CUES`. */
  cues: number;
  /** What an engine learnt of it for queries like this, 0…1. */
  learnt?: number | undefined;
  reason?: string | undefined;
  /** The chunk that matches best, by words if any does, else by vector. */
  chunkIndex: number;
}

export function join(findings: ReadonlyMap<SourceName, Finding>): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const [source, { evidence }] of findings) {
    for (const {
      payload,
      cosine = 0,
      deepCosine,
      bm25 = 0,
      answers = 0,
      graph = 0,
      link,
      cues = 0,
      learnt,
      reason,
      chunkIndex,
    } of evidence) {
      const candidate = candidates.get(payload.id) ?? emptyCandidate(payload);
      candidate.sources.add(source);
      const isBetter = bm25 > candidate.bm25 || (candidate.bm25 === 0 && cosine > candidate.cosine);
      if (chunkIndex !== undefined && isBetter) candidate.chunkIndex = chunkIndex;
      candidate.cosine = Math.max(candidate.cosine, cosine);
      candidate.deepCosine = larger(candidate.deepCosine, deepCosine);
      candidate.bm25 = Math.max(candidate.bm25, bm25);
      candidate.answers = Math.max(candidate.answers, answers);
      if (graph > candidate.graph || candidate.link === undefined) candidate.link = link;
      candidate.graph = Math.max(candidate.graph, graph);
      candidate.cues |= cues;
      if (learnt !== undefined && learnt > (candidate.learnt ?? 0)) {
        candidate.learnt = learnt;
        candidate.reason = reason;
      }
      candidates.set(payload.id, candidate);
    }
  }
  const { sessions, beside } = findings.get("session") ?? {};
  for (const candidate of candidates.values()) {
    candidate.session = sessions?.get(sessionKey(candidate.payload) ?? "") ?? 0;
    candidate.beside = Math.max(candidate.bm25, beside?.get(candidate.payload.id) ?? 0);
  }
  return candidates;
}

function emptyCandidate(payload: PointPayload): Candidate {
  const scores = { cosine: 0, bm25: 0, beside: 0, answers: 0, session: 0, graph: 0 };
  return { payload, sources: new Set(), ...scores, link: undefined, cues: 0, chunkIndex: 0 };
}

/**
 * Sources for what `findings` lack: cosines of the candidates that another source found, or but one of two models, and BM25 and cues of all, since a
 * missing score is not a score of 0. A source that has just failed or been late is not asked again.
 */
export function completions(
  candidates: ReadonlyMap<string, Candidate>,
  findings: ReadonlyMap<SourceName, Finding>,
  { deep }: Pick<SearchContext, "deep"> = {},
): Source[] {
  const all = [...candidates.keys()];
  const distant = [...candidates.values()]
    .filter(
      ({ sources, cosine, deepCosine }) =>
        !sources.has("dense") || (deep && (cosine === 0 || deepCosine === undefined)),
    )
    .map(({ payload }) => payload.id);
  return [completion(denseSource, distant), completion(sparseSource, all)].filter(
    ({ name, among }) => among.length > 0 && findings.has(name),
  );
}

function completion(source: Source, among: readonly string[]): Source & { readonly among: readonly string[] } {
  const reach = among.length * MAX_CHUNKS;
  return {
    ...source,
    among,
    find: (context) =>
      source.find({ ...context, among, limits: { ...context.limits, dense: reach, sparse: reach, session: 0 } }),
  };
}

/** Adds to the candidates what the completions found; a source named there did not find them by itself. */
export function complete(candidates: ReadonlyMap<string, Candidate>, findings: ReadonlyMap<SourceName, Finding>): void {
  for (const { evidence } of findings.values()) {
    for (const { payload, cosine = 0, deepCosine, bm25 = 0, cues = 0 } of evidence) {
      const candidate = candidates.get(payload.id);
      if (!candidate) continue;
      candidate.cosine = Math.max(candidate.cosine, cosine);
      candidate.deepCosine = larger(candidate.deepCosine, deepCosine);
      candidate.bm25 = Math.max(candidate.bm25, bm25);
      candidate.beside = Math.max(candidate.beside, bm25);
      candidate.cues |= cues;
    }
  }
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** Chunks of one memory that may speak for it. */
const MAX_CHUNKS = 3;
