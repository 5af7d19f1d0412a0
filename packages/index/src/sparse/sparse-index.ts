/** Sparse vectors as inverted lists: for each term the slots that have it, with their weights. */

import type { SparseVector } from "@nexus/core";
import type { Scored } from "./best.ts";
import { Lists } from "./lists.ts";
import { COUNT } from "./rows.ts";
import { sortedOrder } from "./order-of-rows.ts";
import { Search, type TopOptions } from "./search.ts";

/** Terms of many slots, one after the other. */
export interface SparseColumns {
  readonly offsets: Uint32Array;
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

/** Room for the first slots of an index. */
const FIRST_SLOTS = 64;

/**
 * Exact sparse search over points that come and go at any time. A list's length is the term's document frequency, so that the
 * statistics are those of this index alone.
 *
 * memory   6 bytes a posting in the lists and 4 for the slot's own list of terms, 32 a term, and what blocks and the buffer
 *          have free: 11 bytes a posting at 100,000 turns of 23 terms, all told
 */
export class SparseIndex {
  readonly #lists = new Lists();
  readonly #search = new Search(this.#lists);
  /** Slot → region of the pool: how many terms it has, then their rows; 0 for none. */
  #starts = new Int32Array(FIRST_SLOTS);
  /** One above the largest slot that ever was in use. */
  #slots = 0;

  get bytes(): number {
    return this.#lists.bytes + this.#search.bytes + this.#starts.byteLength;
  }

  /** Postings that the last `scan` or `top` read in order. */
  get read(): number {
    return this.#search.read;
  }

  /** For a slot that has no terms. Cost at 100,000 turns: 0.1–0.2 µs a term for a new slot, 0.6–0.8 for one that is used again: it lies anywhere in the lists, out of the cache. */
  add(slot: number, { ids, weights }: SparseVector): void {
    if (ids.length === 0) return;
    if (slot >= this.#starts.length) this.#grow(slot);
    this.#slots = Math.max(this.#slots, slot + 1);
    const { pool } = this.#lists;
    const start = pool.allocate(1 + ids.length);
    this.#starts[slot] = start;
    pool.u32[start] = ids.length;
    for (let i = 0; i < ids.length; i++) {
      const row = this.#lists.insert(ids[i]!, slot, weights[i]!);
      pool.u32[start + 1 + i] = row;
    }
  }

  /**
   * Adds many slots at once, grouped by term, so that each list is written in one go. Slots that are not all new and
   * ascending are added one by one.
   *
   * shapes   slots: [n]; the terms of slots[i] are those from `offsets[i]` up to `offsets[i + 1]`, ids ascending
   * cost     a look into the table of terms and some 20 ns a term
   */
  addMany(slots: readonly number[], { offsets, ids, weights }: SparseColumns): void {
    if (!this.#areNew(slots)) {
      for (const [i, slot] of slots.entries()) {
        const [from, to] = [offsets[i]!, offsets[i + 1]!];
        this.add(slot, { ids: ids.subarray(from, to), weights: weights.subarray(from, to) });
      }
      return;
    }
    const { pool } = this.#lists;
    const first = offsets[0]!;
    const count = offsets[slots.length]! - first;
    const rows = new Uint32Array(count);
    const slotOf = new Uint32Array(count);
    for (let i = 0; i < count; i++) rows[i] = this.#lists.obtain(ids[first + i]!);
    for (const [i, slot] of slots.entries()) {
      const [from, to] = [offsets[i]! - first, offsets[i + 1]! - first];
      slotOf.fill(slot, from, to);
      if (from === to) continue;
      if (slot >= this.#starts.length) this.#grow(slot);
      const start = pool.allocate(1 + to - from);
      this.#starts[slot] = start;
      pool.u32[start] = to - from;
      pool.u32.set(rows.subarray(from, to), start + 1);
    }
    this.#slots = Math.max(this.#slots, (slots.at(-1) ?? -1) + 1);
    const order = sortedOrder(rows);
    const run = { order, slots: slotOf, weights: weights.subarray(first, first + count) };
    for (let from = 0; from < count;) {
      const row = rows[order[from]!]!;
      let to = from + 1;
      while (to < count && rows[order[to]!] === row) to++;
      this.#lists.append(row, run, { from, to });
      from = to;
    }
  }

  remove(slot: number): void {
    const { pool } = this.#lists;
    const start = this.#starts[slot] ?? 0;
    if (start === 0) return;
    const count = pool.u32[start]!;
    for (let i = 1; i <= count; i++) this.#lists.remove(pool.u32[start + i]!, slot);
    pool.release(start, 1 + count);
    this.#starts[slot] = 0;
  }

  /** In how many slots the term occurs. */
  frequency(id: number): number {
    const row = this.#lists.row(id);
    return row === 0 ? 0 : this.#lists.pool.u32[row + COUNT]!;
  }

  /** Postings that `scan` would read. */
  cost(query: SparseVector): number {
    let postings = 0;
    for (const id of query.ids) postings += this.frequency(id);
    return postings;
  }

  /** Scores every slot that shares a term with the query; `visit` must not search. Cost: an addition for each posting of the terms' lists. */
  scan(query: SparseVector, visit: (slot: number, score: number) => void): void {
    this.#search.scan(query, this.#slots, visit);
  }

  /**
   * The k best slots that `accept` lets in, best first, with the scores that `scan` gives: nothing is approximate. Where a
   * weight of the query or of its lists is not positive, all of the lists are read.
   */
  top(query: SparseVector, options: TopOptions): Scored[] {
    return this.#search.top(query, this.#slots, options);
  }

  /**
   * A function that gives a slot's weight for each id, 0 where it lacks the term; into `found` where that is given. It holds
   * until the index changes. Cost of a call: two binary searches for each term.
   */
  weightsOf(ids: Uint32Array): (slot: number, found?: Float32Array) => Float32Array {
    const lists = this.#lists;
    const rows = Uint32Array.from(ids, (id) => lists.row(id));
    return (slot, found = new Float32Array(rows.length)) => {
      for (let i = 0; i < rows.length; i++) {
        const posting = rows[i] === 0 ? 0 : lists.find(rows[i]!, slot);
        found[i] = posting === 0 ? 0 : lists.pool.f32[posting]!;
      }
      return found;
    };
  }

  /** Whether the slots ascend behind all that ever were in use. */
  #areNew(slots: readonly number[]): boolean {
    return slots.every((slot, i) => slot >= this.#slots && (i === 0 || slot > slots[i - 1]!));
  }

  #grow(slot: number): void {
    const grown = new Int32Array(Math.max(slot + 1, Math.ceil(1.5 * this.#starts.length)));
    grown.set(this.#starts);
    this.#starts = grown;
  }
}
