/** What callers ask of the mining and intelligence engines: trends, and patterns. */

import {
  type Memory,
  partitionOf,
  type Pattern,
  type PatternType,
  type RecordReader,
  type TenantScope,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { hasExpired } from "../subject.ts";
import type { Trend, TrendWindow } from "./mining.ts";
import { findPatterns } from "./pattern-rows.ts";
import { markerId, MAX_ROWS, mineTrends, storedTrends } from "./trend-rows.ts";

interface TrendsRequest {
  /** Left out: all of the tenant's users, up to 50 of them. */
  readonly userId?: string | undefined;
  readonly window: TrendWindow;
  readonly limit: number;
}

interface PatternsRequest {
  readonly userId?: string | undefined;
  readonly type?: PatternType | undefined;
  readonly domain?: string | undefined;
  readonly limit: number;
}

export interface InsightService {
  /**
   * What came up more often in the last day, week or month than in the one before, the most surprising first. An hourly
   * job's findings, or those of this moment from a user's newest 2,000 memories where it has not run.
   */
  trends(scope: TenantScope, request: TrendsRequest): Promise<readonly Trend[]>;
  /** What recurs in a user's memories, the most frequent first; as fresh as `trends`. */
  patterns(scope: TenantScope, request: PatternsRequest): Promise<readonly Pattern[]>;
}

export type InsightDependencies = Pick<Dependencies, "records" | "clock" | "embedder" | "settings">;

/** Users that a request without one looks at. */
const MAX_PARTITIONS = 50;

export function insightService(deps: InsightDependencies): InsightService {
  const { records, clock } = deps;
  return {
    async trends(scope, { userId, window, limit }) {
      const reader = records.reader(scope);
      const now = clock.now();
      const found: Trend[] = [];
      for (const partition of await partitionsOf(reader, userId)) {
        const rows = await reader.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
        const trends = storedTrends(rows, partition, now) ?? (await mineTrends(reader, partition, now));
        found.push(...trends.filter((trend) => trend.window === window));
      }
      const kept = found.sort((a, b) => surprise(b) - surprise(a)).slice(0, limit);
      return await withMemories(reader, kept, now);
    },
    async patterns(scope, { userId, type, domain, limit }) {
      const reader = records.reader(scope);
      const now = clock.now();
      const found: Pattern[] = [];
      for (const partition of await partitionsOf(reader, userId)) {
        const rows = await reader.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
        const learnt = rows.some(({ id }) => id === markerId(partition, "patterns"));
        const trends = rows.filter((row) => row.type === "trend" && row.frequency > 0);
        const others = learnt
          ? rows.filter((row) => row.type !== "trend")
          : await findPatterns(reader, partition, now, deps);
        found.push(...others, ...trends);
      }
      const kept = found
        .filter((row) => (type === undefined || row.type === type) && (domain === undefined || row.domain === domain))
        .sort((a, b) => b.frequency - a.frequency || (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      return await withMemories(reader, kept, now);
    },
  };
}

async function partitionsOf(reader: RecordReader, userId: string | undefined): Promise<string[]> {
  if (userId !== undefined) return [partitionOf(userId)];
  const rows = await reader.range({ table: "partition", prefix: [], limit: MAX_PARTITIONS });
  return rows.map(({ partition }) => partition);
}

/** How many standard deviations of chance lie between the mentions and those of the window before. */
function surprise({ frequency, growthRate }: Trend): number {
  const before = Math.max(1, (frequency + 1) / (growthRate + 1) - 1);
  return (frequency - before) / Math.sqrt(before);
}

/** What was found is of memories that may be gone by now: those are left out, and what is of none of them any more. */
async function withMemories<T extends { readonly memoryIds: readonly string[] }>(
  reader: RecordReader,
  found: readonly T[],
  now: number,
): Promise<T[]> {
  const ids = [...new Set(found.flatMap(({ memoryIds }) => memoryIds))];
  const rows = await reader.get(
    "memory",
    ids.map((id) => [id]),
  );
  const present = new Set(
    rows
      .filter((row): row is Memory => row !== undefined && row.status === "active" && !hasExpired(row, now))
      .map(({ id }) => id),
  );
  return found.flatMap((one) => {
    const memoryIds = one.memoryIds.filter((id) => present.has(id));
    return memoryIds.length === 0 ? [] : [{ ...one, memoryIds }];
  });
}
