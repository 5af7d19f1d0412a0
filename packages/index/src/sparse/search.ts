/** Search in inverted lists: every slot's score, or the k best without reading all that the lists have. */

import type { SparseVector } from "@nexus/core";
import { Best, type Precedes, type Scored } from "./best.ts";
import { Cursors, END } from "./cursors.ts";
import type { Lists } from "./lists.ts";
import { Order, SLACK } from "./order.ts";
import type { Pool } from "./pool.ts";
import { Window } from "./window.ts";

export interface TopOptions {
  readonly k: number;
  /** Asked only for a slot that would enter the result as it stands; it must not search the same index. */
  readonly accept: (slot: number) => boolean;
  /** Between equal scores, whether the first slot comes before the second. */
  readonly precedes: Precedes;
}

/** What finding a slot in a list costs, in postings read one after another: 8, 16 and 32 differ by less than 5 %. */
const LOOKUP_COST = 16;

/**
 * Reading a window's strong lists alone must save this many times their postings. Below, everything is read in the query's
 * order, which gives exact scores at once: 4 is better for 50 results (71 µs beside 80 at 100,000 turns), 1 for ten (47 beside 54).
 */
const LEAST_SAVING = 2;

/**
 * MaxScore over windows of slots, with block maxima.
 *
 * Terms are ordered by what they can add to a score. As long as the weakest together stay below the k-th best score, only
 * slots in the lists of the others can enter: those lists are read, the weak ones are looked into for slots that may still
 * make it. Bounds are those of the whole lists, and again in each window those of the blocks that lie in it.
 *
 * source   Turtle and Flood, Query evaluation: strategies and optimizations, 1995 (MaxScore); Ding and Suel, Faster top-k
 *          document retrieval using block-max indexes, 2011 (block maxima). Deviations: not slot by slot, but list by list
 *          in windows of 16,384 slots; what a weak list adds is read in order where that is cheaper than finding each slot.
 *          Block-Max WAND, slot by slot, looked at fewer postings and took five times as long: 290 µs beside 60, k = 10,
 *          100,000 turns.
 */
export class Search {
  readonly #pool: Pool;
  readonly #cursors: Cursors;
  readonly #window: Window;
  readonly #best = new Best();
  readonly #order = new Order();

  constructor(lists: Lists) {
    this.#pool = lists.pool;
    this.#cursors = new Cursors(lists);
    this.#window = new Window(lists.pool, this.#cursors);
  }

  get bytes(): number {
    return this.#order.bytes + this.#cursors.bytes + this.#window.bytes + this.#best.bytes;
  }

  /** Postings that the last search read in order. */
  get read(): number {
    return this.#window.read;
  }

  /** Every slot that shares a term with the query; `slots` is how many the index has. */
  scan(query: SparseVector, slots: number, visit: (slot: number, score: number) => void): void {
    this.#open(query, slots);
    this.#scan(visit);
  }

  /** The k best accepted slots, best first: those and the scores that `scan` would give. */
  top(query: SparseVector, slots: number, { k, accept, precedes }: TopOptions): Scored[] {
    const cursors = this.#cursors;
    const best = this.#best;
    const window = this.#window;
    best.reset(k, precedes);
    this.#open(query, slots);
    if (this.#order.below[cursors.count] === Infinity) {
      this.#scan((slot, score) => best.admits(slot, score) && accept(slot) && best.add(slot, score));
      return best.take();
    }
    for (let slot = k > 0 ? this.#next() : END; slot < END; slot = this.#next()) {
      window.moveTo(slot);
      const split = this.#split();
      if (split < cursors.count) {
        this.#add(split);
        this.#offer(split > 0, split > 0 ? this.#narrow(split) : window.count, accept);
      }
      for (let at = this.#order.weak; at < cursors.count; at++) cursors.seek(this.#order.cursors[at]!, window.end);
    }
    return best.take();
  }

  #scan(visit: (slot: number, score: number) => void): void {
    const window = this.#window;
    const { count } = this.#cursors;
    for (let slot = this.#nextFrom(0); slot < END; slot = this.#nextFrom(0)) {
      window.moveTo(slot);
      for (let cursor = 0; cursor < count; cursor++) window.add(cursor);
      for (let i = 0; i < window.count; i++) {
        const offset = window.offsets[i]!;
        visit(window.start + offset, window.scores[offset]!);
      }
      for (let cursor = 0; cursor < count; cursor++) this.#cursors.seek(cursor, window.end);
    }
  }

