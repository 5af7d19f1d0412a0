/** A search from the query to the answer: analysed, searched on the path it calls for, one path further while confidence is low. */

import { partitionOf, type TenantScope } from "@nexus/core";
import { choosePath, type PathChoice, type PathHints, type QueryAnalysis } from "@nexus/router";
import { queryTerms } from "@nexus/text";
import type { Nearby } from "../cache/neighbours.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Engines } from "../engines/engine-sources.ts";
import { withDeep } from "../fusion/deep-weights.ts";
import type { DeepQueries } from "../models/query-vector.ts";
import type { Learning } from "../engines/learnt.ts";
import type { Analysis, Escalation, Factors, Path, RecallRequest, RecallResponse } from "../requests.ts";
import { overlay } from "./overlay.ts";
import { filterOf, LIMITS_BY_PATH, type SearchPath, weigh } from "./plan.ts";
import type { RecallDependencies } from "./recall.ts";
import { search, type SearchOutput } from "./search.ts";

/** A partial or hasty answer is better than none once, but not to be kept for those with more time. */
export interface Piped {
  readonly response: RecallResponse;
  /** Nothing was skipped, or left undone for want of time. */
  readonly whole: boolean;
  readonly vector: Float32Array | undefined;
  /** By the deep model. */
  readonly deep: Float32Array | undefined;
  readonly candidates: readonly string[];
}

export interface PipelineInput {
  readonly analysis: QueryAnalysis;
  readonly hints?: PathHints | undefined;
  /** Where the partition stood before. */
  readonly seq: number | undefined;
  /** When the request came, on the monotonic clock. */
  readonly started: number;
  /** An earlier query that asks the same, whose candidates are ranked for this one before anything is searched. */
  readonly nearby?: ((vector: Float32Array, deep?: Float32Array) => Nearby | undefined) | undefined;
}

/**
 * Of the caller's time, what a deep model may take before the search. E1 takes about 4 ms; on 2 cores with three times the
 * work and 8 callers at once, 3 of 200 queries took longer than a quarter of the default 250 ms, and 197 longer than 25 ms.
 */
const DEEP_SHARE = 0.25;

export interface PipelineDependencies extends RecallDependencies {
  readonly deepQueries: DeepQueries;
  readonly engines: Engines;
  readonly learning: Learning;
}

/** The response's queryId names what will be kept of it, and is not for callers yet. */
export async function pipeline(
  scope: TenantScope,
  request: RecallRequest,
  { analysis, hints, seq, started, nearby }: PipelineInput,
  deps: PipelineDependencies,
): Promise<Piped> {
  const { clock, embedder, projector, settings, telemetry } = deps;
  const partition = request.userId === undefined ? undefined : partitionOf(request.userId);
  const at = partition === undefined || seq === undefined ? undefined : { partition, reached: seq };
  const unapplied = projector.unapplied(scope, at);
  // Awaited below; without this a failure before that point would count as unhandled.
  unapplied.catch(() => undefined);
  const learnt = deps.learning.learnt(scope, partition);
  learnt.catch(() => undefined);
  const choice = choosePath(analysis, request.mode, hints);
  const terms = queryTerms(request.query);
  const analysed = clock.monotonic();
  telemetry.observe("router_seconds", (analysed - started) / 1_000);
  const deepened = deps.deepQueries(scope, request.query, {
    budgetMs: DEEP_SHARE * request.budgetMs,
    signal: request.signal,
  });
  deepened.catch(() => undefined);
  const [vector] = await embedder.embed([request.query], { role: "query", signal: request.signal });
  const deep = await deepened;
  const embedded = clock.monotonic();
  const { name, dimension } = embedder.describe();
  const ids = Uint32Array.from(terms, ({ id }) => id);
  const vectors = await overlay(scope, await unapplied, ids, deps);
  const { sparse, ceiling } = weigh(terms, await vectors.terms(scope, ids));
  const filter = filterOf(request, clock.now());
  const run = async (path: SearchPath, among?: readonly string[]): Promise<SearchOutput> => {
    const deadlineMs = Math.max(
      1,
      Math.min(settings.searchDeadlineMs, request.budgetMs - (clock.monotonic() - started)),
    );
    const dense = { name, values: vector ?? new Float32Array(dimension) };
    const context = { scope, vectors, filter, dense, deep: deep.query, sparse, limits: LIMITS_BY_PATH[path] };
    const { words } = analysis;
    const query = partition !== undefined && vector && { partition, domain: analysis.domain, vector, path };
    const engines = query ? deps.engines(scope, { ...query, text: request.query, now: clock.now() }) : [];
    const input = { scope, request, filter, context, terms, ceiling, words, among, deadlineMs, engines };
    return await search({ ...input, learnt }, deps);
  };
  // What is critical is searched for anew.
  const near = vector && choice.first !== "maximum" ? nearby?.(vector, deep.query?.values) : undefined;
  const missing = deep.skipped ? [deep.skipped] : [];
  const climbed = await climb(choice, run, request, { near, started, clock, settings });
  const { output, path, escalations, whole } = climbed;
  const weightsUsed = async (): Promise<Factors> => {
    const { weights } = await learnt;
    return deep.query ? withDeep(weights, settings.fusion) : weights;
  };
  const { domain, complexity } = analysis;
  telemetry.count("route_decisions_total", { path, domain, complexity });
  for (const { from, to } of escalations) telemetry.count("escalations_total", { from, to });
  const response: RecallResponse = {
    queryId: deps.ids.next(),
    results: output.results,
    confidence: output.confidence,
    path,
    escalations,
    analysis: toAnalysis(analysis, choice),
    cache: cacheOf(path === "cache_only" ? near : undefined, seq, clock.now()),
    skipped: [...missing, ...output.skipped],
    weights: request.explain ? await weightsUsed() : undefined,
    latencyMs: 0,
    timings: {
      analyse: analysed - started,
      embed: embedded - analysed,
      search: output.searchMs,
      fuse: output.fuseMs,
      network: 0,
      cold: 0,
    },
    usage: { llmTokens: 0 },
  };
  return {
    response,
    whole: whole && response.skipped.length === 0,
    vector,
    deep: deep.query?.values,
    candidates: output.candidates,
  };
}

