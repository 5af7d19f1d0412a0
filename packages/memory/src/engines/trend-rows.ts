/** Trends as rows: what the hourly job leaves for requests to read, with a row that says when it did. */

import { type Memory, type Pattern, type RecordReader, type RecordStore, type TenantScope } from "@nexus/core";
import { nameId } from "../remember/name-id.ts";
import { lookAndStore } from "./look-and-store.ts";
import { type Trend, trendsOf, type TrendWindow, WINDOW_MS } from "./mining.ts";
import { mentionsOf, recentMemories } from "./recent.ts";

const TREND_WINDOWS: readonly TrendWindow[] = ["day", "week", "month"];

/** Pattern rows of one user: engines write fewer. */
export const MAX_ROWS = 1_000;
/** Memories that a trend names, the newest. */
export const MAX_KEPT_IDS = 50;
/** Hourly rows are good for two hours: one run may be late. */
const GOOD_FOR_MS = 2 * 3_600_000;

/** A user's trends in all windows, from their newest 2,000 memories. */
export async function mineTrends(reader: RecordReader, partition: string, now: number): Promise<Trend[]> {
  return trendsAmong(await recentMemories(reader, partition, now), now);
}

/** Writes the trends of a partition in the place of those found before; their number. */
export async function storeTrends(
  scope: TenantScope,
  partition: string,
  { records, now }: { records: RecordStore; now: number },
): Promise<number> {
  const found = await lookAndStore(scope, partition, records, {
    look: (reader) => mineTrends(reader, partition, now),
    async store(tx, trends) {
      const rows = await tx.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
      const former = new Map(rows.filter(({ type }) => type === "trend").map((row) => [row.id, row]));
      for (const id of former.keys()) tx.remove("pattern", [partition, id]);
      for (const trend of trends) {
        const row = rowOf(partition, trend, now);
        tx.put("pattern", { ...row, createdAt: former.get(row.id)?.createdAt ?? row.createdAt });
      }
      tx.put("pattern", markerOf(partition, "trends", now));
    },
  });
  return found.length;
}

/** The trends that the job found, or undefined when it has not run lately. */
export function storedTrends(rows: readonly Pattern[], partition: string, now: number): Trend[] | undefined {
  const at = markedAt(rows, partition, "trends");
  if (at === undefined || now - at > GOOD_FOR_MS) return undefined;
  return rows.flatMap((row) => {
    const { windowFrom, windowTo } = row;
    if (row.type !== "trend" || row.frequency === 0 || !windowFrom || !windowTo) return [];
    const window = TREND_WINDOWS.find((one) => WINDOW_MS[one] === windowTo.getTime() - windowFrom.getTime());
    if (!window) return [];
    return [
      {
        topic: row.terms.slice(0, 3).join(" "),
        terms: row.terms,
        window,
        frequency: row.frequency,
        growthRate: row.growthRate ?? 0,
        from: windowFrom.getTime(),
        to: windowTo.getTime(),
        memoryIds: row.memoryIds,
      },
    ];
  });
}

/** A row of no frequency, which is no pattern: it says when a job last looked at the partition. It goes when the user is erased. */
export function markerOf(partition: string, job: "trends" | "patterns", now: number): Pattern {
  const at = new Date(now);
  return {
    partition,
    id: markerId(partition, job),
    type: "trend",
    domain: "general",
    description: "",
    terms: [],
    memoryIds: [],
    frequency: 0,
    successCount: 0,
    usageCount: 0,
    createdAt: at,
    updatedAt: at,
  };
}

/** Milliseconds; undefined when the job has never looked. */
export function markedAt(rows: readonly Pattern[], partition: string, job: "trends" | "patterns"): number | undefined {
  const id = markerId(partition, job);
  return rows.find((row) => row.id === id)?.updatedAt.getTime();
}

export function markerId(partition: string, job: "trends" | "patterns"): string {
  return nameId(`${job}\0${partition}`);
}

function trendsAmong(memories: readonly Memory[], now: number): Trend[] {
  const mentions = mentionsOf(memories);
  return TREND_WINDOWS.flatMap((window) => trendsOf(mentions, now, window));
}

function rowOf(partition: string, trend: Trend, now: number): Pattern {
  const { topic, terms, window, frequency, growthRate, from, to, memoryIds } = trend;
  const before = Math.round((frequency + 1) / (growthRate + 1)) - 1;
  return {
    partition,
    id: nameId(`trend\0${partition}\0${window}\0${topic}`),
    type: "trend",
    domain: "general",
    description: `“${topic}” came up ${frequency} times in a ${window}, ${before} times in the one before`,
    terms: [...terms],
    memoryIds: memoryIds.slice(0, MAX_KEPT_IDS),
    frequency,
    successCount: 0,
    usageCount: 0,
    growthRate,
    windowFrom: new Date(from),
    windowTo: new Date(to),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
