/** Patterns as rows: what the job `learn` leaves for requests and for the intelligence engine. */

import type { Feedback, Pattern, RecordReader, TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { nameId } from "../remember/name-id.ts";
import { lookAndStore } from "./look-and-store.ts";
import { type FoundPattern, toldOf, topicalPatterns } from "./patterns.ts";
import { unpackQuestion } from "./question-vector.ts";
import { recentMemories } from "./recent.ts";
import { type RatedQuestion, type Solution, solutionsOf } from "./solutions.ts";
import { markerOf, MAX_ROWS } from "./trend-rows.ts";

export type PatternDependencies = Pick<Dependencies, "records" | "embedder" | "settings">;

/** Ratings of one user that are looked at. */
const MAX_RATINGS = 5_000;

/** A user's patterns from their newest 2,000 memories and their ratings; nothing is written. */
export async function findPatterns(
  reader: RecordReader,
  partition: string,
  now: number,
  { embedder, settings }: Pick<PatternDependencies, "embedder" | "settings">,
): Promise<Pattern[]> {
  const [memories, feedback] = await Promise.all([
    recentMemories(reader, partition, now),
    reader.range({ table: "feedback", prefix: [partition], limit: MAX_RATINGS }),
  ]);
  const told = toldOf(memories);
  const topical = topicalPatterns(told);
  const { model, unrelatedCosine } = embedder.describe();
  const ratings = feedback.flatMap((row) => ratedQuestion(row, model));
  const { likeness } = settings.engines;
  const solutions = solutionsOf(ratings, told, topical, { likeness, unrelatedCosine });
  return [
    ...topical.map((found) => rowOf(partition, found, now)),
    ...solutions.map((one) => solved(partition, one, now)),
  ];
}

/** Writes a user's patterns in the place of those found before; their number. */
export async function storePatterns(
  scope: TenantScope,
  partition: string,
  now: number,
  deps: PatternDependencies,
): Promise<number> {
  const found = await lookAndStore(scope, partition, deps.records, {
    look: (reader) => findPatterns(reader, partition, now, deps),
    async store(tx, patterns) {
      const rows = await tx.range({ table: "pattern", prefix: [partition], limit: MAX_ROWS });
      const former = new Map(rows.filter(({ type }) => type !== "trend").map((row) => [row.id, row]));
      for (const id of former.keys()) tx.remove("pattern", [partition, id]);
      for (const row of patterns)
        tx.put("pattern", { ...row, createdAt: former.get(row.id)?.createdAt ?? row.createdAt });
      tx.put("pattern", markerOf(partition, "patterns", now));
    },
  });
  return found.length;
}

function ratedQuestion({ memoryId, rating, features, createdAt }: Feedback, model: string): RatedQuestion[] {
  const question = unpackQuestion(model, features["question"]);
  if (memoryId === undefined || rating === 0 || !question) return [];
  return [{ memoryId, rating, question, at: createdAt.getTime() }];
}

function rowOf(partition: string, { type, domain, terms, memoryIds }: FoundPattern, now: number): Pattern {
  const at = new Date(now);
  return {
    partition,
    id: nameId(`pattern\0${partition}\0${type}\0${domain}\0${terms[0] ?? ""}\0${memoryIds[0] ?? ""}`),
    type,
    domain,
    description: `${memoryIds.length} memories tell a ${type} about “${terms[0] ?? ""}”`,
    terms: [...terms],
    memoryIds: [...memoryIds],
    frequency: memoryIds.length,
    successCount: 0,
    usageCount: 0,
    createdAt: at,
    updatedAt: at,
  };
}

function solved(partition: string, solution: Solution, now: number): Pattern {
  const row = rowOf(partition, solution, now);
  const { centroid, successCount, usageCount, memoryIds } = solution;
  return {
    ...row,
    id: nameId(`solved\0${partition}\0${solution.key}`),
    description: `${memoryIds.length} memories that helped with questions like this`,
    centroid: new Uint8Array(centroid.buffer.slice(centroid.byteOffset, centroid.byteOffset + centroid.byteLength)),
    successCount,
    usageCount,
  };
}
