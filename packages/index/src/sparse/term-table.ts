/** Term id → the word of the pool where the term's row begins, by open addressing: 32-bit ids would be objects in a Map. */

import type { Pool } from "./pool.ts";

/** A table is at most three quarters full. */
const FIRST_CAPACITY = 64;

/** Rows begin with their id; 0 is no row. Cost: a probe or two. */
export class TermTable {
  readonly #pool: Pool;
  #rows = new Int32Array(FIRST_CAPACITY);
  #count = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  get bytes(): number {
    return this.#rows.byteLength;
  }

  /** 0 where the term has no row. */
  get(id: number): number {
    const rows = this.#rows;
    const { u32 } = this.#pool;
    const mask = rows.length - 1;
    for (let at = hash(id) & mask; ; at = (at + 1) & mask) {
      const row = rows[at]!;
      if (row === 0 || u32[row] === id) return row;
    }
  }

  /** For a row whose id is not in the table. */
  add(row: number): void {
    if (4 * ++this.#count > 3 * this.#rows.length) this.#grow();
    this.#put(row);
  }

  /** For a row that is in the table; its id must still stand in the pool. Rows behind it move up, so that no probe ends early (Knuth, volume 3, algorithm 6.4R). */
  delete(row: number): void {
    const rows = this.#rows;
    const { u32 } = this.#pool;
    const mask = rows.length - 1;
    let gap = hash(u32[row]!) & mask;
    while (rows[gap] !== row) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; rows[at] !== 0; at = (at + 1) & mask) {
      const home = hash(u32[rows[at]!]!) & mask;
      // It may move unless its home lies behind the gap.
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      rows[gap] = rows[at]!;
      gap = at;
    }
    rows[gap] = 0;
    this.#count--;
  }

  #put(row: number): void {
    const rows = this.#rows;
    const mask = rows.length - 1;
    let at = hash(this.#pool.u32[row]!) & mask;
    while (rows[at] !== 0) at = (at + 1) & mask;
    rows[at] = row;
  }

  #grow(): void {
    const earlier = this.#rows;
    this.#rows = new Int32Array(2 * earlier.length);
    for (const row of earlier) if (row !== 0) this.#put(row);
  }
}

/** Ids may be hashes or small numbers: a multiplication by 2³²/φ, and the better upper bits for the lower ones. */
function hash(id: number): number {
  const mixed = Math.imul(id, 0x9e_37_79_b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
