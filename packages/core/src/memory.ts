/** What the product keeps: memories, their chunks, versions, changes and the work still owed to them. */

import type { Json, JsonObject } from "./json.ts";

export type MemoryStatus = "active" | "superseded" | "invalidated" | "merged";

/** One remembered text, verbatim, with its scope, times and metadata. Times called `recordedAt` and `updatedAt` are ours, the others the caller's. */
export interface Memory {
  readonly id: string;
  readonly content: string;
  /** SHA-256 of the content in NFC, hexadecimal: exact duplicates share it. */
  readonly contentHash: string;
  readonly userId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly speaker?: string | undefined;
  readonly externalId?: string | undefined;
  /** ISO 639-1. Its stems are those of `guessLanguage`, which queries use too. */
  readonly language: string;
  /** Probability that it is right; absent on memories written before it was measured. */
  readonly languageConfidence?: number | undefined;
  readonly domain?: string | undefined;
  /** What its text and origin alone are worth, 0…1. */
  readonly quality?: number | undefined;
  /** What it mentions: positions are UTF-16 offsets into the content. */
  readonly entities?: readonly MentionedEntity[] | undefined;
  /** Keys of the relations that it states. */
  readonly facts?: readonly FactKey[] | undefined;
  /** When what it tells of took place, from its own words ("last Friday") and `createdAt`: half-open. */
  readonly occurredFrom?: Date | undefined;
  readonly occurredTo?: Date | undefined;
  /** Why its validity was ended by hand. */
  readonly invalidReason?: string | undefined;
  readonly status: MemoryStatus;
  readonly metadata: JsonObject;
  readonly tokenCount: number;
  readonly chunkCount: number;
  /** Chunks still to be indexed by a job. */
  readonly pendingCount: number;
  readonly createdAt: Date;
  readonly validFrom?: Date | undefined;
  readonly validTo?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly recordedAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
  /** Id of the key that made this version. */
  readonly changedBy: string;
  /** Sequence of its last change in its partition. */
  readonly seq: number;
  /** Sequence of the change that added it: the order of arrival, which later versions keep. */
  readonly addedSeq: number;
}

export type EntityType = "person" | "organization" | "location" | "technical" | "concept" | "tag";

/** An entity where a memory names it. */
export interface MentionedEntity {
  readonly id: string;
  readonly name: string;
  readonly type: EntityType;
  readonly confidence: number;
  /** Start and end of each mention; none when the name is not in the text (a tag, the speaker). */
  readonly positions: readonly (readonly [number, number])[];
}

/** Which relation a memory states, as `relation` rows are keyed. */
export interface FactKey {
  readonly subjectId: string;
  readonly type: string;
  readonly objectId: string;
}

/** A span of a memory that is indexed. Its text is `content.slice(startOffset, endOffset)`, UTF-16 units. */
export interface Chunk {
  readonly memoryId: string;
  readonly index: number;
  readonly pointId: string;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly tokenCount: number;
  readonly strategy: string;
  /** Term ids and weights, little endian: n u32 ids, then n f32 weights. */
  readonly sparse: Uint8Array;
}

/** One model's vector of one chunk, kept so that an index can be rebuilt without embedding again. */
export interface StoredVector {
  readonly pointId: string;
  readonly name: string;
  readonly generation: number;
  readonly model: string;
  readonly dimension: number;
  /** f32, little endian. */
  readonly data: Uint8Array;
}

export type ChangeOp =
  | "added"
  | "updated"
  | "superseded"
  | "invalidated"
  | "merged"
  | "undone"
  | "forgotten"
  | "erased";

/** One line of a partition's change log: what happened, never any text. */
export interface Change {
  readonly partition: string;
  readonly seq: number;
  readonly op: ChangeOp;
  readonly memoryId: string;
  readonly version: number;
  readonly createdAt: Date;
}

/** What one transaction changed in one partition, owed to the vector store until applied. One row a transaction, since a row per change made a batch of 100 a fifth slower. */
export interface OutboxEntry {
  readonly partition: string;
  /** The transaction's last sequence in the partition. */
  readonly seq: number;
  readonly memoryIds: readonly string[];
  readonly createdAt: Date;
}

/** A version of a memory. Past ones are rows, the present one is the memory itself; all are gone when it is forgotten. */
export interface MemoryVersion {
  readonly memoryId: string;
  readonly version: number;
  readonly op: ChangeOp;
  readonly content: string;
  readonly metadata: JsonObject;
  readonly validFrom?: Date | undefined;
  readonly validTo?: Date | undefined;
  readonly status: MemoryStatus;
  /** Id of the key that made the change. */
  readonly changedBy: string;
  readonly recordedAt: Date;
}

/** The answer that was given to a write, so that the same write sent again gets it again. */
export interface IdempotencyRow {
  readonly keyId: string;
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the canonical body, hexadecimal. */
  readonly bodyHash: string;
  readonly response: Json;
  readonly expiresAt: Date;
}

export type JobStatus = "queued" | "running" | "done" | "failed";

/** A piece of background work: a row with a lease, so that nothing is lost with a process. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly attemptCount: number;
  readonly runAt: Date;
  readonly leaseOwner?: string | undefined;
  readonly leaseUntil?: Date | undefined;
  readonly progress: { readonly done: number; readonly total: number };
  /** Ids, filters and counts; never a text. */
  readonly payload: JsonObject;
  readonly result?: Json | undefined;
  readonly errorCode?: string | undefined;
  readonly errorDetail?: string | undefined;
  readonly createdAt: Date;
  readonly finishedAt?: Date | undefined;
}

/** A partition's counters. */
export interface PartitionRow {
  readonly partition: string;
  readonly seq: number;
  readonly memoryCount: number;
}
