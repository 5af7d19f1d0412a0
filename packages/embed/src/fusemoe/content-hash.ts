/** The name of what was fused. */

import { sha256Hex } from "@nexus/platform";

import type { FusionInput } from "./blocks.ts";

/** SHA-256 of the ids and of their vectors as given. */
export function contentHashOf(present: readonly string[], input: FusionInput): string {
  const names = new TextEncoder().encode(JSON.stringify(present));
  const vectors = present.map((id) => input.get(id)!);
  const bytes = new Uint8Array(vectors.reduce((sum, { byteLength }) => sum + byteLength, names.length));
  bytes.set(names);
  let at = names.length;
  for (const { buffer, byteOffset, byteLength } of vectors) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return sha256Hex(bytes);
}
