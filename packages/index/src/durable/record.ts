/** The body of one log record: a change to one memory as bytes, and back. */

import type { PointPayload, VectorPoint } from "@nexus/core";

/** What the log holds. All points of an upsert belong to one memory; there is at least one. */
export type LogRecord =
  | { readonly kind: "upsert"; readonly points: readonly VectorPoint[] }
  | { readonly kind: "remove"; readonly memoryId: string };

/** The JSON part of an upsert: everything but the numbers, which follow it in this order. */
interface UpsertHead {
  readonly payload: PointPayload;
  readonly points: readonly {
    readonly id: string;
    readonly chunk: number;
    readonly vectors: readonly (readonly [name: string, dimension: number])[];
    readonly terms: number;
  }[];
}

const UPSERT = 1;
const REMOVE = 2;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function memoryIdOf(record: LogRecord): string {
  return record.kind === "remove" ? record.memoryId : record.points[0]!.payload.id;
}

/**
 * layout   kind u32 · JSON length u32 · JSON, padded to 4 bytes · for each point: vectors f32, term ids u32, weights f32; all little endian
 * cost     one pass; length a multiple of 4
 */
export function encodeRecord(record: LogRecord): Uint8Array {
  const points = record.kind === "upsert" ? record.points : [];
  const head = record.kind === "upsert" ? headOf(record.points) : { id: record.memoryId };
  const json = encoder.encode(JSON.stringify(head));
  const numbers = points.flatMap(({ vectors, sparse }) => [...Object.values(vectors), sparse.ids, sparse.weights]);
  const start = 8 + padded(json.length);
  const body = new Uint8Array(numbers.reduce((sum, part) => sum + part.byteLength, start));
  new Uint32Array(body.buffer, 0, 2).set([record.kind === "upsert" ? UPSERT : REMOVE, json.length]);
  body.set(json, 8);
  let at = start;
  for (const part of numbers) {
    body.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return body;
}

/**
 * shapes   body: begins at a multiple of 4 in its buffer; the record's arrays are views of it
 * throws   a plain Error for anything that `encodeRecord` did not write
 */
export function decodeRecord(body: Uint8Array): LogRecord {
  const [kind, jsonLength] = new Uint32Array(body.buffer, body.byteOffset, 2);
  const json: unknown = JSON.parse(decoder.decode(body.subarray(8, 8 + jsonLength!)));
  if (kind === REMOVE) return { kind: "remove", memoryId: (json as { id: string }).id };
  if (kind !== UPSERT) throw new Error(`kind ${kind}`);
  const { payload, points } = json as UpsertHead;
  let at = body.byteOffset + 8 + padded(jsonLength!);
  const take = <T>(make: new (buffer: ArrayBufferLike, offset: number, length: number) => T, length: number): T => {
    const part = new make(body.buffer, at, length);
    at += 4 * length;
    return part;
  };
  const decoded = points.map(({ id, chunk, vectors, terms }): VectorPoint => ({
    pointId: id,
    chunkIndex: chunk,
    vectors: Object.fromEntries(vectors.map(([name, dimension]) => [name, take(Float32Array, dimension)])),
    sparse: { ids: take(Uint32Array, terms), weights: take(Float32Array, terms) },
    payload,
  }));
  if (at !== body.byteOffset + body.length) throw new Error("numbers end early or late");
  return { kind: "upsert", points: decoded };
}

function headOf(points: readonly VectorPoint[]): UpsertHead {
  return {
    payload: points.at(-1)!.payload,
    points: points.map(({ pointId, chunkIndex, vectors, sparse }) => ({
      id: pointId,
      chunk: chunkIndex,
      vectors: Object.entries(vectors).map(([name, values]) => [name, values.length] as const),
      terms: sparse.ids.length,
    })),
  };
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
