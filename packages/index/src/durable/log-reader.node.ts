/** Reads a log from its beginning and says where its good part ends. */

import { type LogHandle, readAt } from "./files.node.ts";
import {
  type FileIdentity,
  FRAME_BYTES,
  HEADER_BYTES,
  headerProblem,
  isIntact,
  readFrameHeader,
} from "./frame.node.ts";
import { corrupt } from "./log-errors.ts";
import { decodeRecord, type LogRecord } from "./record.ts";

/** Bytes read at once: large enough that reading is not felt, small enough to hold beside the index. */
const WINDOW_BYTES = 4_194_304;

export interface LogFile {
  readonly path: string;
  readonly handle: LogHandle;
  readonly owner: Uint8Array;
  readonly number: number;
}

/**
 * Hands every record to `visit` in order, up to the byte `size`. A record's arrays are views of memory of its own.
 *
 * returns  where the last good record ends: less than `size` where its tail was torn by a crash
 *          (a record that is not all there, or nothing but zeros)
 * throws   `index.corrupt` for any other damage: what was acknowledged must not go missing without a word
 */
export async function readLog(
  { path, handle, owner, number }: LogFile,
  size: number,
  visit: (record: LogRecord, bytes: number) => void,
): Promise<number> {
  const identity: FileIdentity = { kind: "log", number, owner };
  const problem = headerProblem(await readAt(handle, 0, Math.min(size, HEADER_BYTES)), identity);
  if (problem) throw corrupt(path, problem);
  let offset = HEADER_BYTES;
  let windowBytes = WINDOW_BYTES;
  while (offset < size) {
    const window = await readAt(handle, offset, Math.min(size - offset, windowBytes));
    if (window.length === 0) return offset;
    let at = 0;
    let needed = FRAME_BYTES;
    while (at + needed <= window.length) {
      const frame = readFrameHeader(window.subarray(at, at + FRAME_BYTES));
      if (!frame) {
        if (await isZero(handle, offset + at, size)) return offset + at;
        throw corrupt(path, `the record at byte ${offset + at} has a damaged header`);
      }
      needed = FRAME_BYTES + frame.length;
      if (at + needed > window.length) break;
      const body = window.subarray(at + FRAME_BYTES, at + needed);
      if (!isIntact(body, frame.checksum)) throw corrupt(path, `the record at byte ${offset + at} fails its checksum`);
      visit(recordOf(body, path, offset + at), needed);
      at += needed;
      needed = FRAME_BYTES;
    }
    if (offset + at + needed > size) return offset + at;
    offset += at;
    windowBytes = Math.max(WINDOW_BYTES, needed);
  }
  return offset;
}

function recordOf(body: Buffer, path: string, offset: number): LogRecord {
  try {
    return decodeRecord(body);
  } catch (cause) {
    throw corrupt(path, `the record at byte ${offset} makes no sense`, cause);
  }
}

async function isZero(handle: LogHandle, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; at += WINDOW_BYTES) {
    const window = await readAt(handle, at, Math.min(to - at, WINDOW_BYTES));
    if (window.some((byte) => byte !== 0)) return false;
  }
  return true;
}
