/** How a cached vector lies in a file: a frame with its length and checksums, then key, time and numbers. */

import { crc32 } from "node:zlib";
import type { CachedVector } from "./embedding-cache.ts";

export interface CacheRecord {
  readonly key: string;
  readonly value: CachedVector;
  readonly storedAt: number;
}

/** Bytes of a segment's beginning. Its last digit counts on when files of one version cannot be read by another. */
export const MAGIC: Buffer = Buffer.from("NXEMBC01", "latin1");

/** Before each body: its length u32 · its CRC-32 u32 · CRC-32 of those eight bytes u32. */
const FRAME_BYTES = 12;
const KEY_BYTES = 40;
/** Key 40 · milliseconds since the epoch f64 · tokens u32 · truncated u32; then the vector, f32 little-endian. */
const HEAD_BYTES = KEY_BYTES + 16;

export function encodeCacheRecord({ key, value, storedAt }: CacheRecord): Buffer {
  const { vector, tokens, truncated } = value;
  const record = Buffer.alloc(FRAME_BYTES + HEAD_BYTES + 4 * vector.length);
  const body = record.subarray(FRAME_BYTES);
  body.write(key, "hex");
  body.writeDoubleLE(storedAt, KEY_BYTES);
  body.writeUInt32LE(tokens, KEY_BYTES + 8);
  body.writeUInt32LE(truncated ? 1 : 0, KEY_BYTES + 12);
  for (let i = 0; i < vector.length; i++) body.writeFloatLE(vector[i] ?? 0, HEAD_BYTES + 4 * i);
  record.writeUInt32LE(body.length, 0);
  record.writeUInt32LE(crc32(body), 4);
  record.writeUInt32LE(crc32(record.subarray(0, 8)), 8);
  return record;
}

/**
 * Hands over the records of a segment up to the first damage: what a crash tore off is not missed in a cache.
 *
 * returns  where the good part ends; 0 for a file that is no segment of this version
 */
export function readCacheRecords(file: Buffer, visit: (record: CacheRecord, bytes: Buffer) => void): number {
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) return 0;
  let at = MAGIC.length;
  while (at + FRAME_BYTES <= file.length) {
    const frame = file.subarray(at, at + FRAME_BYTES);
    const length = frame.readUInt32LE(0);
    if (frame.readUInt32LE(8) !== crc32(frame.subarray(0, 8)) || length < HEAD_BYTES) return at;
    const end = at + FRAME_BYTES + length;
    const body = file.subarray(at + FRAME_BYTES, end);
    if (body.length < length || crc32(body) !== frame.readUInt32LE(4)) return at;
    visit(decodeBody(body), file.subarray(at, end));
    at = end;
  }
  return at;
}

function decodeBody(body: Buffer): CacheRecord {
  const vector = new Float32Array((body.length - HEAD_BYTES) / 4);
  for (let i = 0; i < vector.length; i++) vector[i] = body.readFloatLE(HEAD_BYTES + 4 * i);
  return {
    key: body.toString("hex", 0, KEY_BYTES),
    storedAt: body.readDoubleLE(KEY_BYTES),
    value: { vector, tokens: body.readUInt32LE(KEY_BYTES + 8), truncated: body.readUInt32LE(KEY_BYTES + 12) === 1 },
  };
}
