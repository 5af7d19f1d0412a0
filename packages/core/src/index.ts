/** Domain types, ports, error codes, limits and ids. Imports nothing. */

export { fromBase64Url, toBase64Url } from "./base64url.ts";
export type { BlobInfo, BlobStore } from "./blob-store.ts";
export type { CacheChange, CacheEntry, CacheStore } from "./cache-store.ts";
export { type Clock, type Ids, type Random, systemClock, systemRandom } from "./clock.ts";
export { decodeToken, encodeToken } from "./consistency.ts";
export type { DeepModels, Embedder, EmbedderDescription, EmbedOptions } from "./embedder.ts";
export type {
  Embedding,
  EmbeddingService,
  EmbedFailure,
  EmbedInput,
  EmbedRequest,
  EmbedResult,
  Modality,
  ModelState,
} from "./embedding.ts";
export {
  asNexusError,
  type ErrorCode,
  errorKind,
  type ErrorKind,
  ERRORS,
  NexusError,
  type NexusErrorOptions,
  type Problem,
} from "./errors.ts";
export { createEviction, EVICTION_NAMES, type EvictionName } from "./eviction/policy.ts";
export {
  allOf,
  equals,
  EVERYTHING,
  type Filter,
  type FilterSubject,
  matches,
  parseFilter,
  predicate,
} from "./filter.ts";
export { createIds, formatUuid, isUuid, NAMESPACE_BYTES } from "./ids.ts";
export { parseIsoTime } from "./iso-time.ts";
export { canonicalJson, type Json, type JsonObject } from "./json.ts";
export { LIMITS } from "./limits.ts";
export type { ApiKey, Receipt, Setting } from "./administration.ts";
export type { Entity, Reference, ReferenceType, Relation } from "./knowledge.ts";
export type { Feedback, Pattern, PatternType, Profile } from "./learnt.ts";
export type {
  Change,
  ChangeOp,
  Chunk,
  EntityType,
  FactKey,
  IdempotencyRow,
  Job,
  JobStatus,
  Memory,
  MemoryStatus,
  MemoryVersion,
  MentionedEntity,
  OutboxEntry,
  PartitionRow,
  StoredVector,
} from "./memory.ts";
export { partitionOf, type PartitionSeq, SHARED_PARTITION } from "./partition.ts";
export type {
  ChangeInput,
  ExportedRow,
  FindQuery,
  RangeQuery,
  RecordReader,
  RecordStore,
  RecordTx,
  Transacted,
} from "./record-store.ts";
export { equalBytes, seal, type Sign, unseal } from "./sealed.ts";
export { type Grant, GRANTS, type Subject, type SystemReason, type TenantScope } from "./scope.ts";
export {
  type IndexedTable,
  INDEXES,
  indexFields,
  type IndexName,
  type IndexValue,
  keyOf,
  type KeyPart,
  KEYS,
  type TableName,
  type Tables,
} from "./tables.ts";
export { type Labels, type LogFields, type LogLevel, silent, type Telemetry } from "./telemetry.ts";
export type {
  Neighbour,
  PointPayload,
  SparseVector,
  TermStatistics,
  VectorDescription,
  VectorHit,
  VectorPoint,
  VectorQuery,
  VectorStore,
} from "./vector-store.ts";
