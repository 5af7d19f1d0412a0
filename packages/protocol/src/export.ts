/** POST /api/export: one JSON object a line, the first saying what it is and the last how much it was. */

import type { Entity, Feedback, Json, JsonObject, Memory, Reference, Relation } from "@nexus/core";
import { SHARED_PARTITION } from "@nexus/core";
import { z } from "zod";
import { userText } from "./fields.ts";
import { memoryToWire, timeOrNull } from "./memory.ts";
import { validate } from "./validate.ts";

/** Of the lines: an import takes this one and those before it. */
export const EXPORT_VERSION = 1;

export const exportBody = z.strictObject({
  userId: userText.nullish().meta({ description: "Only what is this user's; all of the tenant if left out." }),
});

export type ExportedView =
  | { readonly kind: "memory"; readonly row: Memory }
  | { readonly kind: "entity"; readonly row: Entity }
  | { readonly kind: "relation"; readonly row: Relation }
  | { readonly kind: "reference"; readonly row: Reference }
  | { readonly kind: "feedback"; readonly row: Feedback };

export function parseExport(input: unknown): { userId: string | undefined } {
  return { userId: validate(exportBody, input).userId ?? undefined };
}

export function exportHeader(at: number, userId: string | undefined): JsonObject {
  return {
    type: "export",
    format: "memory-nexus",
    version: EXPORT_VERSION,
    exportedAt: new Date(at).toISOString(),
    userId: userId ?? null,
  };
}

/** An export without it was cut off. */
export function exportTrailer(counts: Readonly<Record<ExportedView["kind"], number>>): JsonObject {
  return { type: "end", counts };
}

export function exportLine(item: ExportedView): JsonObject {
  if (item.kind === "memory") return memoryLine(item.row);
  if (item.kind === "entity") return entityLine(item.row);
  if (item.kind === "relation") return relationLine(item.row);
  return item.kind === "reference" ? referenceLine(item.row) : feedbackLine(item.row);
}

/** As `GET /api/memories/{id}` has it, without what an import works out anew. */
function memoryLine(memory: Memory): JsonObject {
  const { entities: _entities, language: _language, indexed: _indexed, ...wire } = memoryToWire(memory);
  return {
    type: "memory",
    ...wire,
    metadata: memory.metadata,
    quality: memory.quality ?? null,
    arrival: memory.addedSeq,
  };
}

function entityLine({ partition, id, type, name, aliases, frequency, firstSeenAt, lastSeenAt }: Entity): JsonObject {
  return {
    type: "entity",
    userId: userOf(partition),
    id,
    kind: type,
    name,
    aliases,
    frequency,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  };
}

function relationLine(row: Relation): JsonObject {
  return {
    type: "relation",
    userId: userOf(row.partition),
    kind: row.type,
    subjectId: row.subjectId,
    objectId: row.objectId,
    memoryId: row.memoryId,
    subjectName: row.subjectName,
    objectName: row.objectName,
    confidence: row.confidence,
    validFrom: row.validFrom.toISOString(),
    validTo: timeOrNull(row.validTo),
  };
}

function referenceLine(row: Reference): JsonObject {
  return {
    type: "reference",
    userId: userOf(row.partition),
    kind: row.type,
    memoryId: row.memoryId,
    targetId: row.targetId,
    reason: row.reason,
    similarity: row.similarity ?? null,
    formerValidTo: timeOrNull(row.formerValidTo),
    createdAt: row.createdAt.toISOString(),
    undoneAt: timeOrNull(row.undoneAt),
  };
}

function feedbackLine(row: Feedback): JsonObject {
  return {
    type: "feedback",
    userId: userOf(row.partition),
    id: row.id,
    queryId: row.queryId,
    memoryId: row.memoryId ?? null,
    rating: row.rating,
    comment: row.comment ?? null,
    features: row.features,
    createdAt: row.createdAt.toISOString(),
  };
}

function userOf(partition: string): Json {
  return partition === SHARED_PARTITION ? null : partition;
}
