/** Reads segments, block by block: first the catalogs, which say what counts, then the numbers. */

import type { BatchVectors, ColumnBatch } from "../column-batch.ts";
import { type Catalog, parseCatalog } from "./catalog.ts";
import { type LogHandle, readAt, readInto } from "./files.node.ts";
import { FRAME_BYTES, HEADER_BYTES, headerProblem, isIntact, readFrameHeader } from "./frame.node.ts";
import { corrupt } from "./log-errors.ts";

export interface SegmentFile {
  readonly path: string;
  readonly handle: LogHandle;
  readonly owner: Uint8Array;
  readonly number: number;
}

export interface Block {
  readonly catalog: Catalog;
  /** Where the frame of the numbers begins, and its length with the frame's header. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * The catalogs of a segment of `size` bytes, in order. The numbers are passed over.
 *
 * throws   `index.corrupt`
 */
export async function* readCatalogs(file: SegmentFile, size: number): AsyncIterable<Block> {
  const { path, handle } = file;
  const problem = headerProblem(await readAt(handle, 0, HEADER_BYTES), { ...file, kind: "segment" });
  if (problem) throw corrupt(path, problem);
  let at = HEADER_BYTES;
  while (at < size) {
    const { length } = frameOf(await readAt(handle, at, FRAME_BYTES), path, at);
    if (length > size - at) throw corrupt(path, `the block at byte ${at} is longer than the file`);
    const frame = await readAt(handle, at, FRAME_BYTES + length);
    const catalog = catalogOf(bodyOf(frame, length, path, at), path, at);
    const offset = at + FRAME_BYTES + length;
    const bytes = FRAME_BYTES + lengthOfNumbers(catalog);
    yield { catalog, offset, bytes };
    at = offset + bytes;
  }
  if (at !== size) throw corrupt(path, `it has ${size} bytes, its blocks ${at}`);
}

/**
 * A block with its numbers, which are views of `into` where that is large enough.
 *
 * throws   `index.corrupt`
 */
export async function readBlock(
  { path, handle }: Pick<SegmentFile, "path" | "handle">,
  { catalog, offset, bytes }: Block,
  into?: ArrayBuffer,
): Promise<ColumnBatch> {
  const buffer = into && into.byteLength >= bytes ? into : new ArrayBuffer(bytes);
  const frame = await readInto(handle, buffer, offset, bytes);
  const body = bodyOf(frame, bytes - FRAME_BYTES, path, offset);
  let at = body.byteOffset;
  const take = <T>(make: new (buffer: ArrayBuffer, offset: number, length: number) => T, length: number): T => {
    const part = new make(buffer, at, length);
    at += 4 * length;
    return part;
  };
  const vectors = catalog.vectors.map(([name, dimension, rows]): BatchVectors => ({
    name,
    dimension,
    points: take(Uint32Array, rows),
    values: take(Float32Array, rows * dimension),
  }));
  const offsets = take(Uint32Array, catalog.points + 1);
  return {
    memories: catalog.memories,
    vectors,
    sparse: { offsets, ids: take(Uint32Array, catalog.terms), weights: take(Float32Array, catalog.terms) },
  };
}

function lengthOfNumbers({ vectors, points, terms }: Catalog): number {
  const rows = vectors.reduce((sum, [, dimension, rows]) => sum + rows * (1 + dimension), 0);
  return 4 * (rows + points + 1 + 2 * terms);
}

function frameOf(header: Buffer, path: string, at: number): { readonly length: number; readonly checksum: number } {
  const frame = header.length < FRAME_BYTES ? undefined : readFrameHeader(header);
  if (!frame) throw corrupt(path, `the block at byte ${at} has a damaged header`);
  return frame;
}

function bodyOf(frame: Buffer, length: number, path: string, at: number): Buffer {
  const header = frameOf(frame, path, at);
  const body = frame.subarray(FRAME_BYTES);
  if (header.length !== length || body.length !== length || !isIntact(body, header.checksum)) {
    throw corrupt(path, `the block at byte ${at} fails its checksum`);
  }
  return body;
}

function catalogOf(body: Buffer, path: string, at: number): Catalog {
  try {
    return parseCatalog(body.toString());
  } catch (cause) {
    throw corrupt(path, `the catalog at byte ${at} makes no sense`, cause);
  }
}
