/** What callers ask for. Times are ISO 8601, in UTC when they name no offset. */

import type { Job } from "./responses.ts";

/** Whose memories a request is about; each part narrows it further. */
export interface Scope {
  readonly userId?: string | null | undefined;
  readonly agentId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
}

export interface NewMemory extends Scope {
  /** Kept verbatim, at most 1 MiB. */
  readonly content: string;
  readonly speaker?: string | null | undefined;
  /** When it was said; now, if left out. */
  readonly createdAt?: string | null | undefined;
  /** Any JSON object of at most 16 KiB and 4 levels. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly expiresAt?: string | null | undefined;
  readonly validFrom?: string | null | undefined;
  readonly validTo?: string | null | undefined;
  /** A UUID of the caller's own. */
  readonly id?: string | null | undefined;
  /** Any string, unique in the tenant: the same memory sent again under it is `unchanged`. */
  readonly externalId?: string | null | undefined;
}

/** The turns of a conversation, remembered one memory each. */
export interface Messages extends Scope {
  readonly messages: readonly {
    readonly role: string;
    readonly name?: string | null | undefined;
    readonly content: string;
    readonly createdAt?: string | null | undefined;
    readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  }[];
}

/** One memory, up to 1,000 of at most 16 users, or a conversation. */
export type RememberInput = NewMemory | readonly NewMemory[] | Messages;

export interface InvalidateRequest {
  /** Why it no longer holds; kept with the memory. */
  readonly reason: string;
  /** When it ceased to hold; now, when left out. */
  readonly validTo?: string | null | undefined;
}

/** Field → condition: a value, or `{ eq, ne, in, nin, gt, gte, lt, lte, contains, exists }`; `and`, `or`, `not` nest. */
type Filters = Readonly<Record<string, unknown>>;

export interface RecallRequest extends Scope {
  /** Results wanted, at most 200. */
  readonly k?: number | undefined;
  readonly mode?: "auto" | "fast" | "balanced" | "maxAccuracy" | undefined;
  readonly minScore?: number | undefined;
  readonly minConfidence?: number | undefined;
  readonly filters?: Filters | undefined;
  /** Answer as of this time. */
  readonly asOf?: string | undefined;
  /** A token of a write that the answer must include; left out, the client sends its latest of this user. */
  readonly consistency?: string | undefined;
  readonly maxStalenessMs?: number | undefined;
  readonly budgetMs?: number | undefined;
  /** Adds the weights that the scores were made with. */
  readonly explain?: boolean | undefined;
}

export interface SearchRequest extends RecallRequest {
  readonly query: string;
}

export interface ProcessRequest extends RecallRequest {
  readonly text: string;
  /** Whether the text is kept: `auto` keeps statements and not questions. */
  readonly remember?: "auto" | boolean | undefined;
  readonly speaker?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly createdAt?: string | undefined;
}

export interface ListRequest extends Scope {
  readonly filters?: Filters | undefined;
  readonly includeSuperseded?: boolean | undefined;
  /** Memories in a page, at most 200. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** What is left out stays as it is; `null` removes a value; `metadata` is replaced whole. */
export interface MemoryPatch {
  readonly content?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly speaker?: string | null | undefined;
  readonly validFrom?: string | null | undefined;
  readonly validTo?: string | null | undefined;
  readonly expiresAt?: string | null | undefined;
}

/** What to forget: the memories of one user, or with `confirm: "all"` and an admin key those of all. */
export interface ForgetRequest extends Scope {
  readonly filters?: Filters | undefined;
  readonly confirm?: "all" | undefined;
}

export interface ContextRequest extends Scope {
  readonly query: string;
  /** 50 to 32,000; 2,000 if left out. */
  readonly maxTokens?: number | undefined;
  /** All, if left out. */
  readonly levels?: readonly ("immediate" | "recent" | "longTerm")[] | undefined;
  readonly filters?: Filters | undefined;
  /** A token of a write that the context must include; left out, the client sends its latest of this user. */
  readonly consistency?: string | undefined;
  readonly budgetMs?: number | undefined;
}

/** An answer of the last day, or a search that is made again. */
export type ExplainRequest = { readonly memoryId: string } & ({ readonly queryId: string } | SearchRequest);

export interface EntitiesRequest {
  readonly userId?: string | undefined;
  readonly type?: "person" | "organization" | "location" | "technical" | "concept" | "tag" | undefined;
  /** Part of the name or of another spelling. */
  readonly q?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface GraphRequest {
  readonly userId?: string | undefined;
  /** An id or a name. */
  readonly entity: string;
  /** Steps away; 1, if left out. */
  readonly depth?: 1 | 2 | undefined;
  /** Nodes at most. */
  readonly limit?: number | undefined;
}

export interface FeedbackRequest {
  /** Of an answer of the last day. */
  readonly queryId: string;
  /** One of its results; left out, the rating is of the answer as a whole. */
  readonly memoryId?: string | null | undefined;
  /** 1 to 5 or a thumb; 3 takes an earlier rating back. */
  readonly rating: 1 | 2 | 3 | 4 | 5 | "up" | "down";
  readonly comment?: string | null | undefined;
}

export interface PatternsRequest {
  readonly userId?: string | undefined;
  readonly type?: "solution" | "preference" | "habit" | "trend" | undefined;
  readonly domain?: string | undefined;
  readonly limit?: number | undefined;
}

export interface TrendsRequest {
  readonly userId?: string | undefined;
  /** `week`, if left out. */
  readonly window?: "day" | "week" | "month" | undefined;
  readonly limit?: number | undefined;
}

export interface JobsRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, retries included; the client's `timeoutMs` if left out. */
  readonly timeoutMs?: number | undefined;
}

export interface WriteOptions extends CallOptions {
  /** Makes a repetition of this write harmless; a random one if left out. `null` sends none, and then nothing is retried. */
  readonly idempotencyKey?: string | null | undefined;
}

export interface PatchOptions extends WriteOptions {
  /** Change this version only: another one is `memory.version_conflict`. */
  readonly ifVersion?: number | undefined;
}

export interface WaitOptions extends CallOptions {
  /** Called with each state that was read. */
  readonly onProgress?: ((job: Job) => void) | undefined;
}
