/** Sparse vectors as bytes, as `Chunk.sparse` keeps them. */

import { NexusError, type SparseVector } from "@nexus/core";

const BYTES_PER_TERM = 8;

/** n u32 ids, then n f32 weights, little endian. */
export function encodeSparse(vector: SparseVector): Uint8Array {
  const count = vector.ids.length;
  const bytes = new Uint8Array(count * BYTES_PER_TERM);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint32(i * 4, vector.ids[i] ?? 0, true);
    view.setFloat32((count + i) * 4, vector.weights[i] ?? 0, true);
  }
  return bytes;
}

/**
 * The vector of `encodeSparse`'s bytes, copied, so that they may stand at any offset.
 *
 * throws   store.corrupt when the length is not a multiple of 8
 */
export function decodeSparse(bytes: Uint8Array): SparseVector {
  const count = bytes.length / BYTES_PER_TERM;
  if (!Number.isInteger(count)) {
    throw new NexusError(
      "store.corrupt",
      `[nexus/text] a sparse vector has ${bytes.length} bytes, not a multiple of 8`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const ids = new Uint32Array(count);
  const weights = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    ids[i] = view.getUint32(i * 4, true);
    weights[i] = view.getFloat32((count + i) * 4, true);
  }
  return { ids, weights };
}
