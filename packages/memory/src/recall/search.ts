/** One pass of the read path on one path: gather, join, overlay, fuse, hydrate. */

import { type Filter, type Memory, NexusError, type TenantScope } from "@nexus/core";
import type { QueryTerm } from "@nexus/text";
import { among } from "../cache/among.ts";
import type { FusionSettings } from "../defaults.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Learnt } from "../engines/learnt.ts";
import { confidences, FIELD } from "../fusion/confidence.ts";
import { type Folded, foldDuplicates } from "../fusion/duplicates.ts";
import { explain } from "../fusion/explain.ts";
import { type FactorContext, halfLifeOf } from "../fusion/factors.ts";
import { fuse, type Fused } from "../fusion/fuse.ts";
import { withDeep } from "../fusion/deep-weights.ts";
import { complete, completions, join } from "../fusion/join.ts";
import type { RecallRequest, RecallResult, Skipped, Span } from "../requests.ts";
import { denseSource } from "../sources/dense.ts";
import { graphSource } from "../sources/graph.ts";
import { sessionSource } from "../sources/session.ts";
import type { SearchContext, Source } from "../sources/source.ts";
import { sparseSource } from "../sources/sparse.ts";
import { gather } from "./gather.ts";
import { hydrate } from "./hydrate.ts";
import { askedOf, domainsOf, namesIn } from "./plan.ts";
import { spansOf } from "./spans.ts";
import { vectorsOf } from "./vectors-of.ts";

const SOURCES: readonly Source[] = [denseSource, sparseSource, sessionSource, graphSource];

/** Sources that find something for some queries only. */
const OCCASIONAL: ReadonlySet<string> = new Set(["graph", "intelligence", "mining"]);

/** Results read beyond those needed, as some may say the same. */
const SPARE = 1;

/** Kept with a cached answer, for queries in other words. */
const MAX_CANDIDATES = 50;

export interface SearchInput {
  readonly scope: TenantScope;
  readonly request: RecallRequest;
  readonly filter: Filter;
  readonly context: SearchContext;
  readonly terms: readonly QueryTerm[];
  /** BM25 of a perfect match. */
  readonly ceiling: number;
  readonly words: ReadonlySet<string>;
  /** Sources beside those of every search. */
  readonly engines: readonly Source[];
  /** Being read: it is needed only once the sources have answered. */
  readonly learnt: Promise<Learnt>;
  /** Rank these memories only. */
  readonly among?: readonly string[] | undefined;
  readonly deadlineMs: number;
}

export interface SearchOutput {
  readonly results: readonly RecallResult[];
  /** Ids of the memories that ranked highest, best first, whether shown or not. */
  readonly candidates: readonly string[];
  readonly confidence: number;
  readonly skipped: readonly Skipped[];
  readonly searchMs: number;
  readonly fuseMs: number;
}

/** throws  search.deadline when no source answered that finds memories for any query */
export async function search(input: SearchInput, deps: Dependencies): Promise<SearchOutput> {
  const { scope, request, deadlineMs } = input;
  const context: SearchContext = { ...input.context, names: namesIn(request.query) };
  const { clock, telemetry, records, settings, embedder } = deps;
  const reader = records.reader(scope);
  const started = clock.monotonic();
  const sources = input.among ? among(SOURCES, input.among) : [...SOURCES, ...input.engines];
  const { findings, skipped } = await gather(sources, context, { deadlineMs, clock, telemetry });
  // That one of these has nothing to say is no answer.
  if (!sources.some(({ name }) => !OCCASIONAL.has(name) && findings.has(name))) throw noSource(skipped);
  const candidates = join(findings);
  const completed = await gather(completions(candidates, findings, context), context, {
    deadlineMs: Math.max(1, deadlineMs - (clock.monotonic() - started)),
    clock,
    telemetry,
  });
  complete(candidates, completed.findings);
  const learnt = await input.learnt;
  const weights = context.deep ? withDeep(learnt.weights, settings.fusion) : learnt.weights;
  const fusion: FusionSettings = { ...settings.fusion, weights };
  const searched = clock.monotonic();
  const all = [...candidates.values()];
  const at = (request.asOf ?? new Date(clock.now())).getTime();
  const factors: FactorContext = {
    ceiling: input.ceiling,
    words: input.words,
    ...askedOf(request.query, at),
    unrelatedCosine: embedder.describe().unrelatedCosine,
    deepUnrelatedCosine: context.deep?.unrelatedCosine,
    at,
    halfLifeMs: halfLifeOf(all, at),
    settings: fusion,
    domains: domainsOf(request.query),
    preference: learnt.preference,
  };
  const ranked = fuse(all, factors).filter(({ score }) => score > 0 && score >= request.minScore);
  const fused = clock.monotonic();
  const { kept, behind } = await distinct(ranked, { ...input, fusion }, deps);
  const spans = await spansOf(kept, new Set(input.terms.map(({ id }) => id)), reader);
  // What was cut still says how far the results are ahead; what was dropped or folded does not.
  const sure = confidences([...kept.map((one) => one.fused), ...behind], fusion);
  const results = describe(kept, spans, sure, fusion, at);
  telemetry.observe("fusion_seconds", (fused - searched) / 1_000);
  return {
    results,
    candidates: ranked.slice(0, MAX_CANDIDATES).map(({ candidate }) => candidate.payload.id),
    confidence: results[0]?.confidence ?? 0,
    skipped: [...skipped, ...completed.skipped],
    searchMs: searched - started + (clock.monotonic() - fused),
    fuseMs: fused - searched,
  };
}

interface Wanted extends Pick<SearchInput, "scope" | "request" | "filter" | "context"> {
  readonly fusion: FusionSettings;
}

/** The k best that say different things, and what ranks behind them. More are read when too many of the first say the same. */
async function distinct(
  ranked: readonly Fused[],
  wanted: Wanted,
  deps: Dependencies,
): Promise<{ readonly kept: readonly Folded[]; readonly behind: readonly Fused[] }> {
  const { scope, request, filter, context, fusion } = wanted;
  const reader = deps.records.reader(scope);
  // All whose scores the confidences are made of, so that these do not depend on how many results are asked for.
  const least = Math.max(request.k, FIELD) + 1;
  for (let k = least + SPARE; ; k *= 2) {
    const read = await hydrate(ranked, { reader, filter, now: deps.clock.now(), k });
    const vectors = context.limits.hops === 2 ? await vectorsOf(read, context.dense.name, reader) : undefined;
    const folded = foldDuplicates(read, fusion, vectors);
    if (folded.length < least && read.length === k) continue;
    const last = read.at(-1)?.fused;
    const unread = read.length === k && last ? ranked.slice(ranked.indexOf(last) + 1) : [];
    const cut = folded.slice(request.k).map(({ fused }) => fused);
    return { kept: folded.slice(0, request.k), behind: [...cut, ...unread] };
  }
}

function describe(
  kept: readonly Folded[],
  spans: readonly (readonly Span[])[],
  sure: readonly number[],
  { weights }: Pick<FusionSettings, "weights">,
  at: number,
): RecallResult[] {
  return kept.map(({ fused, memory, duplicates }, i) => {
    const own = spans[i] ?? [];
    return {
      memory,
      score: fused.score,
      confidence: sure[i] ?? 0,
      ...(duplicates.length > 0 && { duplicates }),
      sources: [...fused.candidate.sources],
      factors: fused.factors,
      explanation: explain(fused, {
        weights,
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
