/** What memories say of how an entity relates to others, gathered by stretch of time. */

import { type Entity, matches, type Memory, type RecordReader, type Relation } from "@nexus/core";
import { present } from "../recall/plan.ts";
import { hasExpired, payloadOf } from "../subject.ts";
import type { RelationSpan } from "./graph-service.ts";

/** Statements read in each direction. */
const MAX_ROWS = 500;
const MAX_IDS = 10;

/** Strongest first. Statements of memories that are gone, or were merged into others, are left out. */
export async function relationsOf(
  reader: RecordReader,
  { partition, id }: Entity,
  now: number,
): Promise<RelationSpan[]> {
  const [of, to] = await Promise.all([
    reader.range({ table: "relation", prefix: [partition, id], limit: MAX_ROWS }),
    reader.find({ index: "relationByObject", anyOf: [[partition, id]], limit: MAX_ROWS }),
  ]);
  const told = await standing(reader, [...of, ...to.filter(({ subjectId }) => subjectId !== id)], now);
  const groups = Map.groupBy(told, ({ subjectId, type, objectId }) => `${subjectId}\0${type}\0${objectId}`);
  return [...groups.values()]
    .flatMap(spansOf)
    .sort((a, b) => b.strength - a.strength || b.occurrenceCount - a.occurrenceCount);
}

async function standing(reader: RecordReader, rows: readonly Relation[], now: number): Promise<Relation[]> {
  const ids = [...new Set(rows.map(({ memoryId }) => memoryId))];
  const memories = await reader.get(
    "memory",
    ids.map((id) => [id]),
  );
  const filter = present(now);
  const isTold = (memory: Memory | undefined): memory is Memory =>
    memory !== undefined && !hasExpired(memory, now) && matches(payloadOf(memory), filter);
  const told = new Set(memories.filter(isTold).map(({ id }) => id));
  return rows.filter(({ memoryId }) => told.has(memoryId));
}

/** Statements of one relation whose times touch are one span; what held, ended and began again is two. */
export function spansOf(rows: readonly Relation[]): RelationSpan[] {
  const spans: Relation[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const row of [...rows].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime())) {
    const last = spans.at(-1);
    const rowEnd = row.validTo?.getTime() ?? Number.POSITIVE_INFINITY;
    if (last && row.validFrom.getTime() <= end) {
      last.push(row);
      end = Math.max(end, rowEnd);
    } else {
      spans.push([row]);
      end = rowEnd;
    }
  }
  return spans.map(spanOf);
}

function spanOf(rows: readonly Relation[]): RelationSpan {
  const first = rows[0] as Relation;
  const newest = [...rows].sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime());
  const ends = rows.map(({ validTo }) => validTo?.getTime() ?? Number.POSITIVE_INFINITY);
  const end = Math.max(...ends);
  return {
    type: first.type,
    from: { id: first.subjectId, name: first.subjectName },
    to: { id: first.objectId, name: first.objectName },
    strength: 1 - rows.reduce((doubt, { confidence }) => doubt * (1 - confidence), 1),
    confidence: Math.max(...rows.map(({ confidence }) => confidence)),
    occurrenceCount: rows.length,
    validFrom: first.validFrom,
    validTo: Number.isFinite(end) ? new Date(end) : undefined,
    memoryIds: newest.slice(0, MAX_IDS).map(({ memoryId }) => memoryId),
  };
}
