/** The manifest: which files an index consists of. Replacing it is how one state of the files becomes the next. */

import { constants } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createFile, type OpenFile, readAt, syncDirectory, withFile, writeAt } from "./files.node.ts";
import {
  fileHeader,
  FRAME_BYTES,
  frameHeader,
  HEADER_BYTES,
  headerProblem,
  isIntact,
  readFrameHeader,
} from "./frame.node.ts";
import { corrupt } from "./log-errors.ts";

export interface ManifestFile {
  readonly kind: "segment" | "log";
  readonly number: number;
  /** The file's length; of the last log, the length that it had at least. */
  readonly bytes: number;
}

export interface Manifest {
  /** Above the number of every file so far. */
  readonly next: number;
  /** Segments, then logs, each in the order of their age; the last log is the one that is written to. */
  readonly files: readonly ManifestFile[];
  readonly graph?: { readonly number: number; readonly bytes: number } | undefined;
}

export interface Folder {
  readonly path: string;
  /** 32 bytes that stand for the tenant. */
  readonly owner: Uint8Array;
  readonly openFile: OpenFile;
}

export const MANIFEST = "manifest";
const TEMPORARY = "manifest.new";

/** Whether a name in the folder is one that the index gives to its files. */
export function isOwnName(name: string): boolean {
  return name === MANIFEST || name === TEMPORARY || /^(?:log|segment|graph)-\d+$/.test(name);
}

export function fileName({ kind, number }: { readonly kind: string; readonly number: number }): string {
  return `${kind}-${number}`;
}

/** throws  `index.corrupt` */
export async function readManifest({ path: folder, owner, openFile }: Folder): Promise<Manifest> {
  const path = join(folder, MANIFEST);
  const bytes = await withFile(await openFile(path, constants.O_RDONLY, 0), async (handle) =>
    readAt(handle, 0, (await handle.stat()).size),
  );
  const problem = headerProblem(bytes.subarray(0, HEADER_BYTES), { kind: "manifest", number: 0, owner });
  if (problem) throw corrupt(path, problem);
  const body = bytes.subarray(HEADER_BYTES + FRAME_BYTES);
  const frame = bytes.length < HEADER_BYTES + FRAME_BYTES ? undefined : readFrameHeader(bytes.subarray(HEADER_BYTES));
  if (!frame || frame.length !== body.length || !isIntact(body, frame.checksum)) {
    throw corrupt(path, "its length or its checksum is wrong");
  }
  return JSON.parse(body.toString()) as Manifest;
}

/**
 * Puts the manifest in place of the last one. All that it names must be on disk by then, names of files excepted.
 *
 * returns  what makes the change durable: if that fails, either manifest may be found after a crash
 * throws   with the last one still in place
 */
export async function replaceManifest(
  { path: folder, owner, openFile }: Folder,
  manifest: Manifest,
): Promise<() => Promise<void>> {
  const temporary = join(folder, TEMPORARY);
  const body = Buffer.from(JSON.stringify(manifest));
  const header = fileHeader({ kind: "manifest", number: 0, owner });
  try {
    await withFile(await createFile(openFile, temporary), async (handle) => {
      await writeAt(handle, Buffer.concat([header, frameHeader(body), body]), 0);
      await handle.datasync();
    });
    await syncDirectory(folder);
    await rename(temporary, join(folder, MANIFEST));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return async () => await syncDirectory(folder);
}
