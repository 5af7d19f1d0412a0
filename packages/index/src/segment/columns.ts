/** Where the rows of a segment lie in its memory: a column of blocks for each form of a row, and the table that wasm reads. */

import type { SegmentMemory } from "./segment-memory.ts";

/** Rows of a block, as in wasm/assembly/segment/layout.ts. */
export const BLOCK_ROWS = 1_024;
/** Blocks of a column: more than the largest memory holds. */
const MOST_BLOCKS = 16_384;
/** Bytes of a head behind its bits. */
const TAIL_BYTES = 16;
const STATE_FROM_END = 4;
const SEGMENT_BYTES = 512;
const NO_LINKS_AT = 64;
export const NONE = 0xffff_ffff;

/** States of a row, as in wasm/assembly/segment/layout.ts. */
export const FREE = 0;
export const WAITING = 1;
export const LINKED = 2;
export const DEAD = 3;

/** Heads (bits, scale, sum, level), u7 codes, links of level 0, f32 values. */
const [HEADS, CODES, LINKS, VALUES] = [0, 1, 2, 3];

export interface ColumnsOptions {
  readonly dimension: number;
  /** Links of a row on the levels above 0; twice as many on level 0. */
  readonly m: number;
}

export class Columns {
  readonly codeBytes: number;
  readonly bitBytes: number;
  readonly headBytes: number;
  readonly valueBytes: number;
  /** Of what wasm's `attach` takes. */
  readonly segmentAt: number;
  readonly #memory: SegmentMemory;
  readonly #strides: readonly number[];
  readonly #tables: readonly number[];
  readonly #blocks: number[][] = [[], [], [], []];
  readonly #m: number;
  #rows = 0;
  /** What is left of the region that lists of upper links are cut from. */
  #upper = { next: 0, end: 0 };
  #upperBytes = 0;

