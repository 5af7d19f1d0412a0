/** How every file of an index is laid out: a header that names kind, format and owner, then bodies, each behind its length and checksums. */

import { crc32 } from "node:zlib";

/** Counts on when files of one version cannot be read by another. Version 1 was a single log for each tenant. */
const VERSION = 2;

const MAGIC = { manifest: "NXVECMAN", log: "NXVECLOG", segment: "NXVECSEG", graph: "NXVECGRA" } as const;

type FileKind = keyof typeof MAGIC;

export interface FileIdentity {
  readonly kind: FileKind;
  /** Which of the owner's files it is, so that one put in another's place is refused. */
  readonly number: number;
  /** 32 bytes that stand for the tenant. */
  readonly owner: Uint8Array;
}

/** Bytes of a file's header: magic 8 · version u32 · number u32 · owner 32 · CRC-32 of all that u32. */
export const HEADER_BYTES = 52;
/** Bytes before each body: length u32 · CRC-32 of the body u32 · CRC-32 of those eight bytes u32. A multiple of 4, as the header is. */
export const FRAME_BYTES = 12;

export function fileHeader({ kind, number, owner }: FileIdentity): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC[kind], "latin1");
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(number, 12);
  header.set(owner, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 48)), 48);
  return header;
}

/** What is wrong with a file's beginning; undefined where it is as it must be. */
export function headerProblem(seen: Uint8Array, file: FileIdentity): string | undefined {
  const expected = fileHeader(file);
  const differs = (from: number, to: number): boolean =>
    Buffer.compare(expected.subarray(from, to), seen.subarray(from, to)) !== 0;
  if (seen.length < HEADER_BYTES) return `it ends after ${seen.length} bytes, within its header`;
  if (differs(0, 8)) return `it does not begin as a ${file.kind} does`;
  if (differs(8, 12)) return `its format version is not ${VERSION}`;
  return differs(12, HEADER_BYTES) ? "it is another file or another tenant's, or its header is damaged" : undefined;
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
