/** The read path: cache first, then a search on the path that the query calls for, one step further while confidence is low. */

import { partitionOf, type TenantScope } from "@nexus/core";
import { createSingleFlight } from "@nexus/platform";
import { analyse, type QueryAnalysis, route, type Route } from "@nexus/router";
import { queryTerms } from "@nexus/text";
import type { Dependencies } from "../dependencies.ts";
import type { Partitions } from "../partitions.ts";
import type { Projector } from "../remember/project.ts";
import type { Analysis, Escalation, Path, RecallRequest, RecallResponse } from "../requests.ts";
import { keepAnswer, queryId } from "./answers.ts";
import { cacheKey, readCached, writeCached } from "./cached.ts";
import { overlay } from "./overlay.ts";
import { filterOf, LIMITS_BY_PATH, weigh } from "./plan.ts";
import { search, type SearchOutput } from "./search.ts";
import { requireVisible } from "./visible.ts";

export interface RecallDependencies extends Dependencies {
  readonly partitions: Partitions;
  readonly projector: Projector;
}

export type Recall = (scope: TenantScope, request: RecallRequest) => Promise<RecallResponse>;

export function createRecall(deps: RecallDependencies): Recall {
  const { cache, clock, settings, telemetry } = deps;
  const flight = createSingleFlight<RecallResponse>();
  return async (scope, request) => {
    const started = clock.monotonic();
    const partition = request.userId === undefined ? undefined : partitionOf(request.userId);
    if (request.consistency !== undefined) {
      await requireVisible(scope, request.consistency, partition, { ...deps, budgetMs: request.budgetMs });
    }
    // Read before the search begins: what is written while it runs must end what it finds.
    const seq = partition === undefined ? undefined : await deps.partitions.current(scope, partition);
    const key = seq === undefined ? undefined : cacheKey(request, versionsOf(deps));
    const respond = (response: RecallResponse): RecallResponse => {
      const latencyMs = clock.monotonic() - started;
      telemetry.observe("pipeline_latency_seconds", latencyMs / 1_000, { path: response.path });
      return { ...response, latencyMs };
    };
    // Equal questions of one state of the memories share what is kept of their answer.
    const list = key === undefined ? deps.ids.next() : `${key.slice(3)}.${seq}`;
    const answered = async (response: RecallResponse): Promise<RecallResponse> => {
      await keepAnswer(scope, list, request, response, deps);
      return response;
    };
    const named = (response: RecallResponse): RecallResponse => ({ ...response, queryId: queryId(scope, list, deps) });
    if (key === undefined || seq === undefined) {
      const { response } = await miss(scope, request, seq, started, deps);
      return respond(named(await answered(response)));
    }
    const cached = await readCached(scope, key, seq, { cache, clock });
    telemetry.count("cache_hits_total", { tier: "l1", result: cached ? "hit" : "miss" });
    if (cached) return respond(named(fromCache(cached, clock.monotonic() - started)));
    // One who gives up or has little time must not spoil the answer of the others.
    const shared = `${scope.tenant}\0${key}\0${seq}\0${request.budgetMs}`;
    const search = async (): Promise<RecallResponse> => {
      const began = clock.now();
      const { response, whole } = await miss(scope, { ...request, signal: undefined }, seq, started, deps);
      const ttlSeconds = settings.l1TtlSeconds;
      if (whole) await writeCached(scope, key, { seq, began, response }, { cache, clock, ttlSeconds });
      return await answered(response);
    };
    const response = await flight.run(shared, search, request.signal);
    return respond(named(response));
  };
}

/** The answer as it was, but as an event of its own, which took another time. */
function fromCache(response: RecallResponse, elapsedMs: number): RecallResponse {
  const timings = { analyse: 0, embed: 0, search: elapsedMs, fuse: 0, network: 0, cold: 0 };
  return { ...response, path: "cache_only", escalations: [], timings };
}

/** A partial or hasty answer is better than none once, but not to be kept for those with more time. */
interface Answer {
  readonly response: RecallResponse;
  readonly whole: boolean;
}

