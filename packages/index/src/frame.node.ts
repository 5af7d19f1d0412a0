/** How a log file is laid out: a header that names format and owner, then records, each behind lengths and checksums. */

import { crc32 } from "node:zlib";

const MAGIC = "NXVECLOG";
const VERSION = 1;

/** Bytes of the file's header: magic 8 · version u32 · CRC-32 of the owner u32 · owner 32. */
export const HEADER_BYTES = 48;
/** Bytes before each record's body: length u32 · CRC-32 of the body u32 · CRC-32 of those eight bytes u32. */
export const FRAME_BYTES = 12;

/** shapes  owner: 32 bytes that stand for the tenant, so that a file put in another's place is refused */
export function fileHeader(owner: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, "latin1");
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(crc32(owner), 12);
  header.set(owner, 16);
  return header;
}

/** What is wrong with a file's beginning; undefined where it is that of this owner's log, or a piece of it. */
export function headerProblem(seen: Uint8Array, owner: Uint8Array): string | undefined {
  const expected = fileHeader(owner).subarray(0, seen.length);
  const differs = (from: number, to: number): boolean =>
    Buffer.compare(expected.subarray(from, to), seen.subarray(from, to)) !== 0;
  if (differs(0, 8)) return "it does not begin as a vector log does";
  if (differs(8, 12)) return `its format version is not ${VERSION}`;
  return differs(12, HEADER_BYTES) ? "it belongs to another tenant, or its header is damaged" : undefined;
}

export function frameHeader(body: Uint8Array): Buffer {
  const header = Buffer.alloc(FRAME_BYTES);
  header.writeUInt32LE(body.length, 0);
  header.writeUInt32LE(crc32(body), 4);
  header.writeUInt32LE(crc32(header.subarray(0, 8)), 8);
  return header;
}

/** Length and checksum of the body that follows; undefined where the header is damaged. */
export function readFrameHeader(header: Buffer): { readonly length: number; readonly checksum: number } | undefined {
  if (header.readUInt32LE(8) !== crc32(header.subarray(0, 8))) return undefined;
  return { length: header.readUInt32LE(0), checksum: header.readUInt32LE(4) };
}

export function isIntact(body: Uint8Array, checksum: number): boolean {
  return crc32(body) === checksum;
}
