/** Fusion: factors, weights and agreement make one score; the best come first. */

import type { FactorName, Factors, SourceName } from "../requests.ts";
import { type FactorContext, factorsOf } from "./factors.ts";
import type { Candidate } from "./join.ts";

export interface Fused {
  readonly candidate: Candidate;
  readonly factors: Factors & { readonly agreement: number };
  readonly score: number;
  /** The memory's own BM25 over that of a perfect match: how much of the query its words cover. Unlike a factor it is not relative to the other candidates. */
  readonly coverage: number;
}

export const FACTOR_NAMES: readonly FactorName[] = [
  "semantic",
  "keyword",
  "recency",
  "quality",
  "domain",
  "preference",
];

/** Ranks candidates: score = min(1, Σ wᵢ·fᵢ × agreement); ties by time of recording, newest first, then by id. */
export function fuse(candidates: readonly Candidate[], context: FactorContext): Fused[] {
  const factors = factorsOf(candidates, context);
  const fused = candidates.map((candidate, i): Fused => {
    const own = factors[i] as Factors;
    const agreement = 1 + context.settings.agreementStep * (Math.max(1, independent(candidate.sources)) - 1);
    const score = scoreOf(own, context.settings.weights, agreement);
    return { candidate, factors: { ...own, agreement }, score, coverage: candidate.bm25 / (context.ceiling || 1) };
  });
  return fused.sort(
    (a, b) =>
      b.score - a.score ||
      b.candidate.payload.recordedAt - a.candidate.payload.recordedAt ||
      (a.candidate.payload.id < b.candidate.payload.id ? -1 : 1),
  );
}

export function scoreOf(factors: Factors, weights: Factors, agreement: number): number {
  const sum = FACTOR_NAMES.reduce((total, name) => total + weights[name] * factors[name], 0);
  return Math.min(1, sum * agreement);
}

/** Sources that found the memory by themselves. */
function independent(sources: ReadonlySet<SourceName>): number {
  return Number(sources.has("dense")) + Number(sources.has("sparse")) + Number(sources.has("session"));
}
