/** Many memories with their points as columns: how segments hold them on disk, and how the index takes them in at once. */

import type { PointPayload } from "@nexus/core";

export interface BatchMemory {
  readonly payload: PointPayload;
  /** In the order of their running numbers: the first memory's points come first, counted from 0. */
  readonly points: readonly { readonly pointId: string; readonly chunkIndex: number }[];
}

/** Rows of one named vector. `points` ascends: which point each row belongs to; a point may have none. */
export interface BatchVectors {
  readonly name: string;
  readonly dimension: number;
  readonly points: Uint32Array;
  /** shapes  [points.length · dimension] f32, unit length each */
  readonly values: Float32Array;
}

/** Distinct memories, in the order in which they were written. Whoever is given one may keep its memories, but copies the numbers: their memory is used again. */
export interface ColumnBatch {
  readonly memories: readonly BatchMemory[];
  /** Each name once. */
  readonly vectors: readonly BatchVectors[];
  /** The terms of point p are those from `offsets[p]` up to `offsets[p + 1]`, ids ascending. */
  readonly sparse: { readonly offsets: Uint32Array; readonly ids: Uint32Array; readonly weights: Float32Array };
}
