/** The text of a file, or a clear refusal: a damaged file must not become garbage in someone's memory. */

import { NexusError } from "@nexus/core";

const decoder = new TextDecoder("utf-8", { fatal: true });
const LINE_FEED = 0x0a;

/** A byte-order mark is dropped. throws  import.format for an empty, binary, damaged or differently encoded file */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))) {
    throw new NexusError("import.format", "the file is UTF-16; save it as UTF-8 and import it again");
  }
  const zero = bytes.indexOf(0);
  if (zero !== -1) {
    throw new NexusError("import.format", `line ${lineAt(bytes, zero)} has a NUL byte; is it a binary file?`);
  }
  const text = decoded(bytes);
  if (text === undefined) {
    const line = firstBadLine(bytes);
    const detail = `line ${line} is not valid UTF-8; the file may be cut off, binary, or in another encoding`;
    throw new NexusError("import.format", detail);
  }
  if (text.trim() === "") throw new NexusError("import.format", "the file is empty");
  return text;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** No byte of a longer UTF-8 sequence is a line feed, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  for (let line = 1, start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    if (decoded(bytes.subarray(start, end)) === undefined) return line;
    start = end + 1;
  }
  return 1;
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = bytes.indexOf(LINE_FEED); i !== -1 && i < offset; i = bytes.indexOf(LINE_FEED, i + 1)) line++;
  return line;
}
