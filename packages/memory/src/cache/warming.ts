/** Asks the most frequent queries again once their answers have ended, so that the next to ask need not wait. */

import type { Clock, TenantScope } from "@nexus/core";
import type { Volatile } from "../erase/volatile.ts";
import type { Recall } from "../recall/recall.ts";
import type { RecallRequest } from "../requests.ts";

export interface Warming {
  /** The same recall, which remembers what is asked. */
  readonly recall: Recall;
  /** Asks the tenant's most frequent queries; an answer that still stands is found in the cache. The number asked. */
  readonly warm: (scope: TenantScope) => Promise<number>;
}

export interface WarmingDependencies {
  readonly clock: Clock;
  readonly volatile: Volatile;
  /** Queries of a tenant that are asked again; 0 turns it off. */
  readonly settings: { readonly warmQueries: number };
}

interface Pattern {
  readonly request: RecallRequest;
  count: number;
  lastAt: number;
}

/** Queries remembered of one tenant, and tenants: about half a kilobyte each. */
const MAX_PATTERNS = 500;
const MAX_TENANTS = 100;
const LIFE_MS = 7 * 86_400_000;
/** A query asked once is no pattern. */
const LEAST = 2;

/** Patterns are kept by this process alone and for as long as it runs: a query is somebody's text. */
export function createWarming(
  recall: Recall,
  { clock, volatile, settings: { warmQueries } }: WarmingDependencies,
): Warming {
  if (warmQueries === 0) return { recall, warm: async () => 0 };
  /** By tenant and request, in order of use, the latest last. */
  const tenants = new Map<string, Map<string, Pattern>>();
  volatile.keep(({ tenant }) => void tenants.delete(tenant));

  const note = ({ tenant }: TenantScope, request: RecallRequest): void => {
    const asked: RecallRequest = { ...request, signal: undefined, consistency: undefined };
    const patterns = tenants.get(tenant) ?? new Map<string, Pattern>();
    keepLatest(tenants, tenant, patterns, MAX_TENANTS);
    const name = JSON.stringify(asked);
    const pattern = patterns.get(name) ?? { request: asked, count: 0, lastAt: 0 };
    pattern.count++;
    pattern.lastAt = clock.monotonic();
    keepLatest(patterns, name, pattern, MAX_PATTERNS);
  };

  return {
    async recall(scope, request) {
      if (request.userId !== undefined && !request.asOf) note(scope, request);
      return await recall(scope, request);
    },
    async warm(scope) {
      const from = clock.monotonic() - LIFE_MS;
      const frequent = [...(tenants.get(scope.tenant)?.values() ?? [])]
        .filter(({ count, lastAt }) => count >= LEAST && lastAt > from)
        .sort((a, b) => b.count - a.count)
        .slice(0, warmQueries);
      for (const { request } of frequent) await recall(scope, request);
      return frequent.length;
    },
  };
}

/** Puts the entry last and drops the first ones above `most`. */
function keepLatest<T>(entries: Map<string, T>, name: string, entry: T, most: number): void {
  entries.delete(name);
  entries.set(name, entry);
  const [oldest] = entries.keys();
  if (entries.size > most && oldest !== undefined) entries.delete(oldest);
}