  #open(query: SparseVector, slots: number): void {
    this.#cursors.open(query);
    this.#window.open(slots);
    this.#order.sort(this.#cursors);
  }

  /** The next slot of a list that is not weak by now; END if there is none. */
  #next(): number {
    this.#order.weaken(this.#cursors.count, this.#best.floor);
    return this.#nextFrom(this.#order.weak);
  }

  /** How many terms of the order are weak in the window: all of them, if no slot of it can enter. */
  #split(): number {
    const { count, ahead, boundAhead } = this.#cursors;
    const { floor } = this.#best;
    let split = 0;
    let sum = 0;
    let saved = 0;
    let postings = 0;
    for (let at = 0; at < count; at++) {
      const cursor = this.#order.cursors[at]!;
      if (at < this.#order.weak) this.#cursors.seek(cursor, this.#window.start);
      this.#cursors.look(cursor, this.#window.end);
      sum += boundAhead[cursor]!;
      postings += ahead[cursor]!;
      this.#order.belowHere[at + 1] = sum;
      if (sum * SLACK < floor) {
        split = at + 1;
        saved = postings;
      }
    }
    return split === count || saved > LEAST_SAVING * (postings - saved) ? split : 0;
  }

  /** Reads the strong lists in the query's order, which is that of exact scores. */
  #add(split: number): void {
    for (let cursor = 0; cursor < this.#cursors.count; cursor++) {
      if (this.#order.places[cursor]! >= split) this.#window.add(cursor);
    }
  }

  /** Adds the weak lists, the strongest first, to the slots that may still enter. Returns how many are left. */
  #narrow(split: number): number {
    const { weights, ahead } = this.#cursors;
    const { f32 } = this.#pool;
    const window = this.#window;
    const { floor } = this.#best;
    let left = window.keep(window.count, floor / SLACK - this.#order.belowHere[split]!);
    for (let at = split - 1; at >= 0 && left > 0; at--) {
      const cursor = this.#order.cursors[at]!;
      if (ahead[cursor] === 0) continue;
      if (LOOKUP_COST * left > ahead[cursor]!) window.addToFound(cursor);
      else {
        for (let i = 0; i < left; i++) {
          const offset = window.offsets[i]!;
          const posting = this.#cursors.find(cursor, window.start + offset);
          if (posting !== 0) window.scores[offset]! += weights[cursor]! * f32[posting]!;
        }
      }
      left = window.keep(left, floor / SLACK - this.#order.belowHere[at]!);
    }
    return left;
  }

  /** Offers the first `left` slots of the window. No number but integers goes in and out of calls for each slot: others would be objects. */
  #offer(inexact: boolean, left: number, accept: (slot: number) => boolean): void {
    const best = this.#best;
    const { offsets, scores, start } = this.#window;
    let { floor } = best;
    for (let i = 0; i < left; i++) {
      const offset = offsets[i]!;
      if (scores[offset]! * SLACK < floor) continue;
      const slot = start + offset;
      if (inexact) this.#makeExact(offset);
      if (scores[offset]! < floor || !best.admits(slot, scores[offset]!) || !accept(slot)) continue;
      best.add(slot, scores[offset]!);
      floor = best.floor;
    }
  }

  /** Adds a score up again, in the query's order. */
  #makeExact(offset: number): void {
    const { count, weights } = this.#cursors;
    const { f32 } = this.#pool;
    const { scores, start } = this.#window;
    let score = 0;
    for (let cursor = 0; cursor < count; cursor++) {
      const posting = this.#cursors.find(cursor, start + offset);
      if (posting !== 0) score += weights[cursor]! * f32[posting]!;
    }
    scores[offset] = score;
  }

  /** The next slot of the lists from this place of the order on; END if there is none. */
  #nextFrom(weak: number): number {
    const { count, next } = this.#cursors;
    let slot = END;
    for (let at = weak; at < count; at++) slot = Math.min(slot, next[this.#order.cursors[at]!]!);
    return slot;
  }
}
