/** The cache of answers as the read path uses it: exact answers in tiers, and candidates of queries in other words. */

import type { TenantScope } from "@nexus/core";
import type { QueryAnalysis } from "@nexus/router";
import { findDates } from "@nexus/text";
import type { Dependencies } from "../dependencies.ts";
import type { Volatile } from "../erase/volatile.ts";
import type { Partitions } from "../partitions.ts";
import { type CacheKeys, cacheKeys } from "../recall/cached.ts";
import type { Factors, RecallRequest, RecallResponse } from "../requests.ts";
import { createQueryHistory } from "./history.ts";
import { createNeighbours, type Nearby } from "./neighbours.ts";
import { createTiers } from "./tiers.ts";
import { wordingOf } from "./wording.ts";

export interface AnswerCache {
  /** Where the partition stands, the request's names in the cache unless it is not to be cached, and its answer if there is one. */
  look(
    scope: TenantScope,
    partition: string | undefined,
    request: RecallRequest,
    about: {
      readonly analysis: QueryAnalysis;
      readonly weights: Factors;
      /** Of the deep model's vectors. */
      readonly generation?: number | undefined;
    },
  ): Promise<{
    readonly seq?: number;
    readonly keys?: CacheKeys | undefined;
    readonly response?: RecallResponse | undefined;
  }>;
  /** For a query that the cache could not answer. */
  asked(scope: TenantScope, query: AskedQuery): Session;
}

interface AskedQuery {
  readonly keys: CacheKeys;
  readonly seq: number;
  /** When the search began, milliseconds. */
  readonly began: number;
  readonly request: RecallRequest;
  readonly analysis: QueryAnalysis;
}

interface Session {
  /** What the router may know of the query: see `choosePath`. */
  readonly hints: { readonly seenBefore: boolean; readonly hitRate: number };
  readonly nearby: (vector: Float32Array, deep?: Float32Array) => Nearby | undefined;
  /** Keeps a whole answer, and its candidates for queries in other words. */
  readonly keep: (found: Kept) => Promise<void>;
}

interface Kept {
  readonly response: RecallResponse;
  readonly vector: Float32Array | undefined;
  readonly deep: Float32Array | undefined;
  readonly candidates: readonly string[];
}

export function createAnswerCache(
  deps: Dependencies & { readonly partitions: Partitions; readonly volatile: Volatile },
): AnswerCache {
  const { clock, embedder, partitions, settings, telemetry } = deps;
  const tiers = createTiers(deps);
  const history = createQueryHistory(clock);
  const neighbours = createNeighbours({
    minScore: settings.semanticMinScore,
    deepMinScore: settings.semanticDeepMinScore,
  });
  deps.volatile.keep(({ tenant }) => neighbours.forget(`${tenant}\0`));
  // What an answer depends on besides the request and the records.
  const versions = { model: embedder.describe().model, fusion: settings.fusion };
  const text = JSON.stringify(versions);
  return {
    async look(scope, partition, request, { analysis, weights, generation }) {
      if (partition === undefined) return {};
      const keys = cacheKeys(request, analysis, text + JSON.stringify([weights, generation ?? null]));
      if (!keys) return { seq: await partitions.current(scope, partition) };
      // A token names a write that must be seen: what was looked up before it may be older.
      const maxStalenessMs = request.consistency === undefined ? request.maxStalenessMs : 0;
      const { seq, response } = await tiers.look(scope, partition, keys.exact, maxStalenessMs);
      history.count(scope, response !== undefined);
      return { seq, keys, response };
    },

    asked(scope, { keys, seq, began, request, analysis }) {
      const group = `${scope.tenant}\0${keys.group}`;
      // What "that" stands for is not in the words.
      const isComparable = !analysis.hasReference && settings.semanticMinScore <= 1;
      const wording = isComparable ? wordingOf(request.query, analysis.language) : undefined;
      const nearby = (vector: Float32Array, deep?: Float32Array): Nearby | undefined => {
        if (!wording) return undefined;
        const near = neighbours.nearest(group, { vector, deep, wording, seq, now: clock.now() });
        const result = near === undefined ? "miss" : near === "guarded" ? "guarded" : "hit";
        telemetry.count("cache_hits_total", { tier: "semantic", result });
        return near === "guarded" ? undefined : near;
      };
      const seenBefore = history.note(scope, keys.exact);
      const keep = async ({ response, vector, deep, candidates }: Kept): Promise<void> => {
        // Whatever date it names, even "in May" is counted from today.
        const isRelative = analysis.hasRelativeTime || findDates(request.query, new Date(began)).length > 0;
        const found = { seq, began, response, isRelative };
        const { createdAt, validUntil } = await tiers.keep(scope, keys.exact, found, seenBefore);
        // What was not sure of its own answer would not be of another's: to try would only cost that one its time.
        const isSure = response.confidence >= (request.minConfidence ?? settings.fusion.minConfidence);
        if (wording && vector && isSure)
          neighbours.add(group, { vector, deep, wording, candidates, seq, createdAt, validUntil });
      };
      return { hints: { seenBefore, hitRate: history.hitRate(scope) }, nearby, keep };
    },
  };
}
