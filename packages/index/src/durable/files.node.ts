/** Whole reads and writes at a position, and names that survive a power cut. */

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** What the index needs of an open file. */
export type LogHandle = Pick<FileHandle, "read" | "write" | "truncate" | "datasync" | "stat" | "close">;
export type OpenFile = (path: string, flags: number, mode: number) => Promise<LogHandle>;

/** The bytes from `offset` on, fewer at the file's end, in a buffer of their own that begins at a multiple of 8. */
export async function readAt(handle: LogHandle, offset: number, length: number): Promise<Buffer> {
  return await readInto(handle, new ArrayBuffer(length), offset, length);
}

/** As `readAt`, into the beginning of a buffer that is there. */
export async function readInto(handle: LogHandle, into: ArrayBuffer, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(into, 0, length);
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

/** An empty file to write to, whatever had its name before. */
export async function createFile(openFile: OpenFile, path: string): Promise<LogHandle> {
  return await openFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600);
}

/** Hands an open file to `use` and closes it whatever comes of that. */
export async function withFile<T>(handle: LogHandle, use: (handle: LogHandle) => Promise<T>): Promise<T> {
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** Makes the creation, renaming or removal of a directory's files durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
