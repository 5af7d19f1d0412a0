/** The engines that bring candidates of their own, as sources of a search. */

import { matches, type Pattern, type TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Volatile } from "../erase/volatile.ts";
import type { Evidence, Finding, Source } from "../sources/source.ts";
import { applyPatterns, type Brought, type EngineInput, isApplicable } from "./intelligence.ts";
import { recallTrends } from "./recall-trends.ts";
import { MAX_ROWS } from "./trend-rows.ts";

/** The engines for one query, in the order of their names. */
export type Engines = (scope: TenantScope, query: EngineInput) => Source[];

/** Of details.md, 4. */
const TIMEOUT_MS = 15;
/** Jobs change patterns, once an hour at most: what was read a minute ago is not read again. */
const KEEP_MS = 60_000;
/** Patterns kept over all users: 20 MiB at 256 dimensions. */
const MAX_KEPT = 20_000;

/** The intelligence engine, and on `maximum` the mining engine, as far as the settings have them. They read the user's own rows only. */
export function createEngines({
  records,
  clock,
  embedder,
  settings,
  volatile,
}: Pick<Dependencies, "records" | "clock" | "embedder" | "settings"> & {
  readonly volatile?: Volatile | undefined;
}): Engines {
  const { intelligence, mining, likeness } = settings.engines;
  const { unrelatedCosine } = embedder.describe();
  const kept = createShelf<readonly Pattern[]>(({ length }) => length + 1);
  volatile?.keep(({ tenant }) => kept.forget(`${tenant}\0`));
  const patternsOf = async (scope: TenantScope, partition: string): Promise<readonly Pattern[]> => {
    const key = `${scope.tenant}\0${partition}`;
    const known = kept.get(key, clock.now());
    if (known) return known;
    const rows = await records.reader(scope).range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
    const useful = rows.filter((row) => row.type === "trend" || isApplicable(row));
    kept.set(key, useful, clock.now());
    return useful;
  };
  return (scope, query) => [
    ...(intelligence
      ? [
          engine("intelligence", async () => {
            const patterns = await patternsOf(scope, query.partition);
            return await applyPatterns(patterns, records.reader(scope), query, { likeness, unrelatedCosine });
          }),
        ]
      : []),
    ...(mining && query.path === "maximum"
      ? [
          engine(
            "mining",
            async () => await recallTrends(await patternsOf(scope, query.partition), records.reader(scope), query),
          ),
        ]
      : []),
  ];
}

function engine(name: "intelligence" | "mining", bring: () => Promise<readonly Brought[]>): Source {
  return {
    name,
    timeoutMs: TIMEOUT_MS,
    async find({ filter }): Promise<Finding> {
      const brought = await bring();
      const evidence = brought
        .filter(({ payload }) => matches(payload, filter))
        .map(({ payload, score, reason }): Evidence => ({ payload, learnt: score, reason }));
      return { evidence };
    },
  };
}

/** Values for a minute each, at most `MAX_KEPT` by size, the oldest dropped first. */
function createShelf<T>(sizeOf: (value: T) => number) {
  const entries = new Map<string, { readonly value: T; readonly at: number }>();
  let size = 0;
  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry) size -= sizeOf(entry.value);
    entries.delete(key);
  };
  return {
    get(key: string, now: number): T | undefined {
      const entry = entries.get(key);
      return entry && now - entry.at < KEEP_MS ? entry.value : undefined;
    },
    forget(prefix: string): void {
      for (const key of entries.keys()) if (key.startsWith(prefix)) drop(key);
    },
    set(key: string, value: T, now: number): void {
      drop(key);
      entries.set(key, { value, at: now });
      size += sizeOf(value);
      for (const oldest of entries.keys()) {
        if (size <= MAX_KEPT) break;
        drop(oldest);
      }
    },
  };
}
