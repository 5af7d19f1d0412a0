/** What one thread needs beside the segment to search or build: laid out here, read by wasm/assembly/segment/scratch.ts. */

import type { Columns } from "./columns.ts";
import type { SegmentMemory } from "./segment-memory.ts";

const FIELDS = 16;
/** Standard deviations by which a row's bits may understate it before it is passed over: at 1 more than half of the code distances are saved at equal recall@10 (bench `index-ways`). */
const MARGIN = 1;
/** Places of the pool at first. */
const POOL_ROOM = 512;

/** Regions in the order of the wasm struct. */
const [QUERY, ROTATED, CODES, BITS, OPTIMISTIC, VISITED, VISITED_BYTES, POOL, POOL_PLACES] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
];
const [FOUND_ROWS, FOUND_SCORES, CANDIDATES, CHOSEN, HAMMINGS, HISTOGRAM, FRONTIER] = [9, 10, 11, 12, 13, 14, 15];

export interface ScratchOptions {
  readonly dimension: number;
  readonly m: number;
  /** Most candidates for the links of one row. */
  readonly efConstruction: number;
}

export class Scratch {
  /** Of what wasm's `attach` takes; after each change it must be called again. */
  readonly at: number;
  readonly #memory: SegmentMemory;
  readonly #sizes = new Map<number, number>();
  #rows = 0;
  #poolRoom = 0;
  bytes = 0;

  constructor(memory: SegmentMemory, columns: Columns, { dimension, m, efConstruction }: ScratchOptions) {
    this.#memory = memory;
    this.at = memory.allocate(4 * FIELDS);
    this.#resize([
      [QUERY, columns.valueBytes],
      [ROTATED, columns.valueBytes],
      [CODES, columns.codeBytes],
      [BITS, columns.bitBytes],
      [OPTIMISTIC, 4 * (dimension + 1)],
      [HISTOGRAM, 4 * (dimension + 1)],
      // A list that is chosen anew, with all that its links link to.
      [CANDIDATES, 8 * (Math.max(efConstruction, 2 * m * (2 * m + 1)) + 1)],
      [CHOSEN, 4 * (2 * m + 1)],
      [FRONTIER, 4 * (2 * m + 1)],
    ]);
    memory.u8.fill(0, this.query, this.query + columns.valueBytes);
    memory.f32.set(optimisticScores(dimension), this.#field(OPTIMISTIC) / 4);
    this.fitPool(POOL_ROOM);
    this.fitRows(1);
  }

  get query(): number {
    return this.#field(QUERY);
  }

  get pool(): number {
    return this.#field(POOL);
  }

  get foundRows(): number {
    return this.#field(FOUND_ROWS);
  }

  get foundScores(): number {
    return this.#field(FOUND_SCORES);
  }

  /** Candidates that the pool has room for. */
  get poolRoom(): number {
    return this.#poolRoom;
  }

  /** Room for so many candidates; whether something moved. */
  fitPool(room: number): boolean {
    if (room <= this.#poolRoom) return false;
    const places = Math.max(room, 2 * this.#poolRoom);
    this.#resize([
      [POOL, 8 * (places + 2)],
      [FOUND_ROWS, 4 * places],
      [FOUND_SCORES, 4 * places],
    ]);
    this.#poolRoom = places;
    this.#set(POOL_PLACES, places);
    return true;
  }

  /** Marks for so many rows; whether something moved. */
  fitRows(rows: number): boolean {
    if (rows <= this.#rows) return false;
    const marks = Math.max(1_024, rows, 2 * this.#rows);
    this.#resize([
      [VISITED, marks],
      [HAMMINGS, 2 * (marks + 8)],
    ]);
    this.#rows = marks;
    this.#set(VISITED_BYTES, marks);
    return true;
  }

  /** All of them or, with `index.full`, none. */
  #resize(regions: readonly (readonly [field: number, bytes: number])[]): void {
    const made: number[] = [];
    try {
      for (const [, bytes] of regions) made.push(this.#memory.allocate(bytes));
    } catch (error) {
      for (const [i, at] of made.entries()) this.#memory.release(at, regions[i]![1]);
      throw error;
    }
    for (const [i, [field, bytes]] of regions.entries()) {
      const before = this.#sizes.get(field);
      if (before !== undefined) this.#memory.release(this.#field(field), before);
      this.#sizes.set(field, bytes);
      this.bytes += bytes - (before ?? 0);
      this.#set(field, made[i]!);
    }
  }

  #field(field: number): number {
    return this.#memory.u32[this.at / 4 + field]!;
  }

  #set(field: number, value: number): void {
    this.#memory.u32[this.at / 4 + field] = value;
  }
}

/**
 * For each Hamming distance h of 0…d the cosine that it leaves likely: a share p of differing signs means an angle of π·p
 * (Charikar 2002), and p is off by √(p(1 − p)/d).
 */
function optimisticScores(dimension: number): Float32Array {
  return Float32Array.from({ length: dimension + 1 }, (_, distance) => {
    const share = distance / dimension;
    const deviation = Math.sqrt(Math.max(share * (1 - share), 0.01) / dimension);
    return Math.cos(Math.PI * Math.max(0, share - MARGIN * deviation));
  });
}
