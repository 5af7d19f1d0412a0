/** Reads a log from its beginning and says where its good part ends. */

import { type LogHandle, readAt } from "./files.node.ts";
import { FRAME_BYTES, HEADER_BYTES, headerProblem, isIntact, readFrameHeader } from "./frame.node.ts";
import { corrupt } from "./log-errors.ts";

/** Bytes read at once: large enough that reading is not felt, small enough to hold beside the index. */
const WINDOW_BYTES = 4_194_304;

/** A record's body where it lies in the file; `offset` is that of its frame header, `bytes` includes it. */
export interface Framed {
  readonly body: Buffer;
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Hands every record to `visit` in order.
 *
 * returns  where the last good record ends: less than the file's size where its tail was torn by a crash
 *          (a record that is not all there, or nothing but zeros), 0 where not even the header is whole
 * throws   `index.corrupt` for any other damage: what was acknowledged must not go missing without a word
 */
export async function readLog(
  { path, handle, owner }: { readonly path: string; readonly handle: LogHandle; readonly owner: Uint8Array },
  visit: (record: Framed) => void,
): Promise<number> {
  const { size } = await handle.stat();
  const header = await readAt(handle, 0, Math.min(size, HEADER_BYTES));
  const problem = headerProblem(header, owner);
  if (problem) throw corrupt(path, problem);
  if (size < HEADER_BYTES) return 0;
  let offset = HEADER_BYTES;
  let windowBytes = WINDOW_BYTES;
  while (offset < size) {
    const window = await readAt(handle, offset, Math.min(size - offset, windowBytes));
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
      visit({ body, offset: offset + at, bytes: needed });
      at += needed;
      needed = FRAME_BYTES;
    }
    if (offset + at + needed > size) return offset + at;
    offset += at;
    windowBytes = Math.max(WINDOW_BYTES, needed);
  }
  return offset;
}

async function isZero(handle: LogHandle, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; at += WINDOW_BYTES) {
    const window = await readAt(handle, at, Math.min(to - at, WINDOW_BYTES));
    if (window.some((byte) => byte !== 0)) return false;
  }
  return true;
}
