/** A line of our own export, read back. */

import {
  type Feedback,
  type JsonObject,
  type MemoryStatus,
  type Problem,
  type Reference,
  SHARED_PARTITION,
} from "@nexus/core";
import { z } from "zod";
import { contentText, nameText, opaqueText, scopeFields, timeText, userText, uuidText } from "./fields.ts";
import { metadataObject } from "./metadata.ts";
import type { RememberedInput } from "./remember.ts";
import { timeProblems, toDate } from "./times.ts";
import { rejected, validate } from "./validate.ts";

/** What a row is, as the memory service takes it. */
export type ImportedItem =
  | { readonly kind: "told"; readonly memory: RememberedInput }
  | { readonly kind: "memory"; readonly memory: RestoredInput }
  | { readonly kind: "reference"; readonly row: Reference }
  | { readonly kind: "feedback"; readonly row: Feedback };

interface RestoredInput extends Omit<RememberedInput, "id" | "createdAt"> {
  readonly id: string;
  readonly createdAt: Date;
  readonly recordedAt: Date;
  readonly updatedAt: Date;
  readonly status: MemoryStatus;
  readonly invalidReason: string | undefined;
  readonly quality: number | undefined;
  readonly arrival: number;
}

const TYPES = new Set<unknown>(["memory", "reference", "feedback"]);
const LONGEST_REASON = 4_096;

const user = userText.nullable();
const reasonText = z.string().max(LONGEST_REASON);

const memoryLine = z.strictObject({
  type: z.literal("memory"),
  id: uuidText,
  externalId: nameText.nullable(),
  content: contentText,
  ...scopeFields,
  speaker: nameText.nullable(),
  createdAt: timeText,
  recordedAt: timeText,
  updatedAt: timeText,
  validFrom: timeText.nullable(),
  validTo: timeText.nullable(),
  expiresAt: timeText.nullable(),
  status: z.enum(["active", "superseded", "invalidated", "merged"]),
  invalidReason: reasonText.nullable(),
  quality: z.number().min(0).max(1).nullable(),
  metadata: metadataObject,
  version: z.int().min(1),
  arrival: z.int().min(1),
});

const referenceLine = z.strictObject({
  type: z.literal("reference"),
  userId: user,
  kind: z.enum(["mergedInto", "supersedes", "possiblySupersedes"]),
  memoryId: uuidText,
  targetId: uuidText,
  reason: reasonText,
  similarity: z.number().nullable(),
  formerValidTo: timeText.nullable(),
  createdAt: timeText,
  undoneAt: timeText.nullable(),
});

const feedbackLine = z.strictObject({
  type: z.literal("feedback"),
  userId: user,
  id: uuidText,
  queryId: opaqueText,
  memoryId: uuidText.nullable(),
  rating: z.number().min(-1).max(1),
  comment: z.string().max(LONGEST_REASON).nullable(),
  features: z.custom<JsonObject>((value) => value !== null && typeof value === "object" && !Array.isArray(value)),
  createdAt: timeText,
});

export function isOwnLine(row: Readonly<Record<string, unknown>>): boolean {
  return TYPES.has(row["type"]);
}

/** throws  what `validate` throws, `memory.time_invalid` */
export function importedOwn(row: Readonly<Record<string, unknown>>, now: number): ImportedItem {
  switch (row["type"]) {
    case "reference":
      return { kind: "reference", row: referenceOf(validate(referenceLine, row), now) };
    case "feedback":
      return { kind: "feedback", row: feedbackOf(validate(feedbackLine, row), now) };
    default:
      return { kind: "memory", memory: memoryOf(validate(memoryLine, row), now) };
  }
}

/** A memory that was replaced may have ended when it began; no other end before its beginning is taken, and nothing that lies ahead. */
function memoryOf(line: z.output<typeof memoryLine>, now: number): RestoredInput {
  const createdAt = time(line.createdAt);
  const validFrom = toDate(line.validFrom);
  const validTo = toDate(line.validTo);
  const recordedAt = time(line.recordedAt);
  const updatedAt = time(line.updatedAt);
  const problems: Problem[] = timeProblems({ createdAt, validFrom }, now, "");
  if (validFrom && validTo && validTo < validFrom)
    problems.push({ path: "validTo", message: "must not be before validFrom" });
  problems.push(...ahead({ recordedAt, updatedAt }, now));
  if (problems.length > 0) throw rejected("memory.time_invalid", problems);
  return {
    id: line.id.toLowerCase(),
    externalId: line.externalId ?? undefined,
    content: line.content,
    userId: line.userId ?? undefined,
    agentId: line.agentId ?? undefined,
    sessionId: line.sessionId ?? undefined,
    speaker: line.speaker ?? undefined,
    createdAt,
    recordedAt,
    updatedAt,
    validFrom,
    validTo,
    expiresAt: toDate(line.expiresAt),
    status: line.status,
    invalidReason: line.invalidReason ?? undefined,
    quality: line.quality ?? undefined,
    metadata: line.metadata,
    arrival: line.arrival,
  };
}

function referenceOf(line: z.output<typeof referenceLine>, now: number): Reference {
  const createdAt = time(line.createdAt);
  const undoneAt = toDate(line.undoneAt);
  requirePast({ createdAt, undoneAt }, now);
  return {
    memoryId: line.memoryId.toLowerCase(),
    type: line.kind,
    targetId: line.targetId.toLowerCase(),
    partition: line.userId ?? SHARED_PARTITION,
    reason: line.reason,
    similarity: line.similarity ?? undefined,
    formerValidTo: toDate(line.formerValidTo),
    createdAt,
    undoneAt,
  };
}

function feedbackOf(line: z.output<typeof feedbackLine>, now: number): Feedback {
  const createdAt = time(line.createdAt);
  requirePast({ createdAt }, now);
  return {
    id: line.id,
    partition: line.userId ?? SHARED_PARTITION,
    queryId: line.queryId,
    memoryId: line.memoryId?.toLowerCase(),
    rating: line.rating,
    comment: line.comment ?? undefined,
    features: line.features,
    createdAt,
  };
}

/** throws  memory.time_invalid: times that we gave cannot lie ahead */
function requirePast(times: Readonly<Record<string, Date | undefined>>, now: number): void {
  const problems = ahead(times, now);
  if (problems.length > 0) throw rejected("memory.time_invalid", problems);
}

function ahead(times: Readonly<Record<string, Date | undefined>>, now: number): Problem[] {
  return Object.entries(times)
    .filter(([, at]) => at !== undefined && at.getTime() > now)
    .map(([path]) => ({ path, message: "lies ahead" }));
}

/** A time that the schema has accepted. */
function time(text: string): Date {
  return toDate(text) ?? new Date(Number.NaN);
}
