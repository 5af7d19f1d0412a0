/** The memories that engines look at: a user's newest, as they are now. */

import type { Memory, RecordReader } from "@nexus/core";
import { hasExpired } from "../subject.ts";
import type { Mention } from "./mining.ts";
import { topicsOf } from "./topics.ts";

/** Bounds what one user can cost a job or a request. */
const MAX_MEMORIES = 2_000;

/** At most 2,000, newest first; superseded, merged, invalidated and expired ones left out. */
export async function recentMemories(reader: RecordReader, partition: string, now: number): Promise<Memory[]> {
  const rows = await reader.find({ index: "memoryByUserNewest", anyOf: [[partition]], limit: MAX_MEMORIES });
  return rows.filter((memory) => memory.status === "active" && !hasExpired(memory, now));
}

/** When a partition last gained a memory, milliseconds; undefined for an empty one. */
export async function lastRecorded(reader: RecordReader, partition: string): Promise<number | undefined> {
  const [newest] = await reader.find({ index: "memoryByUserNewest", anyOf: [[partition]], limit: 1 });
  return newest?.recordedAt.getTime();
}

export function mentionsOf(memories: readonly Memory[]): Mention[] {
  return memories.map((memory) => ({
    id: memory.id,
    at: (memory.validFrom ?? memory.createdAt).getTime(),
    topics: topicsOf(memory),
  }));
}
