/** Regions of 32-bit words in one growing buffer: thousands of short lists without an object for each. */

/** Words of an empty pool: a tenant with a handful of points costs about a kilobyte. */
const FIRST_WORDS = 256;

/** A full buffer grows by half: what is free at its end stays below a third. */
const GROWTH = 1.5;

/** Freed regions are kept by size and used again; the buffer never shrinks. No region begins at 0, which callers may use as "none". */
export class Pool {
  /** Views of the same buffer; all are new after an `allocate` that grows it. */
  u32: Uint32Array = new Uint32Array(FIRST_WORDS);
  f32: Float32Array = new Float32Array(this.u32.buffer);
  u16: Uint16Array = new Uint16Array(this.u32.buffer);
  #used = 1;
  readonly #free: number[][] = [];

  get bytes(): number {
    return this.u32.byteLength;
  }

  /** Where a region of at least `words` words begins. Its content is whatever stood there before. */
  allocate(words: number): number {
    const reused = this.#free[classOf(words)]?.pop();
    if (reused !== undefined) return reused;
    const start = this.#used;
    this.#used += sizeOf(words);
    if (this.#used > this.u32.length) this.#grow();
    return start;
  }

  /** `words` as given to `allocate`. */
  release(start: number, words: number): void {
    (this.#free[classOf(words)] ??= []).push(start);
  }

  #grow(): void {
    const grown = new Uint32Array(Math.max(Math.ceil(GROWTH * this.u32.length), this.#used));
    grown.set(this.u32);
    this.u32 = grown;
    this.f32 = new Float32Array(grown.buffer);
    this.u16 = new Uint16Array(grown.buffer);
  }
}

/**
 * The number of a region's size: every size up to 16 words, then eight sizes from one power of two to the next, so that freed
 * regions fit again and at most an eighth of one is unused.
 */
function classOf(words: number): number {
  if (words <= 16) return words;
  const step = stepOf(words);
  return 8 * step + Math.ceil(words / 2 ** step);
}

function sizeOf(words: number): number {
  if (words <= 16) return words;
  const size = 2 ** stepOf(words);
  return Math.ceil(words / size) * size;
}

/** Binary logarithm of the distance between neighbouring sizes: 8 < words / 2^step ≤ 16. */
function stepOf(words: number): number {
  return 28 - Math.clz32(words - 1);
}
