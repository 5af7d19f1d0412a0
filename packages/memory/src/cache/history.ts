/** What this process remembers of the queries of each tenant: which it has seen before, and how often the cache had the answer. */

import type { Clock, TenantScope } from "@nexus/core";
import { type Bloom, createBloom } from "./bloom.ts";

export interface QueryHistory {
  /** Whether a query of this key was probably asked before; from now on it was. */
  note(scope: TenantScope, key: string): boolean;
  /** Counts a look-up. */
  count(scope: TenantScope, isHit: boolean): void;
  /** Share of look-ups of the last 24 hours that were hits, 0…1; 0 without any. */
  hitRate(scope: TenantScope): number;
}

const FIRST_BITS = 131_072;
const MAX_BITS = 10_000_000;
const LIFE_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Tenants remembered: 16 KiB of filter each to begin with. */
const MAX_TENANTS = 1_000;

interface Tenant {
  /** The filter in use and the one before it: both are asked, only the first is added to. */
  filters: readonly Bloom[];
  since: number;
  /** By hour, the latest last. */
  readonly hours: { readonly hour: number; hits: number; all: number }[];
}

/** A query is in L3 only when it was seen before, so that those asked once do not push out the others. */
export function createQueryHistory(clock: Clock): QueryHistory {
  const tenants = new Map<string, Tenant>();
  const of = ({ tenant }: TenantScope): Tenant => {
    const known = tenants.get(tenant) ?? { filters: [createBloom(FIRST_BITS)], since: clock.monotonic(), hours: [] };
    tenants.delete(tenant);
    tenants.set(tenant, known);
    const [oldest] = tenants.keys();
    if (tenants.size > MAX_TENANTS && oldest !== undefined) tenants.delete(oldest);
    return known;
  };
  return {
    note(scope, key) {
      const tenant = of(scope);
      const digest = key.slice(key.indexOf(":") + 1);
      const isKnown = tenant.filters.some((filter) => filter.has(digest));
      const [current] = tenant.filters;
      if (current && (current.isFull() || clock.monotonic() - tenant.since >= LIFE_MS)) {
        const bits = current.isFull() ? Math.min(MAX_BITS, current.bits * 2) : FIRST_BITS;
        tenant.filters = [createBloom(bits), current];
        tenant.since = clock.monotonic();
      }
      if (!tenant.filters[0]?.has(digest)) tenant.filters[0]?.add(digest);
      return isKnown;
    },
    count(scope, isHit) {
      const { hours } = of(scope);
      const hour = Math.floor(clock.monotonic() / HOUR_MS);
      if (hours.at(-1)?.hour !== hour) hours.push({ hour, hits: 0, all: 0 });
      if (hours.length > HOURS) hours.shift();
      const last = hours.at(-1);
      if (!last) return;
      last.all++;
      last.hits += Number(isHit);
    },
    hitRate(scope) {
      const from = Math.floor(clock.monotonic() / HOUR_MS) - HOURS;
      let hits = 0;
      let all = 0;
      for (const hour of of(scope).hours) {
        if (hour.hour <= from) continue;
        hits += hour.hits;
        all += hour.all;
      }
      return all === 0 ? 0 : hits / all;
    },
  };
}
