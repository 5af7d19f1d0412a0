/** The lines of a file as bytes, read as they are wanted, so that a file may be larger than memory. */

import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { NexusError } from "@nexus/core";
import type { Terminal } from "../terminal.ts";

export interface LineSource {
  /** Its beginning, for finding out what it is; a character at its end may be cut. */
  readonly head: Uint8Array;
  /** Bytes of all of it. */
  readonly size: number;
  /** All of it at once. */
  all(): Promise<Uint8Array>;
  lines(): AsyncIterable<Uint8Array>;
}

const HEAD_BYTES = 262_144;
const LINE_FEED = 0x0a;

/** What has no size is read whole: standard input, which is `-`, and pipes. throws  import.format for a file that cannot be read */
export async function openLines(path: string, terminal: Terminal): Promise<LineSource> {
  if (path === "-") return heldLines(await terminal.readInput());
  try {
    const found = await stat(path);
    if (!found.isFile()) return heldLines(await gathered(createReadStream(path)));
    const { size } = found;
    const file = await open(path);
    try {
      const head = new Uint8Array(Math.min(size, HEAD_BYTES));
      await file.read(head, 0, head.length, 0);
      const all = async () => await gathered(createReadStream(path));
      return { head, size, all, lines: () => split(createReadStream(path)) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function heldLines(bytes: Uint8Array): LineSource {
  return {
    head: bytes.subarray(0, HEAD_BYTES),
    size: bytes.length,
    all: () => Promise.resolve(bytes),
    lines: () => split([bytes]),
  };
}

async function gathered(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function* split(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, to)]);
      rest = [];
      from = to + 1;
    }
    rest.push(chunk.subarray(from));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}

function unreadable(path: string, error: unknown): NexusError {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "it may not be read",
  };
  const reason = reasons[code ?? ""] ?? `it cannot be read (${code})`;
  return new NexusError("import.format", `${path}: ${reason}`, { cause: error });
}
