/** Fusion: factors, weights and agreement make one score; the best come first. */

import type { FusionSettings } from "../defaults.ts";
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
    const agreement = agreementOf(candidate.sources, context.settings);
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

/** 1 for one source that found a memory by itself, and a step more for each further one. */
export function agreementOf(
  sources: ReadonlySet<SourceName>,
  { agreementStep }: Pick<FusionSettings, "agreementStep">,
): number {
  return 1 + agreementStep * (Math.max(1, independent(sources)) - 1);
}

export function scoreOf(factors: Factors, weights: Factors, agreement: number): number {
  const sum = FACTOR_NAMES.reduce((total, name) => total + weights[name] * factors[name], 0);
  return Math.min(1, sum * agreement);
}

/** Sources that find memories by themselves; the others rank what these found. */
const INDEPENDENT: readonly SourceName[] = ["dense", "sparse", "graph", "session", "intelligence", "mining"];

/** The graph and the words of a memory that holds a name of the query say the same: together they count once. */
function independent(sources: ReadonlySet<SourceName>): number {
  const count = INDEPENDENT.filter((name) => sources.has(name)).length;
  return sources.has("graph") && sources.has("sparse") ? count - 1 : count;
}
