/** Lines of a request's body as they arrive, each within a bound, however long the body is. */

import { NexusError } from "@nexus/core";
import { checkedJson } from "./checked-json.ts";
import type { AppContext } from "./dependencies.ts";

export interface Line {
  /** From 1, empty lines counted. */
  readonly number: number;
  /** Its length, without the line feed. */
  readonly bytes: number;
  /** What it says … */
  readonly value?: unknown;
  /** … or why that cannot be read. */
  readonly error?: NexusError;
}

const LINE_FEED = 0x0a;

/**
 * Reads no further than the caller asks: what is not taken waits in the connection.
 *
 * throws   `body.malformed` when the connection ends before the body does
 */
export async function* jsonLines(c: AppContext, maxLineBytes: number): AsyncGenerator<Line, void, undefined> {
  let number = 0;
  for await (const bytes of lines(chunksOf(c), maxLineBytes)) {
    number++;
    if (bytes === undefined) {
      const error = new NexusError("body.too_large", `[nexus/http] the line is longer than ${maxLineBytes} bytes`);
      yield { number, bytes: maxLineBytes, error };
    } else if (!isBlank(bytes)) {
      yield read(number, bytes);
    }
  }
}

function read(number: number, bytes: Uint8Array): Line {
  try {
    return { number, bytes: bytes.length, value: checkedJson(bytes) };
  } catch (error) {
    if (error instanceof NexusError) return { number, bytes: bytes.length, error };
    throw error;
  }
}

async function* chunksOf(c: AppContext): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = c.req.raw.body?.getReader();
  if (!reader) return;
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value) yield value;
    }
  } catch (error) {
    throw new NexusError("body.malformed", "[nexus/http] the body ended before it was complete", { cause: error });
  } finally {
    // A caller who has seen enough tells the sender to stop.
    await reader.cancel().catch(() => {});
  }
}

/** undefined for a line that is too long, whose bytes are dropped as they come. */
async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (part: Uint8Array): void => {
    size += part.length;
    if (size > maxBytes) parts = [];
    else parts.push(part);
  };
  const end = (): Uint8Array | undefined => {
    const line = size > maxBytes ? undefined : joined(parts, size);
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to !== -1; to = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, to));
      from = to + 1;
      yield end();
    }
    take(chunk.subarray(from));
  }
  if (size > 0) yield end();
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Spaces, tabs and carriage returns only. */
function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