  constructor(memory: SegmentMemory, { dimension, m }: ColumnsOptions) {
    this.#memory = memory;
    this.#m = m;
    this.codeBytes = roundUp(dimension, 64);
    this.bitBytes = roundUp(Math.ceil(dimension / 8), 16);
    // Up to 32 bytes two heads share a cache line, above that each begins one.
    this.headBytes = this.bitBytes <= 16 ? 32 : roundUp(this.bitBytes + TAIL_BYTES, 64);
    this.valueBytes = roundUp(4 * dimension, 16);
    this.#strides = [this.headBytes, this.codeBytes, 8 * m, this.valueBytes];
    this.segmentAt = memory.allocate(SEGMENT_BYTES);
    this.#tables = this.#strides.map(() => memory.allocate(4 * MOST_BLOCKS));
    const { u8, u32 } = memory;
    const noLinksAt = this.segmentAt + NO_LINKS_AT;
    u8.fill(0xff, noLinksAt, this.segmentAt + SEGMENT_BYTES);
    u32.set(
      [dimension, this.codeBytes, this.bitBytes, this.headBytes, this.valueBytes, 2 * m, m, ...this.#tables, noLinksAt],
      this.segmentAt / 4,
    );
    Atomics.store(u32, this.#rowsWord, 0);
    Atomics.store(u32, this.#rowsWord + 1, NONE);
  }

  /** Rows ever used. */
  get rows(): number {
    return this.#rows;
  }

  /** What the rows take up, blocks that are not full counted by their rows. */
  get bytes(): number {
    return this.#rows * this.#strides.reduce((sum, stride) => sum + stride, 0) + this.#upperBytes;
  }

  /** Room for `count` more rows. Throws `index.full` with nothing changed that matters. */
  reserve(count: number): void {
    while (this.#blocks[VALUES]!.length * BLOCK_ROWS < this.#rows + count) {
      for (const [column, blocks] of this.#blocks.entries()) {
        // Where an earlier try ran out of memory between columns.
        if (blocks.length > this.#blocks[VALUES]!.length) continue;
        const at = this.#memory.allocate(BLOCK_ROWS * this.#strides[column]!);
        this.#memory.u32[this.#tables[column]! / 4 + blocks.length] = at;
        blocks.push(at);
      }
    }
  }

  /** Makes a row that was never used; its links are empty. Room must be reserved. */
  append(): number {
    const row = this.#rows;
    this.#memory.u8.fill(0xff, this.linksAt(row), this.linksAt(row) + 8 * this.#m);
    return row;
  }

  /** Copies f32 values to rows that were never used, from `rows` on; how many vectors fit into the block that it lies in. Room must be reserved. */
  fill(row: number, values: Float32Array, dimension: number): number {
    const room = BLOCK_ROWS - (row % BLOCK_ROWS);
    const count = Math.min(room, values.length / dimension);
    const stride = this.valueBytes / 4;
    const at = this.valuesAt(row) / 4;
    const { f32 } = this.#memory;
    if (stride === dimension) f32.set(values.subarray(0, count * dimension), at);
    else for (let i = 0; i < count; i++) f32.set(values.subarray(i * dimension, (i + 1) * dimension), at + i * stride);
    return count;
  }

  /** Lets other threads see the rows so far and this one, once its columns are written. */
  publish(row: number): void {
    this.#rows = Math.max(this.#rows, row + 1);
    Atomics.store(this.#memory.u32, this.#rowsWord, this.#rows);
  }

  /** Gives a row that has none its lists above level 0, empty; they stay with the row for good, since another thread may read them at any time. */
  raise(row: number, level: number): void {
    if (level === 0) return;
    const bytes = 4 * this.#m * level;
    if (this.#upper.end - this.#upper.next < bytes) {
      const size = Math.max(65_536, bytes);
      const at = this.#memory.allocate(size);
      this.#upper = { next: at, end: at + size };
    }
    const at = this.#upper.next;
    this.#upper.next += bytes;
    this.#upperBytes += bytes;
    const { u8, u32 } = this.#memory;
    u8.fill(0xff, at, at + bytes);
    const tail = this.headAt(row) + this.headBytes - TAIL_BYTES;
    u32[tail / 4 + 2] = at;
    u8[tail + 13] = level;
  }

  headAt(row: number): number {
    return this.#at(HEADS, row);
  }

  codesAt(row: number): number {
    return this.#at(CODES, row);
  }

  valuesAt(row: number): number {
    return this.#at(VALUES, row);
  }

  /** The list of a row's links on a level that it has. */
  linksAt(row: number, level: number = 0): number {
    return level === 0 ? this.#at(LINKS, row) : this.upperOf(row) + 4 * this.#m * (level - 1);
  }

  upperOf(row: number): number {
    return this.#memory.u32[(this.headAt(row) + this.headBytes - TAIL_BYTES) / 4 + 2]!;
  }

  levelOf(row: number): number {
    return this.#memory.u8[this.headAt(row) + this.headBytes - TAIL_BYTES + 13]!;
  }

  stateOf(row: number): number {
    return Atomics.load(this.#memory.u8, this.headAt(row) + this.headBytes - STATE_FROM_END);
  }

  setState(row: number, state: number): void {
    Atomics.store(this.#memory.u8, this.headAt(row) + this.headBytes - STATE_FROM_END, state);
  }

  get entry(): number {
    return Atomics.load(this.#memory.u32, this.#rowsWord + 1);
  }

  set entry(row: number) {
    Atomics.store(this.#memory.u32, this.#rowsWord + 1, row);
  }

  get #rowsWord(): number {
    return this.segmentAt / 4 + 12;
  }

  #at(column: number, row: number): number {
    return this.#blocks[column]![Math.floor(row / BLOCK_ROWS)]! + (row % BLOCK_ROWS) * this.#strides[column]!;
  }
}

export function roundUp(number: number, step: number): number {
  return Math.ceil(number / step) * step;
}
