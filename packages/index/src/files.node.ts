/** Whole reads and writes at a position, and names that survive a power cut. */

import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";

/** What a log needs of an open file. */
export type LogHandle = Pick<FileHandle, "read" | "write" | "truncate" | "datasync" | "stat" | "close">;
export type OpenFile = (path: string, flags: number, mode: number) => Promise<LogHandle>;

/** The bytes from `offset` on, fewer at the file's end, in a buffer of their own that begins at a multiple of 8. */
export async function readAt(handle: LogHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(buffer, read, length - read, offset + read);
    if (bytesRead === 0) return buffer.subarray(0, read);
    read += bytesRead;
  }
  return buffer;
}

export async function writeAt(handle: LogHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

/** Makes the creation or renaming of a file durable. */
export async function syncDirectoryOf(path: string): Promise<void> {
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
