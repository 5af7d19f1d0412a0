/** Brings segments into the index in memory. */

import { constants } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ColumnBatch } from "../column-batch.ts";
import { gather } from "./columns.ts";
import { type LogHandle } from "./files.node.ts";
import type { LiveFile } from "./file-set.node.ts";
import type { LiveMemories } from "./live.ts";
import { corrupt, isFull } from "./log-errors.ts";
import { fileName, type Folder } from "./manifest.node.ts";
import { type Block, readBlock, readCatalogs, type SegmentFile } from "./segment-reader.node.ts";

/** A block of which something counts, and which of its memories do. */
interface LiveBlock {
  readonly file: SegmentFile;
  readonly block: Block;
  readonly live: Uint8Array;
}

export interface SegmentTarget {
  readonly live: LiveMemories;
  readonly load: (batch: ColumnBatch) => Promise<void>;
}

/**
 * Catalogs from the newest segment to the oldest, so that the newest version of each memory is known; then the
 * numbers from the oldest to the newest, of blocks of which something counts.
 *
 * cost     every byte is read once, while the block before it is taken in; the event loop turns between blocks
 * throws   `index.corrupt`
 */
export async function loadSegments(
  folder: Folder,
  segments: readonly LiveFile[],
  target: SegmentTarget,
): Promise<void> {
  const handles: LogHandle[] = [];
  try {
    const blocks: LiveBlock[] = [];
    const removed = new Set<string>();
    for (const segment of segments.toReversed()) {
      const path = join(folder.path, fileName(segment));
      const handle = await folder.openFile(path, constants.O_RDONLY, 0);
      handles.push(handle);
      const file = { path, handle, owner: folder.owner, number: segment.number };
      const own: LiveBlock[] = [];
      const gone: string[] = [];
      for await (const block of readCatalogs(file, segment.bytes)) {
        const { memories, removed: ids } = block.catalog;
        const live = Uint8Array.from(memories, ({ payload: { id } }) =>
          !removed.has(id) && target.live.claim(id, segment.rows) ? 1 : 0,
        );
        segment.rows.memories += memories.length;
        segment.rows.removed += ids.length;
        gone.push(...ids);
        if (live.includes(1)) own.push({ file, block, live });
      }
      for (const id of gone) removed.add(id);
      blocks.unshift(...own);
    }
    await loadBlocks(blocks, target.load);
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/** Reads each block into one of two buffers while the block in the other is taken in. */
async function loadBlocks(blocks: readonly LiveBlock[], load: SegmentTarget["load"]): Promise<void> {
  const largest = blocks.reduce((most, { block }) => Math.max(most, block.bytes), 0);
  const buffers = [new ArrayBuffer(largest), new ArrayBuffer(blocks.length > 1 ? largest : 0)] as const;
  const read = (i: number): Promise<ColumnBatch> | undefined => {
    const next = blocks[i];
    const reading = next && readBlock(next.file, next.block, buffers[i % 2 === 0 ? 0 : 1]);
    // Awaited in its turn; until then a failure is not to count as unhandled.
    reading?.catch(() => undefined);
    return reading;
  };
  let coming = read(0);
  const loading: Promise<void>[] = [];
  for (const [i, { file, live }] of blocks.entries()) {
    const batch = await coming!;
    coming = read(i + 1);
    const loaded = load(gather([{ batch, live }])).catch((cause: unknown) => {
      throw isFull(cause) ? cause : corrupt(file.path, "a block of it does not go with those before", cause);
    });
    // Awaited at the end.
    loaded.catch(() => undefined);
    loading.push(loaded);
    await setImmediate();
  }
  await Promise.all(loading);
}
