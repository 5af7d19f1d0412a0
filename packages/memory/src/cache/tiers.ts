/** The tiers of cached answers: L1 in this process, L2 and L3 in a cache that processes share. */

import type { CacheEntry, CacheStore, Clock, Json, RecordStore, Telemetry, TenantScope } from "@nexus/core";
import type { Partitions } from "../partitions.ts";
import type { RecallResponse } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import { type Entry, entryOf, type Found, revive, usable } from "./entry.ts";

export interface Looked {
  /** Where the partition stands, or stood at most `maxStalenessMs` ago. */
  readonly seq: number;
  readonly response?: RecallResponse | undefined;
}

export interface Tiers {
  /** The answer under `key`, from the fastest tier that has it. One round trip to the shared cache at most, none while L1 may still answer. */
  look(scope: TenantScope, partition: string, key: string, maxStalenessMs: number): Promise<Looked>;
  /** Keeps an answer if it is not too large, in L3 only when its query was `seenBefore`; says for how long it stands. */
  keep(
    scope: TenantScope,
    key: string,
    found: Found,
    seenBefore: boolean,
  ): Promise<Pick<Entry, "createdAt" | "validUntil">>;
}

export interface TiersDependencies {
  readonly cache: CacheStore;
  readonly shared?: CacheStore | undefined;
  readonly records: RecordStore;
  readonly partitions: Partitions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Longest life in each tier; 0 turns a tier off. */
  readonly settings: { readonly l1TtlSeconds: number; readonly l2TtlSeconds: number; readonly l3TtlSeconds: number };
}

type Tier = "l1" | "l2" | "l3";

/** UTF-16 units of an entry as JSON, about: larger ones are not kept. */
const MAX_UNITS = 65_536;
/** Of one result beside its text and metadata. */
const RESULT_UNITS = 1_500;

export function createTiers(deps: TiersDependencies): Tiers {
  const { cache, shared, partitions, clock, telemetry, settings } = deps;
  const hasShared = shared !== undefined && settings.l2TtlSeconds > 0;
  const count = (tier: Tier, result: "hit" | "miss" | "stale"): void =>
    telemetry.count("cache_hits_total", { tier, result });

  const fromL1 = async (scope: TenantScope, key: string, seq: number): Promise<Entry | "stale" | undefined> => {
    if (settings.l1TtlSeconds === 0) return undefined;
    const [value] = await cache.get(scope, [key]);
    return usable(value, seq, clock.now());
  };
  const served = (entry: Entry, tier: Tier): Looked => {
    count(tier, "hit");
    const { seq, createdAt } = entry;
    const at = { tier, semantic: false, ageMs: clock.now() - createdAt, seq };
    return { seq, response: { ...revive(entry.response), cache: at } };
  };
  const put = async (
    scope: TenantScope,
    store: CacheStore,
    entries: readonly [string, Entry, number][],
  ): Promise<void> =>
    await store.set(
      scope,
      entries.flatMap(([key, entry, ttl]) => cacheEntry(key, entry, ttl, clock.now()) ?? []),
    );

  return {
    async look(scope, partition, key, maxStalenessMs) {
      const recent = partitions.recent(scope, partition, maxStalenessMs);
      if (recent !== undefined) {
        const early = await fromL1(scope, key, recent);
        if (early !== undefined && early !== "stale") return served(early, "l1");
      }
      const keys = hasShared ? [key, coldKey(key)] : [];
      const { seq, values } = await partitions.look(scope, partition, keys);
      const hot = await fromL1(scope, key, seq);
      if (hot !== undefined && hot !== "stale") return served(hot, "l1");
      count("l1", hot ?? "miss");
      for (const [i, tier] of (["l2", "l3"] as const).slice(0, keys.length).entries()) {
        const entry = usable(values[i], seq, clock.now());
        const fresh = entry === undefined || entry === "stale" ? undefined : await hydrated(scope, entry, deps);
        if (!fresh) {
          count(tier, entry === undefined ? "miss" : "stale");
          continue;
        }
        // Each copy lives no longer than the entry did.
        if (tier === "l3" && shared) await put(scope, shared, [[key, fresh, settings.l2TtlSeconds]]);
        await put(scope, cache, [[key, fresh, settings.l1TtlSeconds]]);
        telemetry.count("cache_promotions_total", { from: tier });
        return served(fresh, tier);
      }
      return { seq };
    },

    async keep(scope, key, found, seenBefore) {
      const { l1TtlSeconds, l2TtlSeconds, l3TtlSeconds } = settings;
      const isCold = hasShared && seenBefore && l3TtlSeconds > 0;
      const entry = entryOf(found, clock.now(), isCold ? l3TtlSeconds : hasShared ? l2TtlSeconds : l1TtlSeconds);
      if (unitsOf(found.response) > MAX_UNITS) return entry;
      await put(scope, cache, [[key, entry, l1TtlSeconds]]);
      if (!shared || !hasShared) return entry;
      await put(scope, shared, [
        [key, entry, l2TtlSeconds],
        ...(isCold ? [[coldKey(key), entry, l3TtlSeconds] as [string, Entry, number]] : []),
      ]);
      return entry;
    },
  };
}

/** The same answer in L3: `qc:` instead of `qw:`. */
function coldKey(key: string): string {
  return `qc:${key.slice(3)}`;
}

/** undefined when there is no time left to live. */
function cacheEntry(key: string, entry: Entry, ttl: number, now: number): CacheEntry | undefined {
  const ttlSeconds = Math.min(ttl, Math.ceil((entry.validUntil - now) / 1_000));
  return ttlSeconds > 0 ? { key, value: entry as unknown as Json, ttlSeconds } : undefined;
}

/** The entry with its memories as they are in the records now; undefined when one of them is not the one that was found. What comes from another process is not served unseen. */
async function hydrated(
  scope: TenantScope,
  entry: Entry,
  { records, clock }: Pick<TiersDependencies, "records" | "clock">,
): Promise<Entry | undefined> {
  const { results } = entry.response;
  if (results.length === 0) return entry;
  const rows = await records.reader(scope).get(
    "memory",
    results.map(({ memory }) => [memory.id]),
  );
  const now = clock.now();
  const kept = results.flatMap((result, i) => {
    const memory = rows[i];
    const isSame = memory && memory.version === result.memory.version && memory.seq === result.memory.seq;
    return isSame && !hasExpired(memory, now) ? [{ ...result, memory }] : [];
  });
  return kept.length === results.length ? { ...entry, response: { ...entry.response, results: kept } } : undefined;
}

function unitsOf({ results }: RecallResponse): number {
  let units = RESULT_UNITS;
  for (const { memory, explanation } of results) {
    units += RESULT_UNITS + memory.content.length + explanation.length + JSON.stringify(memory.metadata).length;
    // A mention is an id, a name and its places.
    units += (memory.entities?.length ?? 0) * 150 + (memory.facts?.length ?? 0) * 150;
  }
  return units;
}
