/** The first half of a compaction: the live records of a log, copied into a new file while the old one is still written to. */

import { type LogHandle, readAt, writeAt } from "./files.node.ts";
import { HEADER_BYTES } from "./frame.node.ts";
import type { Extent } from "./live.ts";

/** Bytes copied at once. */
const COPY_BYTES = 4_194_304;

/**
 * Copies live records, which lie in file order, behind the header of `to`.
 *
 * returns  the new offset of each, and where the copy ends
 */
export async function copyLive(
  from: LogHandle,
  to: LogHandle,
  live: readonly Extent[],
): Promise<{ readonly moved: ReadonlyMap<Extent, number>; readonly end: number }> {
  const moved = new Map<Extent, number>();
  let end = HEADER_BYTES;
  let runStart = 0;
  let runBytes = 0;
  for (const extent of live) {
    if (extent.offset !== runStart + runBytes) {
      end = await copyRange(from, to, runStart, runBytes, end);
      runStart = extent.offset;
      runBytes = 0;
    }
    moved.set(extent, end + runBytes);
    runBytes += extent.bytes;
  }
  return { moved, end: await copyRange(from, to, runStart, runBytes, end) };
}

/** Copies a range of bytes and returns where the copy ends. */
export async function copyRange(
  from: LogHandle,
  to: LogHandle,
  start: number,
  bytes: number,
  target: number,
): Promise<number> {
  for (let done = 0; done < bytes; done += COPY_BYTES) {
    await writeAt(to, await readAt(from, start + done, Math.min(COPY_BYTES, bytes - done)), target + done);
  }
  return target + bytes;
}
