/** The linear memory of one segment: shared, so that another thread may build the graph, and cut up by an arena. */

import { type Arena, type ArenaStats, createArena } from "@nexus/kernels";

/** 3.5 GiB in pages of 64 KiB, as wasm/build.ts declares it. */
const MOST_PAGES = 57_344;
/** Below lies what the compiler puts there. */
const BASE = 1_024;
/** Before wasm itself runs out: `index.full` comes first. */
const MOST_BYTES = 3.4 * 2 ** 30;

export class SegmentMemory {
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  readonly #arena: Arena;
  /** Views of the whole memory; new ones after it grew. */
  u8: Uint8Array = new Uint8Array(this.memory.buffer);
  u32: Uint32Array = new Uint32Array(this.memory.buffer);
  f32: Float32Array = new Float32Array(this.memory.buffer);

  constructor(maxBytes: number = MOST_BYTES) {
    this.#arena = createArena(this.memory, { base: BASE, maxBytes: Math.min(maxBytes, MOST_BYTES) });
  }

  /** Throws `index.full`. */
  allocate(bytes: number): number {
    const at = this.#arena.allocate(bytes);
    if (this.memory.buffer.byteLength > this.u8.byteLength) {
      this.u8 = new Uint8Array(this.memory.buffer);
      this.u32 = new Uint32Array(this.memory.buffer);
      this.f32 = new Float32Array(this.memory.buffer);
    }
    return at;
  }

  release(at: number, bytes: number): void {
    this.#arena.release(at, bytes);
  }

  stats(): ArenaStats {
    return this.#arena.stats();
  }
}
