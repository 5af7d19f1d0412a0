/** Regions of 32-bit words in one growing buffer: thousands of short lists without an object for each. */

/** Freed regions are kept by size and used again; the buffer doubles and never shrinks. */
export class Pool {
  /** Views of the same buffer; both are new after `allocate`. */
  u32: Uint32Array = new Uint32Array(1_024);
  f32: Float32Array = new Float32Array(this.u32.buffer);
  #used = 0;
  readonly #free = new Map<number, number[]>();

  get bytes(): number {
    return this.u32.byteLength;
  }

  /** Where a region of at least `words` words begins; `sizeOf(words)` is how many it has. */
  allocate(words: number): number {
    const size = sizeOf(words);
    const reused = this.#free.get(size)?.pop();
    if (reused !== undefined) return reused;
    const start = this.#used;
    this.#used += size;
    if (this.#used > this.u32.length) this.#grow();
    return start;
  }

  release(start: number, words: number): void {
    const size = sizeOf(words);
    const starts = this.#free.get(size);
    if (starts) starts.push(start);
    else this.#free.set(size, [start]);
  }

  #grow(): void {
    const grown = new Uint32Array(Math.max(2 * this.u32.length, this.#used));
    grown.set(this.u32);
    this.u32 = grown;
    this.f32 = new Float32Array(grown.buffer);
  }
}

/** Words that a region asked for with `words` really has: steps of 8 while small, then powers of two, so that freed regions fit again. */
function sizeOf(words: number): number {
  return words <= 64 ? Math.max(8, (words + 7) & ~7) : 2 ** Math.ceil(Math.log2(words));
}