function cacheOf(near: Nearby | undefined, seq: number | undefined, now: number): RecallResponse["cache"] {
  if (!near) return { tier: null, semantic: false, ageMs: null, seq: seq ?? null };
  return { tier: "l1", semantic: true, ageMs: now - near.createdAt, seq: seq ?? null };
}

interface Climb {
  /** Nothing was left undone for want of time. */
  readonly whole: boolean;
  readonly output: SearchOutput;
  readonly path: Path;
  readonly escalations: readonly Escalation[];
}

const SEARCHES: readonly SearchPath[] = ["smart", "full", "maximum"];

/** From the first path that searches up, step by step, while confidence is below the floor and half of the budget is left. */
async function climb(
  { first, last }: PathChoice,
  run: (path: SearchPath, among?: readonly string[]) => Promise<SearchOutput>,
  { minConfidence, budgetMs }: RecallRequest,
  {
    near,
    started,
    clock,
    settings,
  }: { near: Nearby | undefined; started: number } & Pick<Dependencies, "clock" | "settings">,
): Promise<Climb> {
  // The cache was looked in before: from there it goes on to the first search.
  const steps = SEARCHES.slice(
    SEARCHES.indexOf(first === "cache_only" ? "smart" : first),
    SEARCHES.indexOf(last === "cache_only" ? "smart" : last) + 1,
  );
  const floor = minConfidence ?? settings.fusion.minConfidence;
  const escalations: Escalation[] = [];
  let from: Path = "cache_only";
  let before = 0;
  if (near) {
    const output = await run(steps[0] ?? "smart", near.candidates);
    before = output.confidence;
    // An answer made from another's candidates is not kept: it would become the next one's neighbour.
    if (before >= floor && output.results.length > 0) return { output, path: from, escalations, whole: false };
  }
  for (const path of steps) {
    const output = await run(path);
    escalations.push({ from, to: path, before, after: output.confidence });
    const isEnough = path === steps.at(-1) || output.confidence >= floor;
    if (isEnough || clock.monotonic() - started > budgetMs / 2) return { output, path, escalations, whole: isEnough };
    from = path;
    before = output.confidence;
  }
  throw new Error("[nexus/memory] a route has no path that searches");
}

function toAnalysis(
  { domain, complexity, cacheProbability, hasReference, language }: QueryAnalysis,
  { capped }: PathChoice,
): Analysis {
  return { domain, complexity, cacheProbability, hasReference, language, capped };
}
