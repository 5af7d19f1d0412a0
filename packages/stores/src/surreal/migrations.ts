/** The schema's history. A migration that has been released is never edited: its checksum is in every database. Add the next number. */

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: string;
}

/**
 * Record ids are [tenant, …key]; without a type for `id` an index on `id[0]` is refused. contentHash is a text since an
 * index on bytes is not used. JSON is a text since the engine does not give every JSON value back as it was. expiresAt
 * and runAt are milliseconds since the epoch, since an index orders datetimes as texts.
 */
const RECORDS = `
DEFINE TABLE memory SCHEMAFULL;
DEFINE FIELD id ON memory TYPE [string, string];
DEFINE FIELD content ON memory TYPE string;
DEFINE FIELD contentHash ON memory TYPE string;
DEFINE FIELD userId ON memory TYPE option<string>;
DEFINE FIELD agentId ON memory TYPE option<string>;
DEFINE FIELD sessionId ON memory TYPE option<string>;
DEFINE FIELD speaker ON memory TYPE option<string>;
DEFINE FIELD externalId ON memory TYPE option<string>;
DEFINE FIELD language ON memory TYPE string;
DEFINE FIELD status ON memory TYPE string;
DEFINE FIELD metadata ON memory TYPE string;
DEFINE FIELD tokenCount ON memory TYPE int;
DEFINE FIELD chunkCount ON memory TYPE int;
DEFINE FIELD pendingCount ON memory TYPE int;
DEFINE FIELD createdAt ON memory TYPE datetime;
DEFINE FIELD validFrom ON memory TYPE option<datetime>;
DEFINE FIELD validTo ON memory TYPE option<datetime>;
DEFINE FIELD expiresAt ON memory TYPE option<int>;
DEFINE FIELD recordedAt ON memory TYPE datetime;
DEFINE FIELD updatedAt ON memory TYPE datetime;
DEFINE FIELD version ON memory TYPE int;
DEFINE FIELD changedBy ON memory TYPE string;
DEFINE FIELD seq ON memory TYPE int;
DEFINE FIELD addedSeq ON memory TYPE int;
DEFINE FIELD partition ON memory TYPE string;
DEFINE FIELD createdMs ON memory TYPE int;
DEFINE FIELD newest ON memory TYPE int;
DEFINE INDEX memoryByNewest ON memory FIELDS id[0], newest;
DEFINE INDEX memoryByUserNewest ON memory FIELDS id[0], partition, newest;
DEFINE INDEX memoryBySession ON memory FIELDS id[0], partition, sessionId, newest;
DEFINE INDEX memoryByContent ON memory FIELDS id[0], partition, contentHash, createdMs;
DEFINE INDEX memoryByExternalId ON memory FIELDS id[0], externalId UNIQUE;
DEFINE INDEX memoryByExpiry ON memory FIELDS id[0], expiresAt;

DEFINE TABLE chunk SCHEMAFULL;
DEFINE FIELD id ON chunk TYPE [string, string, int];
DEFINE FIELD pointId ON chunk TYPE string;
DEFINE FIELD startOffset ON chunk TYPE int;
DEFINE FIELD endOffset ON chunk TYPE int;
DEFINE FIELD tokenCount ON chunk TYPE int;
DEFINE FIELD strategy ON chunk TYPE string;
DEFINE FIELD sparse ON chunk TYPE bytes;

DEFINE TABLE vector SCHEMAFULL;
DEFINE FIELD id ON vector TYPE [string, string, string, int];
DEFINE FIELD model ON vector TYPE string;
DEFINE FIELD dimension ON vector TYPE int;
DEFINE FIELD data ON vector TYPE bytes;

DEFINE TABLE version SCHEMAFULL;
DEFINE FIELD id ON version TYPE [string, string, int];
DEFINE FIELD op ON version TYPE string;
DEFINE FIELD content ON version TYPE string;
DEFINE FIELD metadata ON version TYPE string;
DEFINE FIELD validFrom ON version TYPE option<datetime>;
DEFINE FIELD validTo ON version TYPE option<datetime>;
DEFINE FIELD status ON version TYPE string;
DEFINE FIELD changedBy ON version TYPE string;
DEFINE FIELD recordedAt ON version TYPE datetime;

DEFINE TABLE change SCHEMAFULL;
DEFINE FIELD id ON change TYPE [string, string, int];
DEFINE FIELD op ON change TYPE string;
DEFINE FIELD memoryId ON change TYPE string;
DEFINE FIELD version ON change TYPE int;
DEFINE FIELD createdAt ON change TYPE datetime;

DEFINE TABLE outbox SCHEMAFULL;
DEFINE FIELD id ON outbox TYPE [string, string, int];
DEFINE FIELD memoryIds ON outbox TYPE string;
DEFINE FIELD createdAt ON outbox TYPE datetime;

DEFINE TABLE idempotency SCHEMAFULL;
DEFINE FIELD id ON idempotency TYPE [string, string, string, string];
DEFINE FIELD bodyHash ON idempotency TYPE string;
DEFINE FIELD response ON idempotency TYPE string;
DEFINE FIELD expiresAt ON idempotency TYPE int;
DEFINE INDEX idempotencyByExpiry ON idempotency FIELDS id[0], expiresAt;

DEFINE TABLE job SCHEMAFULL;
DEFINE FIELD id ON job TYPE [string, string];
DEFINE FIELD kind ON job TYPE string;
DEFINE FIELD status ON job TYPE string;
DEFINE FIELD attemptCount ON job TYPE int;
DEFINE FIELD runAt ON job TYPE int;
DEFINE FIELD leaseOwner ON job TYPE option<string>;
DEFINE FIELD leaseUntil ON job TYPE option<datetime>;
DEFINE FIELD progress ON job TYPE string;
DEFINE FIELD payload ON job TYPE string;
DEFINE FIELD result ON job TYPE option<string>;
DEFINE FIELD errorCode ON job TYPE option<string>;
DEFINE FIELD errorDetail ON job TYPE option<string>;
DEFINE FIELD createdAt ON job TYPE datetime;
DEFINE FIELD finishedAt ON job TYPE option<datetime>;
DEFINE FIELD newest ON job TYPE int;
DEFINE INDEX jobByStatus ON job FIELDS id[0], status, runAt;
DEFINE INDEX jobByNewest ON job FIELDS id[0], newest;

DEFINE TABLE partition SCHEMAFULL;
DEFINE FIELD id ON partition TYPE [string, string];
DEFINE FIELD seq ON partition TYPE int;
DEFINE FIELD memoryCount ON partition TYPE int;

DEFINE TABLE tenant SCHEMAFULL;
DEFINE FIELD id ON tenant TYPE [string];
DEFINE FIELD createdAt ON tenant TYPE datetime;
`;

