/** Turns points into columns, and cuts and joins columns. */

import type { VectorPoint } from "@nexus/core";
import type { BatchMemory, BatchVectors, ColumnBatch } from "../column-batch.ts";

/** A batch of which only some memories count: those whose byte in `live` is not 0; all without it. */
export interface Part {
  readonly batch: ColumnBatch;
  readonly live?: Uint8Array | undefined;
}

/** shapes  memories: the points of one memory each */
export function batchOf(memories: readonly (readonly VectorPoint[])[]): ColumnBatch {
  const points = memories.flat();
  const rowsOf = new Map<string, { readonly points: number[]; readonly rows: Float32Array[] }>();
  for (const [number, { vectors }] of points.entries()) {
    for (const [name, values] of Object.entries(vectors)) {
      const rows = rowsOf.get(name) ?? { points: [], rows: [] };
      rowsOf.set(name, rows);
      rows.points.push(number);
      rows.rows.push(values);
    }
  }
  const offsets = new Uint32Array(points.length + 1);
  for (const [i, { sparse }] of points.entries()) offsets[i + 1] = offsets[i]! + sparse.ids.length;
  const ids = new Uint32Array(offsets.at(-1)!);
  const weights = new Float32Array(ids.length);
  for (const [i, { sparse }] of points.entries()) {
    ids.set(sparse.ids, offsets[i]);
    weights.set(sparse.weights, offsets[i]);
  }
  return {
    memories: memories.map((own) => ({
      payload: own.at(-1)!.payload,
      points: own.map(({ pointId, chunkIndex }) => ({ pointId, chunkIndex })),
    })),
    vectors: [...rowsOf].map(([name, { points, rows }]) => {
      const dimension = rows[0]!.length;
      const values = new Float32Array(rows.length * dimension);
      for (const [i, row] of rows.entries()) values.set(fitting(row, dimension, name), i * dimension);
      return { name, dimension, points: Uint32Array.from(points), values };
    }),
    sparse: { offsets, ids, weights },
  };
}

/** The live memories of several batches, one after the other. Cost: copies every number once; a single batch without anything dead is returned as it is. */
export function gather(parts: readonly Part[]): ColumnBatch {
  const [only] = parts;
  if (only && parts.length === 1 && (!only.live || only.live.every((byte) => byte !== 0))) return only.batch;
  const memories: BatchMemory[] = [];
  const names = new Map<string, { dimension: number; rows: number }>();
  let points = 0;
  let terms = 0;
  const numbered = parts.map(({ batch, live }) => {
    const numbers = newNumbers(batch, live, points);
    for (const [i, memory] of batch.memories.entries()) if (!live || live[i] !== 0) memories.push(memory);
    for (const [i, number] of numbers.entries()) {
      if (number < 0) continue;
      points++;
      terms += batch.sparse.offsets[i + 1]! - batch.sparse.offsets[i]!;
    }
    for (const { name, dimension, points } of batch.vectors) {
      const rows = points.reduce((sum, point) => sum + (numbers[point]! < 0 ? 0 : 1), 0);
      if (rows === 0) continue;
      const known = names.get(name) ?? { dimension, rows: 0 };
      if (known.dimension !== dimension)
        throw new Error(`"${name}" has ${known.dimension} and ${dimension} dimensions`);
      known.rows += rows;
      names.set(name, known);
    }
    return { batch, numbers };
  });
  return {
    memories,
    vectors: [...names].map(([name, { dimension, rows }]) => gatherRows(name, dimension, rows, numbered)),
    sparse: gatherTerms(points, terms, numbered),
  };
}

/** Bytes of the numbers of a batch. */
export function numberBytes({ vectors, sparse }: ColumnBatch): number {
  const rows = vectors.reduce((sum, { points, values }) => sum + points.byteLength + values.byteLength, 0);
  return rows + sparse.offsets.byteLength + 2 * sparse.ids.byteLength;
}

interface Numbered {
  readonly batch: ColumnBatch;
  /** Point → its number in the result, -1 where its memory is dead. */
  readonly numbers: Int32Array;
}

function newNumbers({ memories, sparse }: ColumnBatch, live: Uint8Array | undefined, first: number): Int32Array {
  const numbers = new Int32Array(sparse.offsets.length - 1);
  let at = 0;
  let next = first;
  for (const [i, { points }] of memories.entries()) {
    const counts = !live || live[i] !== 0;
    for (let p = 0; p < points.length; p++) numbers[at++] = counts ? next++ : -1;
  }
  return numbers;
}

function gatherRows(name: string, dimension: number, rows: number, parts: readonly Numbered[]): BatchVectors {
  const points = new Uint32Array(rows);
  const values = new Float32Array(rows * dimension);
  let at = 0;
  for (const { batch, numbers } of parts) {
    const own = batch.vectors.find((vectors) => vectors.name === name);
    for (const [row, point] of own?.points.entries() ?? []) {
      const number = numbers[point]!;
      if (number < 0) continue;
      points[at] = number;
      values.set(own!.values.subarray(row * dimension, (row + 1) * dimension), at++ * dimension);
    }
  }
  return { name, dimension, points, values };
}

function gatherTerms(points: number, terms: number, parts: readonly Numbered[]): ColumnBatch["sparse"] {
  const offsets = new Uint32Array(points + 1);
  const ids = new Uint32Array(terms);
  const weights = new Float32Array(terms);
  for (const { batch, numbers } of parts) {
    for (const [point, number] of numbers.entries()) {
      if (number < 0) continue;
      const [from, to] = [batch.sparse.offsets[point]!, batch.sparse.offsets[point + 1]!];
      const start = offsets[number]!;
      ids.set(batch.sparse.ids.subarray(from, to), start);
      weights.set(batch.sparse.weights.subarray(from, to), start);
      offsets[number + 1] = start + to - from;
    }
  }
  return { offsets, ids, weights };
}

function fitting(row: Float32Array, dimension: number, name: string): Float32Array {
  if (row.length !== dimension) throw new Error(`"${name}" has ${dimension} and ${row.length} dimensions`);
  return row;
}
