/** A memory as points of the vector store: from what was just prepared, or from its rows. */

import type { Chunk, Memory, RecordReader, StoredVector, VectorPoint } from "@nexus/core";
import { decodeSparse } from "@nexus/text";
import { payloadOf } from "../subject.ts";
import { type PreparedChunk, pointId } from "./prepare.ts";

/** The points of a memory as of its `seq`. */
export interface KnownPoints {
  readonly seq: number;
  readonly points: readonly VectorPoint[];
}

/** Of a memory just written, without reading it back. */
export function pointsOf(memory: Memory, chunks: readonly PreparedChunk[], vectorName: string): KnownPoints {
  const payload = payloadOf(memory);
  return {
    seq: memory.seq,
    points: chunks.map(({ sparse, vector }, chunkIndex) => ({
      pointId: pointId(memory.id, chunkIndex),
      chunkIndex,
      vectors: { [vectorName]: vector },
      sparse,
      payload,
    })),
  };
}

/** A named vector of the store, and the generation of the rows that it is made of. */
export interface StoredName {
  /** In the vector store. */
  readonly as: string;
  readonly name: string;
  readonly generation: number;
}

/** Of memories, from their chunk and vector rows: two reads by key, however many memories. A vector that is not there yet is left out. */
export async function loadPoints(
  reader: RecordReader,
  memories: readonly Memory[],
  names: readonly StoredName[],
): Promise<VectorPoint[]> {
  const owners = memories.flatMap((memory) =>
    Array.from({ length: memory.chunkCount }, (_, index) => ({ memory, index, pointId: pointId(memory.id, index) })),
  );
  if (owners.length === 0) return [];
  const [chunks, vectors] = await Promise.all([
    reader.get(
      "chunk",
      owners.map(({ memory, index }) => [memory.id, index]),
    ),
    reader.get(
      "vector",
      owners.flatMap((owner) => names.map(({ name, generation }) => [owner.pointId, name, generation])),
    ),
  ]);
  return owners.flatMap(({ memory }, i) => {
    const chunk = chunks[i];
    const own = names.flatMap(({ as }, n): [string, StoredVector][] => {
      const row = vectors[i * names.length + n];
      return row ? [[as, row]] : [];
    });
    return chunk ? [pointOf(memory, chunk, own)] : [];
  });
}

function pointOf(memory: Memory, chunk: Chunk, stored: readonly (readonly [string, StoredVector])[]): VectorPoint {
  // Copies: a view needs 4-byte alignment, which bytes from a driver need not have.
  const vectors = stored.map(([as, { data, dimension }]) => [as, new Float32Array(data.slice().buffer, 0, dimension)]);
  return {
    pointId: chunk.pointId,
    chunkIndex: chunk.index,
    vectors: Object.fromEntries(vectors) as Record<string, Float32Array>,
    sparse: decodeSparse(chunk.sparse),
    payload: payloadOf(memory),
  };
}