/** What texts are understood to say, and what is learnt from them. `partition`, `objectId` and `targetId` repeat parts of keys, since an index must begin with the tenant. */
const UNDERSTANDING = `
DEFINE FIELD languageConfidence ON memory TYPE option<number>;
DEFINE FIELD domain ON memory TYPE option<string>;
DEFINE FIELD quality ON memory TYPE option<number>;
DEFINE FIELD entities ON memory TYPE option<string>;
DEFINE FIELD facts ON memory TYPE option<string>;
DEFINE FIELD occurredFrom ON memory TYPE option<datetime>;
DEFINE FIELD occurredTo ON memory TYPE option<datetime>;
DEFINE FIELD invalidReason ON memory TYPE option<string>;

DEFINE TABLE entity SCHEMAFULL;
DEFINE FIELD id ON entity TYPE [string, string, string];
DEFINE FIELD type ON entity TYPE string;
DEFINE FIELD name ON entity TYPE string;
DEFINE FIELD nameKey ON entity TYPE string;
DEFINE FIELD aliases ON entity TYPE string;
DEFINE FIELD frequency ON entity TYPE int;
DEFINE FIELD firstSeenAt ON entity TYPE datetime;
DEFINE FIELD lastSeenAt ON entity TYPE datetime;

DEFINE TABLE relation SCHEMAFULL;
DEFINE FIELD id ON relation TYPE [string, string, string, string, string, string];
DEFINE FIELD subjectName ON relation TYPE string;
DEFINE FIELD objectName ON relation TYPE string;
DEFINE FIELD confidence ON relation TYPE number;
DEFINE FIELD validFrom ON relation TYPE datetime;
DEFINE FIELD validTo ON relation TYPE option<datetime>;
DEFINE FIELD partition ON relation TYPE string;
DEFINE FIELD objectId ON relation TYPE string;
DEFINE INDEX relationByObject ON relation FIELDS id[0], partition, objectId;

DEFINE TABLE reference SCHEMAFULL;
DEFINE FIELD id ON reference TYPE [string, string, string, string];
DEFINE FIELD partition ON reference TYPE string;
DEFINE FIELD reason ON reference TYPE string;
DEFINE FIELD similarity ON reference TYPE option<number>;
DEFINE FIELD formerValidTo ON reference TYPE option<datetime>;
DEFINE FIELD createdAt ON reference TYPE datetime;
DEFINE FIELD undoneAt ON reference TYPE option<datetime>;
DEFINE FIELD targetId ON reference TYPE string;
DEFINE INDEX referenceByTarget ON reference FIELDS id[0], targetId;

DEFINE TABLE feedback SCHEMAFULL;
DEFINE FIELD id ON feedback TYPE [string, string, string];
DEFINE FIELD queryId ON feedback TYPE string;
DEFINE FIELD memoryId ON feedback TYPE option<string>;
DEFINE FIELD rating ON feedback TYPE number;
DEFINE FIELD comment ON feedback TYPE option<string>;
DEFINE FIELD features ON feedback TYPE string;
DEFINE FIELD createdAt ON feedback TYPE datetime;
DEFINE INDEX feedbackByMemory ON feedback FIELDS id[0], memoryId;

DEFINE TABLE pattern SCHEMAFULL;
DEFINE FIELD id ON pattern TYPE [string, string, string];
DEFINE FIELD type ON pattern TYPE string;
DEFINE FIELD domain ON pattern TYPE string;
DEFINE FIELD description ON pattern TYPE string;
DEFINE FIELD terms ON pattern TYPE string;
DEFINE FIELD centroid ON pattern TYPE option<bytes>;
DEFINE FIELD memoryIds ON pattern TYPE string;
DEFINE FIELD frequency ON pattern TYPE int;
DEFINE FIELD successCount ON pattern TYPE number;
DEFINE FIELD usageCount ON pattern TYPE int;
DEFINE FIELD growthRate ON pattern TYPE option<number>;
DEFINE FIELD windowFrom ON pattern TYPE option<datetime>;
DEFINE FIELD windowTo ON pattern TYPE option<datetime>;
DEFINE FIELD lastUsedAt ON pattern TYPE option<datetime>;
DEFINE FIELD createdAt ON pattern TYPE datetime;
DEFINE FIELD updatedAt ON pattern TYPE datetime;

DEFINE TABLE profile SCHEMAFULL;
DEFINE FIELD id ON profile TYPE [string, string];
DEFINE FIELD preferences ON profile TYPE string;
DEFINE FIELD ratingCount ON profile TYPE int;
DEFINE FIELD updatedAt ON profile TYPE datetime;

DEFINE TABLE setting SCHEMAFULL;
DEFINE FIELD id ON setting TYPE [string, string];
DEFINE FIELD value ON setting TYPE string;
DEFINE FIELD version ON setting TYPE int;
DEFINE FIELD updatedAt ON setting TYPE datetime;

DEFINE TABLE apiKey SCHEMAFULL;
DEFINE FIELD id ON apiKey TYPE [string, string];
DEFINE FIELD tenant ON apiKey TYPE string;
DEFINE FIELD name ON apiKey TYPE string;
DEFINE FIELD secretHash ON apiKey TYPE string;
DEFINE FIELD scopes ON apiKey TYPE string;
DEFINE FIELD ratePerMinute ON apiKey TYPE int;
DEFINE FIELD createdAt ON apiKey TYPE datetime;
DEFINE FIELD expiresAt ON apiKey TYPE option<datetime>;
DEFINE FIELD revokedAt ON apiKey TYPE option<datetime>;

DEFINE TABLE receipt SCHEMAFULL;
DEFINE FIELD id ON receipt TYPE [string, string];
DEFINE FIELD subjectHmac ON receipt TYPE string;
DEFINE FIELD stores ON receipt TYPE string;
DEFINE FIELD residue ON receipt TYPE int;
DEFINE FIELD requestedAt ON receipt TYPE datetime;
DEFINE FIELD completedAt ON receipt TYPE datetime;
DEFINE FIELD backupsAgeOutAt ON receipt TYPE datetime;
`;

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: "records", statements: RECORDS },
  { number: 2, name: "understanding", statements: UNDERSTANDING },
];
