/** What a request is about, as the steps of the read path need it: scope and time as a filter, terms, limits by path. */

import { allOf, equals, type Filter, type SparseVector, type TermStatistics } from "@nexus/core";
import type { QueryTerm } from "@nexus/text";
import type { RecallRequest } from "../requests.ts";
import type { SourceLimits } from "../sources/source.ts";

/** Candidates asked of each source. */
export const LIMITS_BY_PATH: Readonly<Record<"smart" | "full", SourceLimits>> = {
  smart: { dense: 50, sparse: 50, session: 150 },
  full: { dense: 100, sparse: 100, session: 400 },
};

/** The request's scope, filters and moment as one filter. `agentId` and `sessionId` narrow a search only when named. */
export function filterOf({ userId, agentId, sessionId, filter, asOf }: RecallRequest): Filter {
  return allOf(
    userId === undefined ? undefined : equals("userId", userId),
    agentId === undefined ? undefined : equals("agentId", agentId),
    sessionId === undefined ? undefined : equals("sessionId", sessionId),
    asOf && validAt(asOf.getTime()),
    "all" in filter && filter.all.length === 0 ? undefined : filter,
  );
}

/** True at `time`: begun, and not ended. */
function validAt(time: number): Filter {
  const begunBy = (field: string): Filter => ({ field, operator: "lte", value: time });
  return {
    all: [
      { any: [begunBy("validFrom"), { all: [equals("validFrom", null), begunBy("createdAt")] }] },
      { any: [equals("validTo", null), { field: "validTo", operator: "gt", value: time }] },
    ],
  };
}

export interface WeighedTerms {
  /** The terms that occur in the tenant, each weighted by its inverse document frequency. */
  readonly sparse: SparseVector;
  /** BM25 of a text that has every word of the query, many times: what a score is out of. Words that no memory has count too. */
  readonly ceiling: number;
}

/** k₁ + 1 of BM25: what one term can weigh at most. */
const TERM_CEILING = 2.2;

/**
 * Weighs the query's terms by how rare they are: idf = ln(1 + (N − df + ½)/(df + ½)).
 * A word's stems in other languages than the query's own are dropped where the own one occurs: they are there for
 * texts that were indexed under another language, and elsewhere only add noise.
 */
export function weigh(terms: readonly QueryTerm[], { points, frequencies }: TermStatistics): WeighedTerms {
  const idf = (frequency: number): number => Math.log(1 + (points - frequency + 0.5) / (frequency + 0.5));
  const counted = terms.map((term, i) => ({ ...term, frequency: frequencies[i] ?? 0 }));
  const own = counted.filter(({ weight }) => weight === 1);
  const settled = new Set(own.filter(({ frequency }) => frequency > 0).map(({ word }) => word));
  const used = counted.filter(({ word, weight, frequency }) => frequency > 0 && (weight === 1 || !settled.has(word)));
  return {
    sparse: {
      ids: Uint32Array.from(used, ({ id }) => id),
      weights: Float32Array.from(used, ({ weight, frequency }) => weight * idf(frequency)),
    },
    ceiling: own.reduce((sum, { frequency }) => sum + idf(frequency) * TERM_CEILING, 0),
  };
}
