/** A kernels instance with its memory in order: an arena, views that follow its growth, and one region for what a call needs. */

import { type Arena, createArena } from "./arena.ts";
import type { KernelExports } from "./exports.ts";

export interface Workspace {
  readonly kernels: KernelExports;
  readonly arena: Arena;
  /** Offset of a region of at least `bytes` that belongs to the caller until it returns. */
  reserve(bytes: number): number;
  /** The whole memory, in numbers; do not keep across anything that may allocate. */
  f32(): Float32Array;
  u32(): Uint32Array;
  u8(): Uint8Array;
}

/** Bytes that `dotBatch` needs for its sums. */
export const BATCH_SCRATCH = 1_088;

/** Where the kernels' data may begin: below it lies what the compiler put there. */
const BASE_BYTES = 1_024;

export function createWorkspace(module: WebAssembly.Module, maxBytes: number): Workspace {
  const kernels = new WebAssembly.Instance(module).exports as unknown as KernelExports;
  const { memory } = kernels;
  const arena = createArena(memory, { base: BASE_BYTES, maxBytes });
  let views = viewsOf(memory.buffer);
  let region = { offset: 0, bytes: 0 };

  /** Growth leaves the old buffer empty. */
  function current(): Views {
    if (views.u8.buffer !== memory.buffer) views = viewsOf(memory.buffer);
    return views;
  }

  return {
    kernels,
    arena,
    reserve(bytes) {
      if (bytes > region.bytes) {
        if (region.bytes > 0) arena.release(region.offset, region.bytes);
        region = { offset: 0, bytes: 0 };
        region = { offset: arena.allocate(bytes), bytes };
      }
      return region.offset;
    },
    f32: () => current().f32,
    u32: () => current().u32,
    u8: () => current().u8,
  };
}

interface Views {
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
}

function viewsOf(buffer: ArrayBuffer): Views {
  return { f32: new Float32Array(buffer), u32: new Uint32Array(buffer), u8: new Uint8Array(buffer) };
}

/** The next multiple of a cache line. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
