/** What a search source is: given the query, it finds evidence that memories are relevant. One file a source. */

import type { Filter, PointPayload, SparseVector, TenantScope, VectorStore } from "@nexus/core";
import type { SourceName } from "../requests.ts";

/** What sources need of the vector store. */
export type Searched = Pick<VectorStore, "search" | "terms" | "describe">;

/** The query's vector under its name in the store. */
export interface DenseQuery {
  readonly name: string;
  readonly values: Float32Array;
}

/** The query as sources see it. */
export interface SearchContext {
  readonly scope: TenantScope;
  readonly vectors: Searched;
  readonly filter: Filter;
  /** By the built-in model, */
  readonly dense: DenseQuery;
  /** and by the deep one, where the tenant has vectors of one and there was time. */
  readonly deep?: (DenseQuery & { readonly unrelatedCosine: number }) | undefined;
  /** The query's term ids, each weighted by its inverse document frequency in the tenant. */
  readonly sparse: SparseVector;
  /** Runs of its words that may name an entity, as name keys. */
  readonly names?: readonly string[] | undefined;
  readonly limits: SourceLimits;
  /** Score these memories only, however low they score. */
  readonly among?: readonly string[] | undefined;
}

export interface SourceLimits {
  readonly dense: number;
  readonly sparse: number;
  readonly session: number;
  /** Memories beside hits that become candidates. */
  readonly beside: number;
  readonly graph: number;
  /** Of the graph source. */
  readonly hops: 1 | 2;
}

/** What one source knows of one memory. Raw scores, each in its source's own unit. */
export interface Evidence {
  readonly payload: PointPayload;
  /** Cosine of the best chunk, by the built-in model and by the deep one. */
  readonly cosine?: number | undefined;
  readonly deepCosine?: number | undefined;
  /** BM25 of the best chunk. */
  readonly bm25?: number | undefined;
  /** What an engine learnt of it for queries like this, 0…1. */
  readonly learnt?: number | undefined;
  /** Why the engine brought it. */
  readonly reason?: string | undefined;
  /** Which chunk that is; absent when the evidence is of the memory as a whole. */
  readonly chunkIndex?: number | undefined;
  /** Cues of the best chunk, as bits in the order of `CUES`. */
  readonly cues?: number | undefined;
  /** Activation in the graph of entities, and the name that most of it came over. */
  readonly graph?: number | undefined;
  readonly link?: string | undefined;
  /** BM25 of the turn before if that asks something. */
  readonly answers?: number | undefined;
}

export interface Finding {
  readonly evidence: readonly Evidence[];
  /** BM25 of whole sessions, by `sessionKey`. */
  readonly sessions?: ReadonlyMap<string, number>;
  /** BM25 of memories together with the turns beside them, by memory. */
  readonly beside?: ReadonlyMap<string, number>;
}

export interface Source {
  readonly name: Exclude<SourceName, "cache">;
  readonly timeoutMs: number;
  find(context: SearchContext): Promise<Finding>;
}

/** A session belongs to one user: two users may use the same session id. */
export function sessionKey({ userId, sessionId }: PointPayload): string | undefined {
  return sessionId === undefined ? undefined : `${userId ?? ""}\0${sessionId}`;
}
