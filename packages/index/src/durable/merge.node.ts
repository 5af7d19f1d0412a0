/** Makes one segment of several files, from nothing but files: the same whether a worker does it or not. */

import { constants } from "node:fs";
import { join } from "node:path";
import type { VectorPoint } from "@nexus/core";
import { batchOf } from "./columns.ts";
import { createFile, type OpenFile, withFile } from "./files.node.ts";
import { corrupt } from "./log-errors.ts";
import { readLog } from "./log-reader.node.ts";
import { fileName, type ManifestFile } from "./manifest.node.ts";
import { memoryIdOf } from "./record.ts";
import { readBlock, readCatalogs } from "./segment-reader.node.ts";
import { SegmentWriter } from "./segment-writer.node.ts";

export interface MergeTask {
  readonly folder: string;
  readonly owner: Uint8Array;
  /** Neighbours, in the order of their age. */
  readonly inputs: readonly ManifestFile[];
  /** All files behind them: what these hold of a memory is newer. */
  readonly later: readonly ManifestFile[];
  /** Number of the segment that is made. */
  readonly output: number;
  /** Whether files before the inputs exist: then ids of removed memories are kept. */
  readonly hasEarlier: boolean;
}

export interface MergeResult {
  /** Length of the segment, all of it on disk; 0 where nothing was left to write and there is no file. */
  readonly bytes: number;
  readonly memories: number;
  readonly removed: number;
}

/** Records of a log turned into columns at once, so that no more than these are held twice. */
const RECORDS_AT_ONCE = 1_024;

/**
 * cost     every input is read once and its catalogs twice; of later files logs and catalogs are read
 * throws   `index.corrupt` for a damaged file, and what the file system throws
 */
export async function merge(task: MergeTask, openFile: OpenFile, signal?: AbortSignal): Promise<MergeResult> {
  const claims = await claim(task, openFile, signal);
  if (!claims.left) return { bytes: 0, memories: 0, removed: 0 };
  const path = join(task.folder, fileName({ kind: "segment", number: task.output }));
  return await withFile(await createFile(openFile, path), async (handle) => {
    const writer = new SegmentWriter({ path, handle, owner: task.owner, number: task.output });
    for (const input of task.inputs) {
      const live = claims.liveOf.get(input)!;
      await (input.kind === "segment" ? copySegment(input, live) : copyLog(input, live));
    }
    const bytes = await writer.finish(claims.removed);
    return { bytes, memories: writer.memories, removed: writer.removed };

    async function copySegment(input: ManifestFile, live: readonly boolean[]): Promise<void> {
      let first = 0;
      await opened(task, input, openFile, async (file) => {
        for await (const block of readCatalogs(file, input.bytes)) {
          signal?.throwIfAborted();
          const own = Uint8Array.from(block.catalog.memories, (_, i) => (live[first + i] ? 1 : 0));
          first += own.length;
          if (own.includes(1)) await writer.add({ batch: await readBlock(file, block), live: own });
        }
      });
    }

    async function copyLog(input: ManifestFile, live: readonly boolean[]): Promise<void> {
      const memories: (readonly VectorPoint[])[] = [];
      let number = 0;
      await opened(task, input, openFile, async (file) => {
        await readWholeLog(file, input.bytes, (record) => {
          if (record.kind === "upsert" && live[number]) memories.push(record.points);
          number++;
        });
      });
      for (let i = 0; i < memories.length; i += RECORDS_AT_ONCE) {
        signal?.throwIfAborted();
        await writer.add({ batch: batchOf(memories.slice(i, i + RECORDS_AT_ONCE)) });
      }
    }
  });
}

interface Claims {
  /** For each input, whether each of its memories (of a log: records) is the newest there is. */
  readonly liveOf: ReadonlyMap<ManifestFile, readonly boolean[]>;
  readonly removed: readonly string[];
  /** Whether anything is left to write. */
  readonly left: boolean;
}

/** From the newest file to the oldest: the first to speak of a memory decides. */
async function claim(task: MergeTask, openFile: OpenFile, signal?: AbortSignal): Promise<Claims> {
  const decided = new Set<string>();
  const liveOf = new Map<ManifestFile, boolean[]>();
  const removed: string[] = [];
  let left = false;
  for (const file of [...task.inputs, ...task.later].reverse()) {
    const isInput = task.inputs.includes(file);
    const entries = await idsOf(task, file, openFile, signal);
    const live = entries.map(() => false);
    for (let i = entries.length - 1; i >= 0; i--) {
      const { id, isRemoval } = entries[i]!;
      if (decided.has(id)) continue;
      decided.add(id);
      if (!isInput) continue;
      live[i] = !isRemoval;
      if (isRemoval && task.hasEarlier) removed.push(id);
      left ||= !isRemoval || task.hasEarlier;
    }
    if (isInput) liveOf.set(file, live);
  }
  return { liveOf, removed, left };
}

interface Entry {
  readonly id: string;
  readonly isRemoval: boolean;
}

/** Whose memories a file speaks of, in its order: of a segment first its memories, then the removed ones. */
async function idsOf(task: MergeTask, file: ManifestFile, openFile: OpenFile, signal?: AbortSignal): Promise<Entry[]> {
  return await opened(task, file, openFile, async (open) => {
    const entries: Entry[] = [];
    if (file.kind === "log") {
      await readWholeLog(open, file.bytes, (record) =>
        entries.push({ id: memoryIdOf(record), isRemoval: record.kind === "remove" }),
      );
      return entries;
    }
    const removals: Entry[] = [];
    for await (const { catalog } of readCatalogs(open, file.bytes)) {
      signal?.throwIfAborted();
      for (const { payload } of catalog.memories) entries.push({ id: payload.id, isRemoval: false });
      for (const id of catalog.removed) removals.push({ id, isRemoval: true });
    }
    return [...entries, ...removals];
  });
}

type Opened = Parameters<typeof readLog>[0];

async function opened<T>(
  { folder, owner }: MergeTask,
  file: ManifestFile,
  openFile: OpenFile,
  use: (file: Opened) => Promise<T>,
): Promise<T> {
  const path = join(folder, fileName(file));
  return await withFile(await openFile(path, constants.O_RDONLY, 0), (handle) =>
    use({ path, handle, owner, number: file.number }),
  );
}

/** throws  `index.corrupt` also where the log ends before `bytes`: all of that was on disk */
async function readWholeLog(file: Opened, bytes: number, visit: Parameters<typeof readLog>[2]): Promise<void> {
  const end = await readLog(file, bytes, visit);
  if (end < bytes) throw corrupt(file.path, `its records end at byte ${end} of ${bytes}`);
}
