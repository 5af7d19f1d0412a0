/** The rows of one named vector, and their exact scores against a query. */

import type { Kernels } from "@nexus/kernels";

/** Numbers in a full block: 1 MiB, so that growing never copies more. */
const BLOCK_LENGTH = 262_144;
const FREE = -1;

/** Rows of one dimension in blocks of a fixed size; a freed row is the next to be used. */
export class DenseRows {
  readonly dimension: number;
  readonly #kernels: Kernels;
  readonly #rowsPerBlock: number;
  readonly #blocks: Float32Array[] = [];
  /** Row → slot, `FREE` where the row is unused. */
  readonly #slotOf: number[] = [];
  readonly #rowOf = new Map<number, number>();
  readonly #free: number[] = [];
  readonly #scores: Float32Array;
  #gathered: Float32Array | undefined;

  constructor(dimension: number, kernels: Kernels) {
    this.dimension = dimension;
    this.#kernels = kernels;
    this.#rowsPerBlock = Math.max(1, Math.floor(BLOCK_LENGTH / dimension));
    this.#scores = new Float32Array(this.#rowsPerBlock);
  }

  get count(): number {
    return this.#rowOf.size;
  }

  get bytes(): number {
    const numbers = this.#blocks.reduce((sum, block) => sum + block.length, this.#scores.length);
    return 4 * (numbers + (this.#gathered?.length ?? 0));
  }

  add(slot: number, values: Float32Array): void {
    const row = this.#free.pop() ?? this.#slotOf.length;
    this.#slotOf[row] = slot;
    this.#rowOf.set(slot, row);
    this.#blockFor(row).set(values, (row % this.#rowsPerBlock) * this.dimension);
  }

  remove(slot: number): void {
    const row = this.#rowOf.get(slot);
    if (row === undefined) return;
    this.#rowOf.delete(slot);
    this.#slotOf[row] = FREE;
    this.#free.push(row);
  }

  /** Scores every row. Cost: one pass over the blocks. */
  scan(query: Float32Array, visit: (slot: number, score: number) => void): void {
    for (const [number, block] of this.#blocks.entries()) {
      const first = number * this.#rowsPerBlock;
      const count = Math.min(this.#slotOf.length - first, this.#rowsPerBlock);
      const scores = this.#scores.subarray(0, count);
      this.#kernels.dotMany(query, block, scores);
      for (let i = 0; i < count; i++) {
        const slot = this.#slotOf[first + i]!;
        if (slot !== FREE) visit(slot, scores[i]!);
      }
    }
  }

  /** Scores the rows of these slots, by the same kernel as `scan`; slots without a row are passed over. Cost: copies each row once. */
  score(query: Float32Array, slots: Iterable<number>, visit: (slot: number, score: number) => void): void {
    const group: number[] = [];
    const width = Math.min(64, this.#rowsPerBlock);
    const gathered = (this.#gathered ??= new Float32Array(width * this.dimension));
    const flush = (): void => {
      const scores = this.#scores.subarray(0, group.length);
      this.#kernels.dotMany(query, gathered, scores);
      for (let i = 0; i < group.length; i++) visit(group[i]!, scores[i]!);
      group.length = 0;
    };
    for (const slot of slots) {
      const row = this.#rowOf.get(slot);
      if (row === undefined) continue;
      const start = (row % this.#rowsPerBlock) * this.dimension;
      const block = this.#blocks[Math.floor(row / this.#rowsPerBlock)]!;
      gathered.set(block.subarray(start, start + this.dimension), group.length * this.dimension);
      if (group.push(slot) === width) flush();
    }
    if (group.length > 0) flush();
  }

  /** The block that a row lives in, made or grown if need be: the first starts small, as most tenants are. */
  #blockFor(row: number): Float32Array {
    const number = Math.floor(row / this.#rowsPerBlock);
    const block = this.#blocks[number];
    const needed = ((row % this.#rowsPerBlock) + 1) * this.dimension;
    if (block && block.length >= needed) return block;
    const full = this.#rowsPerBlock * this.dimension;
    const grown = new Float32Array(number > 0 ? full : Math.min(full, Math.max(needed, 2 * (block?.length ?? 0))));
    if (block) grown.set(block);
    this.#blocks[number] = grown;
    return grown;
  }
}
