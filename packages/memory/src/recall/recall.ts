/** The read path: the cache first, then a search; what was found is kept for those who ask the same. */

import { LIMITS, partitionOf, type TenantScope } from "@nexus/core";
import { createSingleFlight } from "@nexus/platform";
import { analyse } from "@nexus/router";
import type { Dependencies } from "../dependencies.ts";
import type { Partitions } from "../partitions.ts";
import type { Projector } from "../remember/project.ts";
import type { RecallRequest, RecallResponse } from "../requests.ts";
import { keepAnswer, queryId } from "./answers.ts";
import { createAnswerCache } from "../cache/answer-cache.ts";
import type { Volatile } from "../erase/volatile.ts";
import { createEngines } from "../engines/engine-sources.ts";
import { createLearning } from "../engines/learnt.ts";
import { pipeline } from "./pipeline.ts";
import { createDeepQueries } from "../models/query-vector.ts";
import type { Generations } from "../models/generations.ts";
import { requireVisible } from "./visible.ts";

export interface RecallDependencies extends Dependencies {
  readonly partitions: Partitions;
  readonly projector: Projector;
  readonly volatile: Volatile;
  readonly generations: Generations;
}

export type Recall = (scope: TenantScope, request: RecallRequest) => Promise<RecallResponse>;

export function createRecall(deps: RecallDependencies): Recall {
  const { clock, telemetry } = deps;
  const answers = createAnswerCache(deps);
  const learning = createLearning(deps);
  const searching = { ...deps, engines: createEngines(deps), learning, deepQueries: createDeepQueries(deps) };
  const flight = createSingleFlight<RecallResponse>();
  return async (scope, request) => {
    const started = clock.monotonic();
    const partition = request.userId === undefined ? undefined : partitionOf(request.userId);
    if (request.consistency !== undefined) {
      await requireVisible(scope, request.consistency, partition, { ...deps, budgetMs: request.budgetMs });
    }
    const analysis = analyse(request.query);
    // Where the partition stands is read before the search begins: what is written while it runs must end what it finds.
    const {
      seq,
      keys,
      response: cached,
    } = await answers.look(scope, partition, request, {
      analysis,
      weights: await learning.weights(scope),
      generation: (await deps.generations.of(scope)).active?.number,
    });
    const respond = (response: RecallResponse): RecallResponse => {
      const latencyMs = clock.monotonic() - started;
      telemetry.observe("pipeline_latency_seconds", latencyMs / 1_000, { path: response.path });
      return { ...response, latencyMs };
    };
    // Explanations ask for more than callers may: nobody is given the id of such an answer.
    const isCallers = request.k <= LIMITS.maxK;
    // An answer has the name of its list as id until it is given out: all to whom it is given share what is kept of it.
    const listed = async (response: RecallResponse): Promise<RecallResponse> => {
      if (isCallers) await keepAnswer(scope, response.queryId, request, response, deps);
      return response;
    };
    const named = (response: RecallResponse): RecallResponse => ({
      ...response,
      queryId: queryId(scope, response.queryId, deps),
    });
    if (keys === undefined || seq === undefined) {
      const { response } = await pipeline(scope, request, { analysis, seq, started }, searching);
      return respond(named(await listed(response)));
    }
    if (cached) {
      // What is kept of an answer lives for a day, in L3 the answer itself for a week.
      if (cached.cache.tier !== "l1") await listed(cached);
      return respond(named(fromCache(cached, clock.monotonic() - started)));
    }
    // One who gives up or has little time must not spoil the answer of the others.
    const shared = `${scope.tenant}\0${keys.exact}\0${seq}\0${request.budgetMs}`;
    const search = async (): Promise<RecallResponse> => {
      const began = clock.now();
      const { keep, ...known } = answers.asked(scope, { keys, seq, began, request, analysis });
      const input = { analysis, seq, started, ...known };
      const piped = await pipeline(scope, { ...request, signal: undefined }, input, searching);
      if (piped.whole) await keep(piped);
      return await listed(piped.response);
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
