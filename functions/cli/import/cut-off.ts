/** Tells an export that was cut off: it has its first line and not its last. */

import type { BadRow } from "./rows.ts";

export interface WatchedLines {
  readonly lines: AsyncIterable<Uint8Array>;
  /** Once they have been read: undefined for a whole export, and for lines that somebody chose from one. */
  missingEnd(): BadRow | undefined;
}

export function watchEnd(source: AsyncIterable<Uint8Array>): WatchedLines {
  let first: Uint8Array | undefined;
  let last: Uint8Array | undefined;
  let number = 0;
  async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const line of source) {
      number++;
      if (line.some((byte) => byte > SPACE)) {
        first ??= line;
        last = line;
      }
      yield line;
    }
  }
  return {
    lines: watched(),
    missingEnd() {
      if (typeOf(first) !== "export" || typeOf(last) === "end") return undefined;
      return { line: number + 1, detail: "is missing, with the end of the export: it was cut off" };
    },
  };
}

const SPACE = 0x20;

function typeOf(line: Uint8Array | undefined): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(line)) as { type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
