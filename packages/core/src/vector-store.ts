/** The port of the search index: points with named dense vectors, one sparse vector and a payload to filter on. */

import type { Filter, FilterSubject } from "./filter.ts";
import type { TenantScope } from "./scope.ts";

/** Term ids, ascending and distinct, and a weight for each. */
export interface SparseVector {
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

/** What the index knows of the memory that a point belongs to. Its id is the memory's. */
export interface PointPayload extends FilterSubject {
  /** When what it tells of took place, milliseconds, half-open. */
  readonly occurredFrom?: number | undefined;
  readonly occurredTo?: number | undefined;
  /** Order of arrival in the partition: ties of `createdAt` within a session. */
  readonly addedSeq: number;
  readonly version: number;
}

/** One chunk of one memory. */
export interface VectorPoint {
  /** UUIDv5 of memory and chunk. */
  readonly pointId: string;
  readonly chunkIndex: number;
  /** Unit length, one for each named vector. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
  readonly sparse: SparseVector;
  readonly payload: PointPayload;
}

export interface VectorQuery {
  /** What to score by: a named dense vector (cosine) or a sparse one (dot product). */
  readonly by:
    | { readonly dense: { readonly name: string; readonly values: Float32Array } }
    | { readonly sparse: SparseVector };
  readonly filter: Filter;
  /** Score the points of these memories only, however low they score. */
  readonly among?: readonly string[] | undefined;
  /** Hits returned at most; sparse hits share a term with the query unless `among` names them. */
  readonly limit: number;
  /** Also name the memories up to this many places before and after each hit in its session. */
  readonly beside?: number | undefined;
}

export interface VectorHit {
  readonly pointId: string;
  readonly memoryId: string;
  readonly chunkIndex: number;
  readonly score: number;
  readonly payload: PointPayload;
  /** Sparse only: the point's weight for each id of the query, 0 where it lacks the term. */
  readonly matched?: Float32Array | undefined;
  /** Neighbours in the same session of the same user, ordered by createdAt, then arrival. */
  readonly beside?: readonly Neighbour[] | undefined;
}

/** A memory `offset` places after (negative: before) a hit. */
export interface Neighbour {
  readonly payload: PointPayload;
  readonly offset: number;
}

/** How many points the tenant has, and in how many of them each term occurs, in the order asked. */
export interface TermStatistics {
  readonly points: number;
  readonly frequencies: Uint32Array;
}

export interface VectorDescription {
  readonly points: number;
  readonly memories: number;
  readonly bytes: number;
  readonly supports: { readonly beside: boolean };
}

/** Writes are idempotent: a point is replaced whole, and removing what is not there does nothing. Both resolve once they would survive a crash. */
export interface VectorStore {
  /** Replaces all points of each memory that `points` names. */
  upsert(scope: TenantScope, points: readonly VectorPoint[]): Promise<void>;
  /**
   * `physically`: what was ever removed or replaced before is in no file of the tenant afterwards, copies set aside included.
   * Costs as much as reading and writing all that the tenant has.
   */
  remove(
    scope: TenantScope,
    memoryIds: readonly string[],
    options?: { readonly physically?: boolean | undefined },
  ): Promise<void>;
  /** Best first; ties by point id. */
  search(scope: TenantScope, query: VectorQuery): Promise<VectorHit[]>;
  terms(scope: TenantScope, ids: Uint32Array): Promise<TermStatistics>;
  describe(scope: TenantScope): Promise<VectorDescription>;
}
