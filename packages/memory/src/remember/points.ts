/** A memory as points of the vector store: from what was just prepared, or from its rows. */

import type { Chunk, Memory, RecordReader, StoredVector, VectorPoint } from "@nexus/core";
import { decodeSparse } from "@nexus/text";
import { payloadOf } from "../subject.ts";
import { type PreparedChunk, pointId } from "./prepare.ts";
import { GENERATION } from "./rows.ts";

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

/** Of memories, from their chunk and vector rows: two reads by key, however many memories. */
export async function loadPoints(
  reader: RecordReader,
  memories: readonly Memory[],
  vectorName: string,
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
      owners.map((owner) => [owner.pointId, vectorName, GENERATION]),
    ),
  ]);
  return owners.flatMap(({ memory }, i) => {
    const chunk = chunks[i];
    const vector = vectors[i];
    return chunk && vector ? [pointOf(memory, chunk, vector)] : [];
  });
}

function pointOf(memory: Memory, chunk: Chunk, stored: StoredVector): VectorPoint {
  // A copy: a view needs 4-byte alignment, which bytes from a driver need not have.
  const values = new Float32Array(stored.data.slice().buffer, 0, stored.dimension);
  return {
    pointId: chunk.pointId,
    chunkIndex: chunk.index,
    vectors: { [stored.name]: values },
    sparse: decodeSparse(chunk.sparse),
    payload: payloadOf(memory),
  };
}
