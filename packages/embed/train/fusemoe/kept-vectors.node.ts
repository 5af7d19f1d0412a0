/** Vectors that are computed once and then read from a file. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The vectors of `file`, or of `make`, which are then written there. */
export async function keptVectors(
  file: string,
  numbers: number,
  make: () => Promise<Float32Array>,
): Promise<Float32Array> {
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    if (bytes.length === 4 * numbers)
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  const vectors = await make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  renameSync(`${file}.part`, file);
  return vectors;
}
