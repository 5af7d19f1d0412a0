/** What callers ask of the memory service and what they get back: domain values, after validation and before the wire. */

import type { ContextService } from "./context/context-service.ts";
import type { EraseService } from "./erase/erase-service.ts";
import type { ModelService } from "./models/model-service.ts";
import type { InsightService } from "./engines/insight-service.ts";
import type { ExplainService } from "./explain/explain-service.ts";
import type { FeedbackService } from "./feedback/feedback-service.ts";
import type { GraphService } from "./graph/graph-service.ts";
import type { LifecycleService } from "./lifecycle/lifecycle-service.ts";
import type { TransferService } from "./transfer/transfer-service.ts";
import type { Complexity, Domain } from "@nexus/router";
import type {
  ErrorCode,
  Filter,
  Job,
  JsonObject,
  Memory,
  MemoryVersion,
  PartitionSeq,
  Subject,
  TenantScope,
} from "@nexus/core";

/** Who writes, and the idempotency key that the write came under, if any. */
export interface Writer {
  readonly scope: TenantScope;
  readonly keyId: string;
  readonly idempotency?: { readonly route: string; readonly key: string; readonly bodyHash: string } | undefined;
}

export interface NewMemory {
  readonly content: string;
  /** A UUID of the caller's, lower case. */
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  readonly userId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly speaker?: string | undefined;
  readonly createdAt?: Date | undefined;
  readonly validFrom?: Date | undefined;
  readonly validTo?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly metadata: JsonObject;
}

export type RememberEvent = "added" | "merged" | "superseded" | "unchanged" | "failed";

export interface RememberResult {
  readonly id: string | null;
  readonly event: RememberEvent;
  readonly relatedId: string | null;
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null;
}

export interface Remembered {
  /** In the order sent. */
  readonly results: readonly RememberResult[];
  /** For the consistency token: where each partition stands that this request wrote to. */
  readonly seqs: readonly PartitionSeq[];
  /** False when the vector store has yet to follow; reads overlay the difference until then. */
  readonly projected: boolean;
}

/** undefined leaves a field as it is, null removes it. `metadata` is replaced whole. */
export interface MemoryPatch {
  readonly content?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly speaker?: string | null | undefined;
  readonly validFrom?: Date | null | undefined;
  readonly validTo?: Date | null | undefined;
  readonly expiresAt?: Date | null | undefined;
}

export interface Patched {
  readonly memory: Memory;
  readonly seqs: readonly PartitionSeq[];
}

export interface Forgotten {
  readonly id: string;
  readonly seqs: readonly PartitionSeq[];
}

