/** The columns of each table as the driver writes them: what the key holds is left out, what only indexes need is added by the codec. */

import type { TableName } from "@nexus/core";

/**
 * `json` is kept as a text, since the engine does not give every JSON value back as it was (a null inside an object, a
 * key called `id`). `instant` is a date kept as integer milliseconds: the engine's indexes order datetimes as texts,
 * a whole second ("…00Z") behind its own fractions ("…00.5Z"), so what an index sorts by must not be one.
 */
export type ColumnType = "text" | "int" | "date" | "instant" | "bytes" | "json";

export const COLUMNS: Readonly<Record<TableName, Readonly<Record<string, ColumnType>>>> = {
  memory: {
    content: "text",
    contentHash: "text",
    userId: "text",
    agentId: "text",
    sessionId: "text",
    speaker: "text",
    externalId: "text",
    language: "text",
    status: "text",
    metadata: "json",
    tokenCount: "int",
    chunkCount: "int",
    pendingCount: "int",
    createdAt: "date",
    validFrom: "date",
    validTo: "date",
    expiresAt: "instant",
    recordedAt: "date",
    updatedAt: "date",
    version: "int",
    changedBy: "text",
    seq: "int",
    addedSeq: "int",
  },
  chunk: {
    pointId: "text",
    startOffset: "int",
    endOffset: "int",
    tokenCount: "int",
    strategy: "text",
    sparse: "bytes",
  },
  vector: { model: "text", dimension: "int", data: "bytes" },
  version: {
    op: "text",
    content: "text",
    metadata: "json",
    validFrom: "date",
    validTo: "date",
    status: "text",
    changedBy: "text",
    recordedAt: "date",
  },
  change: { op: "text", memoryId: "text", version: "int", createdAt: "date" },
  outbox: { memoryIds: "json", createdAt: "date" },
  idempotency: { bodyHash: "text", response: "json", expiresAt: "instant" },
  job: {
    kind: "text",
    status: "text",
    attemptCount: "int",
    runAt: "instant",
    leaseOwner: "text",
    leaseUntil: "date",
    progress: "json",
    payload: "json",
    result: "json",
    errorCode: "text",
    errorDetail: "text",
    createdAt: "date",
    finishedAt: "date",
  },
  partition: { seq: "int", memoryCount: "int" },
};
