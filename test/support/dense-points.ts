/** Points and column batches of one dense vector each, named "e", for tests of the vector index. */

import { EVERYTHING, type Filter, type VectorHit, type VectorPoint, type VectorQuery } from "@nexus/core";

/** Ids that sort as their numbers do. */
export function idOf(number: number): string {
  return `m${String(number).padStart(6, "0")}`;
}

export function pointOf(id: string, values: Float32Array): VectorPoint {
  return {
    pointId: `${id}-0`,
    chunkIndex: 0,
    vectors: { e: values },
    sparse: { ids: new Uint32Array(0), weights: new Float32Array(0) },
    payload: payloadOf(id),
  };
}

/** Memories `first`, `first + 1` … with one point for each vector, as columns. */
export function batchOf(vectors: readonly Float32Array[], first: number = 0): DenseBatch {
  return {
    memories: vectors.map((_, i) => ({
      payload: payloadOf(idOf(first + i)),
      points: [{ pointId: `${idOf(first + i)}-0`, chunkIndex: 0 }],
    })),
    vectors: [
      {
        name: "e",
        dimension: vectors[0]!.length,
        points: Uint32Array.from({ length: vectors.length }, (_, i) => i),
        values: Float32Array.from(vectors.flatMap((vector) => [...vector])),
      },
    ],
    sparse: { offsets: new Uint32Array(vectors.length + 1), ids: new Uint32Array(0), weights: new Float32Array(0) },
  };
}

export function queryOf(values: Float32Array, limit: number = 10, filter: Filter = EVERYTHING): VectorQuery {
  return { by: { dense: { name: "e", values } }, filter, limit };
}

export function idsOf(hits: readonly VectorHit[]): string[] {
  return hits.map(({ memoryId }) => memoryId);
}

/** What `load` takes. */
export interface DenseBatch {
  readonly memories: readonly {
    readonly payload: VectorPoint["payload"];
    readonly points: readonly { readonly pointId: string; readonly chunkIndex: number }[];
  }[];
  readonly vectors: readonly {
    readonly name: string;
    readonly dimension: number;
    readonly points: Uint32Array;
    readonly values: Float32Array;
  }[];
  readonly sparse: { readonly offsets: Uint32Array; readonly ids: Uint32Array; readonly weights: Float32Array };
}

/** `third`: the number modulo 3. */
function payloadOf(id: string): VectorPoint["payload"] {
  return {
    id,
    addedSeq: 1,
    version: 1,
    language: "en",
    createdAt: 0,
    recordedAt: 0,
    updatedAt: 0,
    metadata: { third: Number(id.slice(1)) % 3 },
  };
}