export interface ListRequest {
  readonly filter: Filter;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly includeSuperseded: boolean;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export type Mode = "auto" | "fast" | "balanced" | "maxAccuracy";
export type Path = "cache_only" | "smart" | "full" | "maximum";

export interface RecallRequest {
  readonly query: string;
  readonly userId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly k: number;
  readonly mode: Mode;
  /** Fused scores below it are cut. */
  readonly minScore: number;
  /** Escalate one step while the response's confidence is below it; undefined = the calibrated default. */
  readonly minConfidence?: number | undefined;
  readonly filter: Filter;
  readonly asOf?: Date | undefined;
  /** Consistency token of an earlier write. */
  readonly consistency?: string | undefined;
  readonly maxStalenessMs: number;
  readonly budgetMs: number;
  readonly explain: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Factors {
  readonly semantic: number;
  readonly keyword: number;
  readonly recency: number;
  readonly quality: number;
  readonly domain: number;
  readonly preference: number;
}

export type FactorName = keyof Factors;
export type SourceName = "cache" | "dense" | "sparse" | "session" | "graph" | "intelligence" | "mining";
type SkippedName = SourceName | "model" | "records" | "graph" | "accuracy" | "intelligence" | "learning" | "mining";

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

export interface RecallResult {
  readonly memory: Memory;
  readonly score: number;
  readonly confidence: number;
  readonly sources: readonly SourceName[];
  readonly factors: Factors & { readonly agreement: number };
  readonly explanation: string;
  readonly spans: readonly Span[];
  /** Ids of lower results that say the same and are left out, best first; absent without any. */
  readonly duplicates?: readonly string[];
}

export interface Skipped {
  readonly source: SkippedName;
  readonly reason: "deadline" | "error" | "unsupported";
  readonly elapsedMs: number;
  readonly code?: ErrorCode | undefined;
}

export interface Escalation {
  readonly from: Path;
  readonly to: Path;
  readonly before: number;
  readonly after: number;
}

export interface Analysis {
  readonly domain: Domain;
  readonly complexity: Complexity;
  readonly cacheProbability: number;
  readonly hasReference: boolean;
  readonly language: string;
  /** The caller's mode, or what this server has built, bounded the path below what was asked for. */
  readonly capped: boolean;
}

export interface RecallResponse {
  readonly queryId: string;
  readonly results: readonly RecallResult[];
  readonly confidence: number;
  readonly path: Path;
  readonly escalations: readonly Escalation[];
  readonly analysis: Analysis;
  readonly cache: {
    readonly tier: "l1" | "l2" | "l3" | null;
    /** The candidates of an earlier query in other words, ranked for this one. */
    readonly semantic: boolean;
    readonly ageMs: number | null;
    readonly seq: number | null;
  };
  readonly skipped: readonly Skipped[];
  /** The weight of each factor, when the request asked for explanations. */
  readonly weights?: Factors | undefined;
  readonly latencyMs: number;
  readonly timings: {
    readonly analyse: number;
    readonly embed: number;
    readonly search: number;
    readonly fuse: number;
    readonly network: number;
    readonly cold: number;
  };
  readonly usage: { readonly llmTokens: number };
}

/** What `process` keeps of the text: statements (`auto`), always, or never. */
export type RememberMode = "auto" | boolean;

export interface ProcessRequest extends RecallRequest {
  readonly remember: RememberMode;
  readonly speaker?: string | undefined;
  readonly metadata: JsonObject;
  readonly createdAt?: Date | undefined;
  /** To whom the caller is confined. The agent and session of the request say where the text is kept, not what is recalled. */
  readonly within?: Subject | undefined;
}

export interface ProcessResponse extends RecallResponse {
  readonly remembered: {
    readonly event: RememberEvent | "none";
    readonly id?: string | undefined;
    readonly relatedId?: string | undefined;
    readonly reason?: "question" | "off" | "empty" | undefined;
  };
  /** Where the partition stands after the write; empty when nothing was written. */
  readonly seqs: readonly PartitionSeq[];
}

export interface ForgetManyRequest {
  readonly filter: Filter;
  /** Not confined to one user: who reads of the job needs the rights of who asked for it. */
  readonly tenantWide?: boolean | undefined;
}

export interface JobsRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The whole of what the product does with memories. Every method takes its tenant from the scope alone. */
export interface MemoryService
  extends
    ContextService,
    ExplainService,
    GraphService,
    EraseService,
    ModelService,
    LifecycleService,
    FeedbackService,
    InsightService,
    TransferService {
  /**
   * Keeps memories. All or nothing up to 100; larger batches commit in sub-batches of 100 with one result per item.
   *
   * throws   memory.empty, memory.too_large, memory.time_invalid, memory.exists, body.invalid (more than 16 users),
   *          idempotency.mismatch, store.*
   */
  remember(writer: Writer, memories: readonly NewMemory[]): Promise<Remembered>;
  /** The same, later: the request is on disk and its job exists when this resolves. */
  rememberLater(writer: Writer, memories: readonly NewMemory[]): Promise<Job>;
  /** throws  memory.not_found, for an expired memory and for another tenant's too */
  get(scope: TenantScope, id: string): Promise<Memory>;
  /** Versions, oldest first. throws memory.not_found */
  history(scope: TenantScope, id: string): Promise<readonly MemoryVersion[]>;
  /** Newest `recordedAt` first. A page may be shorter than the limit and still have a successor. throws body.invalid for a cursor that is not ours */
  list(scope: TenantScope, request: ListRequest): Promise<Page<Memory>>;
  /** throws  memory.not_found, memory.version_conflict, and what `remember` throws for bad values */
  patch(
    writer: Writer,
    id: string,
    patch: MemoryPatch,
    options: { readonly ifVersion?: number | undefined },
  ): Promise<Patched>;
  /** Deletes the memory, its history and its vectors. throws memory.not_found */
  forget(writer: Writer, id: string): Promise<Forgotten>;
  countMatching(scope: TenantScope, request: ForgetManyRequest): Promise<number>;
  /** A job that forgets what matches and was recorded before now. */
  forgetMany(writer: Writer, request: ForgetManyRequest): Promise<Job>;
  /** throws  consistency.invalid, consistency.timeout, search.deadline, store.* */
  recall(scope: TenantScope, request: RecallRequest): Promise<RecallResponse>;
  /** Recalls, then keeps the text if `remember` says so; what it keeps is never among its own results. */
  process(writer: Writer, request: ProcessRequest): Promise<ProcessResponse>;
  /** throws  job.not_found */
  job(scope: TenantScope, id: string): Promise<Job>;
  jobs(scope: TenantScope, request: JobsRequest): Promise<Page<Job>>;
  /** The consistency token for a write's sequences; null when it wrote nothing. */
  token(scope: TenantScope, seqs: readonly PartitionSeq[]): string | null;
}
