/** Where a search stands in the lists of its terms: one cursor a term, each in typed arrays that serve every search. */

import type { SparseVector } from "@nexus/core";
import { countOf, ENTRY, FIRST, lowsOf, MAX, placeOf, sameHalf, startOf } from "./blocks.ts";
import type { Lists } from "./lists.ts";
import { BLOCKS, directoryOf, LIST_MAX } from "./rows.ts";

/** `next` of a cursor behind its list's end: above all slots. */
export const END: number = 2 ** 32;

export class Cursors {
  /** Cursors in use: the query's terms that occur, in the query's order. */
  count = 0;
  /** Of the query's term. */
  weights: Float64Array = new Float64Array(0);
  /** What the term adds to a score at most: its weight times the list's largest; not finite where a weight is not positive. */
  bounds: Float64Array = new Float64Array(0);
  /** The slot that the cursor is at, or END. */
  next: Float64Array = new Float64Array(0);
  /** Entry of the block that it is in, and the place there. */
  entries: Int32Array = new Int32Array(0);
  places: Int32Array = new Int32Array(0);
  /** Postings in the blocks up to where `look` looked, at most, and what the term adds to a score there at most. */
  ahead: Int32Array = new Int32Array(0);
  boundAhead: Float64Array = new Float64Array(0);
  /** Behind the directory's last entry. */
  ends: Int32Array = new Int32Array(0);
  readonly #lists: Lists;

  constructor(lists: Lists) {
    this.#lists = lists;
  }

  get bytes(): number {
    return 4 * this.weights.byteLength + 4 * this.ends.byteLength;
  }

  /** Puts a cursor at the beginning of the list of each term that occurs. */
  open({ ids, weights }: SparseVector): void {
    if (ids.length > this.weights.length) this.#enlarge(ids.length);
    const { u32, f32 } = this.#lists.pool;
    this.count = 0;
    for (let i = 0; i < ids.length; i++) {
      const row = this.#lists.row(ids[i]!);
      if (row === 0) continue;
      const cursor = this.count++;
      const weight = weights[i]!;
      const entry = directoryOf(u32, row);
      this.weights[cursor] = weight;
      this.bounds[cursor] = weight > 0 ? weight * f32[row + LIST_MAX]! : Infinity;
      this.next[cursor] = u32[entry + FIRST]!;
      this.entries[cursor] = entry;
      this.places[cursor] = 0;
      this.ends[cursor] = entry + ENTRY * u32[row + BLOCKS]!;
    }
  }

  /** Moves a cursor on to the first posting of this slot or a later one. */
  seek(cursor: number, slot: number): void {
    if (this.next[cursor]! >= slot) return;
    const { u32, u16 } = this.#lists.pool;
    const from = this.entries[cursor]!;
    const end = this.ends[cursor]!;
    let entry = blockOf(u32, from, end, slot);
    const first = u32[entry + FIRST]!;
    let place = entry === from ? this.places[cursor]! : 0;
    const count = countOf(u32, entry);
    if (!sameHalf(first, slot)) place = first < slot ? count : 0;
    else if (first < slot) place = placeOf(u16, lowsOf(u32, entry), count, slot & 0xff_ff);
    if (place === count) {
      entry += ENTRY;
      place = 0;
    }
    this.entries[cursor] = entry;
    this.places[cursor] = place;
    this.next[cursor] = entry === end ? END : slotOf(u32, u16, entry, place);
  }

  /** Sets `ahead` and `boundAhead` for the postings from the cursor up to `limit`, from the counts and maxima of their blocks. */
  look(cursor: number, limit: number): void {
    let max = 0;
    let postings = 0;
    if (this.next[cursor]! < limit) {
      const { u32, f32 } = this.#lists.pool;
      const end = this.ends[cursor]!;
      for (let entry = this.entries[cursor]!; entry < end && u32[entry + FIRST]! < limit; entry += ENTRY) {
        max = Math.max(max, f32[entry + MAX]!);
        postings += countOf(u32, entry);
      }
    }
    this.boundAhead[cursor] = this.weights[cursor]! * max;
    this.ahead[cursor] = postings;
  }

  /** Word of the pool with the weight of a slot at the cursor or behind it; 0 if it is not there. The cursor stays. */
  find(cursor: number, slot: number): number {
    if (this.next[cursor]! > slot) return 0;
    const { u32, u16 } = this.#lists.pool;
    const entry = blockOf(u32, this.entries[cursor]!, this.ends[cursor]!, slot);
    if (!sameHalf(u32[entry + FIRST]!, slot)) return 0;
    const lows = lowsOf(u32, entry);
    const count = countOf(u32, entry);
    const place = placeOf(u16, lows, count, slot & 0xff_ff);
    return place < count && u16[lows + place] === (slot & 0xff_ff) ? startOf(u32, entry) + place : 0;
  }

  #enlarge(terms: number): void {
    const length = Math.max(16, 2 * terms);
    this.weights = new Float64Array(length);
    this.bounds = new Float64Array(length);
    this.next = new Float64Array(length);
    this.entries = new Int32Array(length);
    this.places = new Int32Array(length);
    this.ahead = new Int32Array(length);
    this.boundAhead = new Float64Array(length);
    this.ends = new Int32Array(length);
  }
}

function slotOf(u32: Uint32Array, u16: Uint16Array, entry: number, place: number): number {
  return ((u32[entry + FIRST]! & 0xff_ff_00_00) | u16[lowsOf(u32, entry) + place]!) >>> 0;
}

/** Of the entries from `from` to `end`, the last whose block begins at the slot or before; `from` if none does. Steps double, so that what is near is found soon. */
function blockOf(u32: Uint32Array, from: number, end: number, slot: number): number {
  let low = from;
  let step = ENTRY;
  while (low + step < end && u32[low + step + FIRST]! <= slot) {
    low += step;
    step *= 2;
  }
  let high = Math.min(end, low + step);
  while (high - low > ENTRY) {
    const middle = low + ENTRY * ((high - low) >> 3);
    if (u32[middle + FIRST]! <= slot) low = middle;
    else high = middle;
  }
  return low;
}
