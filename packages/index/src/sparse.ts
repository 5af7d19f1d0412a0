/** Sparse vectors as inverted lists: for each term the slots that have it, with their weights. */

import type { SparseVector } from "@nexus/core";
import { Pool } from "./pool.ts";

/** A region of the pool: `capacity` slots, then `capacity` weights. */
interface Posting {
  start: number;
  capacity: number;
  count: number;
}

/**
 * Exact sparse search. Each slot's list of terms also has its place in each term's list, so that removing
 * swaps the last entry into the gap: no tombstones, and a list's length is the term's document frequency.
 */
export class SparseIndex {
  readonly #pool = new Pool();
  readonly #postings = new Map<number, Posting>();
  /** Slot → region of its terms: n ids, ascending, then n places. */
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  #scores = new Float64Array(0);
  #touchedIn = new Uint32Array(0);
  #touched = new Uint32Array(0);
  #searches = 0;

  get bytes(): number {
    return this.#pool.bytes + this.#scores.byteLength + 2 * this.#touched.byteLength;
  }

  add(slot: number, { ids, weights }: SparseVector): void {
    const start = this.#pool.allocate(2 * ids.length);
    this.#starts[slot] = start;
    this.#counts[slot] = ids.length;
    for (let i = 0; i < ids.length; i++) {
      const place = this.#append(ids[i]!, slot, weights[i]!);
      this.#pool.u32[start + i] = ids[i]!;
      this.#pool.u32[start + ids.length + i] = place;
    }
  }

  remove(slot: number): void {
    const start = this.#starts[slot]!;
    const count = this.#counts[slot]!;
    for (let i = 0; i < count; i++) this.#drop(this.#pool.u32[start + i]!, this.#pool.u32[start + count + i]!);
    this.#pool.release(start, 2 * count);
    this.#counts[slot] = 0;
  }

  /** In how many slots the term occurs. */
  frequency(id: number): number {
    return this.#postings.get(id)?.count ?? 0;
  }

  /** Entries that `scan` would read. */
  cost(query: SparseVector): number {
    let entries = 0;
    for (const id of query.ids) entries += this.frequency(id);
    return entries;
  }

  /** Scores every slot that shares a term with the query. Cost: one addition an entry of the terms' lists. */
  scan(query: SparseVector, visit: (slot: number, score: number) => void): void {
    this.#prepare();
    const { u32, f32 } = this.#pool;
    const search = this.#searches;
    const [scores, touchedIn, touched] = [this.#scores, this.#touchedIn, this.#touched];
    let found = 0;
    for (let i = 0; i < query.ids.length; i++) {
      const posting = this.#postings.get(query.ids[i]!);
      if (!posting) continue;
      const weight = query.weights[i]!;
      const { start, capacity, count } = posting;
      for (let entry = start; entry < start + count; entry++) {
        const slot = u32[entry]!;
        if (touchedIn[slot] !== search) {
          touchedIn[slot] = search;
          touched[found++] = slot;
          scores[slot] = 0;
        }
        scores[slot]! += weight * f32[entry + capacity]!;
      }
    }
    for (let i = 0; i < found; i++) visit(touched[i]!, scores[touched[i]!]!);
  }

  /** The score of one slot, added up in the same order as `scan` does; undefined where it shares no term. Cost: a binary search for each term. */
  score(slot: number, query: SparseVector): number | undefined {
    let score: number | undefined;
    for (let i = 0; i < query.ids.length; i++) {
      const entry = this.#entryOf(slot, query.ids[i]!);
      if (entry !== undefined) score = (score ?? 0) + query.weights[i]! * this.#pool.f32[entry]!;
    }
    return score;
  }

  /** The slot's weight for each id, 0 where it lacks the term. */
  weights(slot: number, ids: Uint32Array): Float32Array {
    return Float32Array.from(ids, (id) => {
      const entry = this.#entryOf(slot, id);
      return entry === undefined ? 0 : this.#pool.f32[entry]!;
    });
  }

  /** Where in the pool the slot's weight for a term stands. */
  #entryOf(slot: number, id: number): number | undefined {
    const at = this.#indexOf(slot, id);
    if (at === undefined) return undefined;
    const posting = this.#postings.get(id)!;
    return posting.start + posting.capacity + this.#pool.u32[this.#starts[slot]! + this.#counts[slot]! + at]!;
  }

  #indexOf(slot: number, id: number): number | undefined {
    const { u32 } = this.#pool;
    const start = this.#starts[slot]!;
    let low = 0;
    let high = this.#counts[slot]! - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const seen = u32[start + middle]!;
      if (seen === id) return middle;
      if (seen < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #append(id: number, slot: number, weight: number): number {
    let posting = this.#postings.get(id);
    if (!posting) {
      posting = { start: this.#pool.allocate(8), capacity: 4, count: 0 };
      this.#postings.set(id, posting);
    } else if (posting.count === posting.capacity) this.#enlarge(posting);
    const place = posting.count++;
    this.#pool.u32[posting.start + place] = slot;
    this.#pool.f32[posting.start + posting.capacity + place] = weight;
    return place;
  }

  #enlarge(posting: Posting): void {
    const { start, capacity, count } = posting;
    const larger = this.#pool.allocate(4 * capacity);
    const { u32 } = this.#pool;
    u32.copyWithin(larger, start, start + count);
    u32.copyWithin(larger + 2 * capacity, start + capacity, start + capacity + count);
    this.#pool.release(start, 2 * capacity);
    posting.start = larger;
    posting.capacity = 2 * capacity;
  }

  #drop(id: number, place: number): void {
    const posting = this.#postings.get(id)!;
    const { start, capacity } = posting;
    const { u32 } = this.#pool;
    const last = --posting.count;
    if (last === 0) {
      this.#pool.release(start, 2 * capacity);
      this.#postings.delete(id);
    } else if (place !== last) {
      const moved = u32[start + last]!;
      u32[start + place] = moved;
      u32[start + capacity + place] = u32[start + capacity + last]!;
      u32[this.#starts[moved]! + this.#counts[moved]! + this.#indexOf(moved, id)!] = place;
    }
  }

  /** Room for a score of every slot, and a number that no slot has been touched in. */
  #prepare(): void {
    if (this.#scores.length < this.#counts.length) {
      const length = Math.max(64, 2 * this.#counts.length);
      this.#scores = new Float64Array(length);
      this.#touchedIn = new Uint32Array(length);
      this.#touched = new Uint32Array(length);
      this.#searches = 0;
    }
    if (++this.#searches > 0xff_ff_ff_ff) {
      this.#touchedIn.fill(0);
      this.#searches = 1;
    }
  }
}
