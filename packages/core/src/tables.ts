/** The tables of the record store: row types, keys, and the indexes that `find` may use. The tenant is in every key, put there by the driver. */

import type { ApiKey, Receipt, Setting } from "./administration.ts";
import type { Entity, Reference, Relation } from "./knowledge.ts";
import type { Feedback, Pattern, Profile } from "./learnt.ts";
import type {
  Change,
  Chunk,
  IdempotencyRow,
  Job,
  Memory,
  MemoryVersion,
  OutboxEntry,
  PartitionRow,
  StoredVector,
} from "./memory.ts";
import { partitionOf } from "./partition.ts";

export interface Tables {
  memory: Memory;
  chunk: Chunk;
  vector: StoredVector;
  version: MemoryVersion;
  change: Change;
  outbox: OutboxEntry;
  idempotency: IdempotencyRow;
  job: Job;
  partition: PartitionRow;
  entity: Entity;
  relation: Relation;
  reference: Reference;
  feedback: Feedback;
  pattern: Pattern;
  profile: Profile;
  setting: Setting;
  apiKey: ApiKey;
  receipt: Receipt;
}

export type TableName = keyof Tables;
export type KeyPart = string | number;

/** The fields that make a row's key, in order. Rows of a table sort by them. */
export const KEYS = {
  memory: ["id"],
  chunk: ["memoryId", "index"],
  vector: ["pointId", "name", "generation"],
  version: ["memoryId", "version"],
  change: ["partition", "seq"],
  outbox: ["partition", "seq"],
  idempotency: ["keyId", "route", "key"],
  job: ["id"],
  partition: ["partition"],
  entity: ["partition", "id"],
  relation: ["partition", "subjectId", "type", "memoryId", "objectId"],
  reference: ["memoryId", "type", "targetId"],
  feedback: ["partition", "id"],
  pattern: ["partition", "id"],
  profile: ["partition"],
  setting: ["name"],
  apiKey: ["id"],
  receipt: ["jobId"],
} as const;

/**
 * Indexes: the table and the fields, in order. Three fields are derived by `indexFields`: `partition`, `createdMs`, and `newest`,
 * which falls as time goes on, so that an ascending scan, the only one the engine serves from an index, is newest first.
 */
export const INDEXES = {
  memoryByNewest: { table: "memory", fields: ["newest"] },
  memoryByUserNewest: { table: "memory", fields: ["partition", "newest"] },
  memoryBySession: { table: "memory", fields: ["partition", "sessionId", "newest"] },
  memoryByContent: { table: "memory", fields: ["partition", "contentHash", "createdMs"] },
  memoryByExternalId: { table: "memory", fields: ["externalId"] },
  memoryByExpiry: { table: "memory", fields: ["expiresAt"] },
  jobByStatus: { table: "job", fields: ["status", "runAt"] },
  jobByNewest: { table: "job", fields: ["newest"] },
  relationByObject: { table: "relation", fields: ["partition", "objectId"] },
  referenceByTarget: { table: "reference", fields: ["targetId"] },
  feedbackByMemory: { table: "feedback", fields: ["memoryId"] },
  idempotencyByExpiry: { table: "idempotency", fields: ["expiresAt"] },
} as const;

export type IndexName = keyof typeof INDEXES;
export type IndexedTable<I extends IndexName> = (typeof INDEXES)[I]["table"];

/** What an index key may hold. */
export type IndexValue = string | number | Date;

/** Columns that exist for indexes only: kept beside the row by a driver, taken off again when it is read. */
export function indexFields<T extends TableName>(table: T, row: Tables[T]): Record<string, IndexValue> {
  if (table === "memory") {
    const memory = row as Memory;
    return {
      partition: partitionOf(memory.userId),
      createdMs: memory.createdAt.getTime(),
      newest: newest(memory.recordedAt, memory.addedSeq),
    };
  }
  if (table === "relation") {
    const { partition, objectId } = row as Relation;
    return { partition, objectId };
  }
  if (table === "reference") return { targetId: (row as Reference).targetId };
  if (table === "job") return { newest: newest((row as Job).createdAt, 0) };
  return {};
}

/** −(microseconds since the epoch), the microseconds being the order of arrival modulo 1,000: nearly unique, and stable. */
function newest(at: Date, arrival: number): number {
  return -(at.getTime() * 1_000 + (arrival % 1_000));
}

/** The key of a row, from its own fields. */
export function keyOf<T extends TableName>(table: T, row: Tables[T]): KeyPart[] {
  return KEYS[table].map((field) => (row as unknown as Record<string, KeyPart>)[field] as KeyPart);
}
