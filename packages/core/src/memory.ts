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

/** Somebody or something that a user's memories name. Its id is a UUIDv5 of user, type and `nameKey`, so that writers agree on it without asking. */
export interface Entity {
  readonly partition: string;
  readonly id: string;
  readonly type: EntityType;
  readonly name: string;
  /** The name in NFKC, case-folded, with single spaces. */
  readonly nameKey: string;
  /** Other spellings seen. */
  readonly aliases: readonly string[];
  /** Memories that name it. */
  readonly frequency: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** What one memory says of how two entities relate. */
export interface Relation {
  readonly partition: string;
  readonly subjectId: string;
  readonly type: string;
  readonly objectId: string;
  readonly memoryId: string;
  readonly subjectName: string;
  readonly objectName: string;
  readonly confidence: number;
  readonly validFrom: Date;
  readonly validTo?: Date | undefined;
}

export type ReferenceType = "mergedInto" | "supersedes" | "possiblySupersedes";

/** How one memory bears on an older one. */
export interface Reference {
  readonly memoryId: string;
  readonly type: ReferenceType;
  readonly targetId: string;
  readonly partition: string;
  readonly reason: string;
  readonly similarity?: number | undefined;
  /** The target's end of validity before this reference closed it, to be put back by an undo. */
  readonly formerValidTo?: Date | undefined;
  readonly createdAt: Date;
  readonly undoneAt?: Date | undefined;
}

/** What a user thought of an answer or of one memory in it. */
export interface Feedback {
  readonly id: string;
  readonly partition: string;
  readonly queryId: string;
  readonly memoryId?: string | undefined;
  /** −1…1. */
  readonly rating: number;
  readonly comment?: string | undefined;
  /** Features of the answer at the time, for learning: factors of the memory and its topics. Never a text. */
  readonly features: JsonObject;
  readonly createdAt: Date;
}

export type PatternType = "solution" | "preference" | "habit" | "trend";

/** Something that recurs in a user's memories. */
export interface Pattern {
  readonly partition: string;
  readonly id: string;
  readonly type: PatternType;
  readonly domain: string;
  readonly description: string;
  readonly terms: readonly string[];
  /** Mean vector of its memories, f32 little endian; absent for trends. */
  readonly centroid?: Uint8Array | undefined;
  readonly memoryIds: readonly string[];
  readonly frequency: number;
  readonly successCount: number;
  readonly usageCount: number;
  readonly growthRate?: number | undefined;
  readonly windowFrom?: Date | undefined;
  readonly windowTo?: Date | undefined;
  readonly lastUsedAt?: Date | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What was learnt of one user. */
export interface Profile {
  readonly partition: string;
  /** Weights by feature, each −1…1, with the moment it was last changed. */
  readonly preferences: JsonObject;
  readonly ratingCount: number;
  readonly updatedAt: Date;
}

/** One tenant-wide setting: learned fusion weights, origins for CORS, … */
export interface Setting {
  readonly name: string;
  readonly value: Json;
  readonly version: number;
  readonly updatedAt: Date;
}

/** An API key; the rows of all tenants are kept by the system tenant, since a key must be found before its tenant is known. */
export interface ApiKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly ratePerMinute: number;
  readonly createdAt: Date;
  readonly expiresAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

/** The proof that a user was erased. */
export interface Receipt {
  readonly jobId: string;
  /** HMAC of the user's id: the receipt must not name whom it proves forgotten. */
  readonly subjectHmac: string;
  readonly stores: JsonObject;
  readonly residue: number;
  readonly requestedAt: Date;
  readonly completedAt: Date;
  readonly backupsAgeOutAt: Date;
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
