/** One pass of the read path on one path: gather, join, overlay, fuse, hydrate. */

import { type Filter, type Memory, NexusError, type TenantScope } from "@nexus/core";
import type { QueryTerm } from "@nexus/text";
import type { Dependencies } from "../dependencies.ts";
import { confidences } from "../fusion/confidence.ts";
import { explain } from "../fusion/explain.ts";
import { type FactorContext, halfLifeOf } from "../fusion/factors.ts";
import { fuse, type Fused } from "../fusion/fuse.ts";
import { complete, completions, join } from "../fusion/join.ts";
import type { RecallRequest, RecallResult, Skipped, Span } from "../requests.ts";
import { denseSource } from "../sources/dense.ts";
import { sessionSource } from "../sources/session.ts";
import type { SearchContext, Source } from "../sources/source.ts";
import { sparseSource } from "../sources/sparse.ts";
import { gather } from "./gather.ts";
import { type Hydrated, hydrate } from "./hydrate.ts";
import { spansOf } from "./spans.ts";

const SOURCES: readonly Source[] = [denseSource, sparseSource, sessionSource];

export interface SearchInput {
  readonly scope: TenantScope;
  readonly request: RecallRequest;
  readonly filter: Filter;
  readonly context: SearchContext;
  readonly terms: readonly QueryTerm[];
  /** BM25 of a perfect match. */
  readonly ceiling: number;
  readonly words: ReadonlySet<string>;
  readonly deadlineMs: number;
}

export interface SearchOutput {
  readonly results: readonly RecallResult[];
  readonly confidence: number;
  readonly skipped: readonly Skipped[];
  readonly searchMs: number;
  readonly fuseMs: number;
}

/** throws  search.deadline when no source answered */
export async function search(input: SearchInput, deps: Dependencies): Promise<SearchOutput> {
  const { scope, request, context, deadlineMs } = input;
  const { clock, telemetry, records, settings, embedder } = deps;
  const reader = records.reader(scope);
  const started = clock.monotonic();
  const { findings, skipped } = await gather(SOURCES, context, { deadlineMs, clock, telemetry });
  if (findings.size === 0) throw noSource(skipped);
  const candidates = join(findings);
  const completed = await gather(completions(candidates, findings), context, {
    deadlineMs: Math.max(1, deadlineMs - (clock.monotonic() - started)),
    clock,
    telemetry,
  });
  complete(candidates, completed.findings);
  const searched = clock.monotonic();
  const all = [...candidates.values()];
  const at = (request.asOf ?? new Date(clock.now())).getTime();
  const factors: FactorContext = {
    ceiling: input.ceiling,
    words: input.words,
    unrelatedCosine: embedder.describe().unrelatedCosine,
    at,
    halfLifeMs: halfLifeOf(all, at),
    settings: settings.fusion,
  };
  const ranked = fuse(all, factors).filter(({ score }) => score > 0 && score >= request.minScore);
  // Over the whole ranking: what is cut or dropped below still says how far the results are ahead.
  const sure = confidences(ranked, settings.fusion);
  const confidenceOf = new Map(ranked.map((one, i) => [one, sure[i] ?? 0]));
  const fused = clock.monotonic();
  const kept = await hydrate(ranked, {
    reader: records.reader(scope),
    filter: input.filter,
    now: clock.now(),
    k: request.k,
  });
  const spans = await spansOf(kept, new Set(input.terms.map(({ id }) => id)), reader);
  const results = describe(kept, spans, confidenceOf, deps, at);
  telemetry.observe("fusion_seconds", (fused - searched) / 1_000);
  return {
    results,
    confidence: results[0]?.confidence ?? 0,
    skipped: [...skipped, ...completed.skipped],
    searchMs: searched - started + (clock.monotonic() - fused),
    fuseMs: fused - searched,
  };
}

function describe(
  kept: readonly Hydrated[],
  spans: readonly (readonly Span[])[],
  confidenceOf: ReadonlyMap<Fused, number>,
  { settings }: Dependencies,
  at: number,
): RecallResult[] {
  return kept.map(({ fused, memory }, i) => {
    const own = spans[i] ?? [];
    return {
      memory,
      score: fused.score,
      confidence: confidenceOf.get(fused) ?? 0,
      sources: [...fused.candidate.sources],
      factors: fused.factors,
      explanation: explain(fused, {
        weights: settings.fusion.weights,
        spans: own,
        now: at,
        closedAt: closed(memory, at),
      }),
      spans: own,
    };
  });
}

function closed({ validTo }: Memory, at: number): Date | undefined {
  return validTo && validTo.getTime() <= at ? validTo : undefined;
}

function noSource(skipped: readonly Skipped[]): NexusError {
  const names = skipped.map(({ source, reason }) => `${source} (${reason})`).join(", ");
  return new NexusError("search.deadline", `[nexus/memory] no source answered: ${names}; raise budgetMs or try again`, {
    retryAfterSeconds: 1,
  });
}
