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

/** The query's terms weighted by how rare they are in the tenant: idf = ln(1 + (N − df + ½)/(df + ½)). Terms that no memory has are left out of the search, not of the ceiling. */
export function weigh(terms: readonly QueryTerm[], { points, frequencies }: TermStatistics): SparseVector {
  return {
    ids: Uint32Array.from(terms, ({ id }) => id),
    weights: Float32Array.from(terms, ({ weight }, i) => {
      const frequency = frequencies[i] ?? 0;
      return frequency === 0 ? 0 : weight * Math.log(1 + (points - frequency + 0.5) / (frequency + 0.5));
    }),
  };
}