async function miss(
  scope: TenantScope,
  request: RecallRequest,
  seq: number | undefined,
  started: number,
  deps: RecallDependencies,
): Promise<Answer> {
  const { clock, embedder, projector, settings, telemetry } = deps;
  const partition = request.userId === undefined ? undefined : partitionOf(request.userId);
  const at = partition === undefined || seq === undefined ? undefined : { partition, reached: seq };
  const unapplied = projector.unapplied(scope, at);
  // Awaited below; without this a failure before that point would count as unhandled.
  unapplied.catch(() => undefined);
  const analysis = analyse(request.query);
  const decision = route(request.mode, analysis.complexity);
  const terms = queryTerms(request.query);
  const analysed = clock.monotonic();
  const [vector] = await embedder.embed([request.query], request.signal ? { signal: request.signal } : {});
  const embedded = clock.monotonic();
  const { name, dimension } = embedder.describe();
  const ids = Uint32Array.from(terms, ({ id }) => id);
  const vectors = await overlay(scope, await unapplied, ids, deps);
  const { sparse, ceiling } = weigh(terms, await vectors.terms(scope, ids));
  const filter = filterOf(request);
  const run = async (path: "smart" | "full"): Promise<SearchOutput> => {
    const deadlineMs = Math.max(
      1,
      Math.min(settings.searchDeadlineMs, request.budgetMs - (clock.monotonic() - started)),
    );
    const dense = { name, values: vector ?? new Float32Array(dimension) };
    const context = { scope, vectors, filter, dense, sparse, limits: LIMITS_BY_PATH[path] };
    return await search({ scope, request, filter, context, terms, ceiling, words: analysis.words, deadlineMs }, deps);
  };
  const { output, path, escalations, whole } = await escalate(decision, run, request, { started, clock, settings });
  telemetry.count("route_decisions_total", { path, domain: "general", complexity: analysis.complexity });
  for (const { from, to } of escalations) telemetry.count("escalations_total", { from, to });
  const response: RecallResponse = {
    queryId: "",
    results: output.results,
    confidence: output.confidence,
    path,
    escalations,
    analysis: toAnalysis(analysis, decision),
    cache: { tier: null, semantic: false, ageMs: null, seq: seq ?? null },
    skipped: output.skipped,
    weights: request.explain ? settings.fusion.weights : undefined,
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
  return { response, whole: whole && output.skipped.length === 0 };
}

interface Climb {
  /** Nothing was left undone for want of time. */
  readonly whole: boolean;
  readonly output: SearchOutput;
  readonly path: Path;
  readonly escalations: readonly Escalation[];
}

/** The first path, then the next one while confidence is below the floor and half of the budget is left. */
async function escalate(
  { first, last }: Route,
  run: (path: "smart" | "full") => Promise<SearchOutput>,
  { minConfidence, budgetMs }: RecallRequest,
  { started, clock, settings }: { started: number } & Pick<Dependencies, "clock" | "settings">,
): Promise<Climb> {
  const output = await run(first);
  const climbed: Escalation = { from: "cache_only", to: first, before: 0, after: output.confidence };
  const floor = minConfidence ?? settings.fusion.minConfidence;
  const enough = first === last || output.confidence >= floor;
  if (enough || clock.monotonic() - started > budgetMs / 2)
    return { output, path: first, escalations: [climbed], whole: enough };
  const further = await run(last);
  const step: Escalation = { from: first, to: last, before: output.confidence, after: further.confidence };
  return { output: further, path: last, escalations: [climbed, step], whole: true };
}

function toAnalysis(
  { complexity, cacheProbability, hasReference, language }: QueryAnalysis,
  { capped }: Route,
): Analysis {
  return { domain: "general", complexity, cacheProbability, hasReference, language, capped };
}

/** What an answer depends on besides the request and the records. */
function versionsOf({ embedder, settings }: Dependencies): { model: string; weights: number[] } {
  const { weights, sessionShare, besideShare, speakerShare, agreementStep } = settings.fusion;
  return {
    model: embedder.describe().model,
    weights: [...Object.values(weights), sessionShare, besideShare, speakerShare, agreementStep],
  };
}
