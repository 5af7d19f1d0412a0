/** The scores of a range of slots, added up list by list: small enough to stay in a core's cache. */

import { countOf, ENTRY, FIRST, lowsOf, placeOf, startOf } from "./blocks.ts";
import type { Cursors } from "./cursors.ts";
import type { Pool } from "./pool.ts";

/**
 * Slots in a window at most; a power of two not above 65,536, so that a block's slots agree in what they are counted from.
 * 16,384 (128 KiB of scores) took 58 µs at 100,000 turns, 4,096 took 70, 1,024 took 125: every window costs a step of each list.
 */
const WINDOW = 16_384;

export class Window {
  /** The window's first slot. */
  start = 0;
  /** Slots that have a score: `start` + the first `count` of `offsets`. */
  count = 0;
  /** Postings read since the last `open`. */
  read = 0;
  offsets: Uint16Array = new Uint16Array(0);
  /** By offset; NaN where no list that was read has the slot, so that adding to it changes nothing. */
  scores: Float64Array = new Float64Array(0);
  readonly #pool: Pool;
  readonly #cursors: Cursors;

  constructor(pool: Pool, cursors: Cursors) {
    this.#pool = pool;
    this.#cursors = cursors;
  }

  get bytes(): number {
    return this.offsets.byteLength + this.scores.byteLength;
  }

  /** Behind its last slot. */
  get end(): number {
    return this.start + this.scores.length;
  }

  /** Makes room for the slots of an index that has this many. */
  open(slots: number): void {
    this.read = 0;
    while (this.scores.length < Math.min(slots, WINDOW)) {
      const length = Math.max(256, 2 * this.scores.length);
      this.scores = new Float64Array(length).fill(Number.NaN);
      this.offsets = new Uint16Array(length);
    }
  }

  /** Empties it and moves it over the slot. */
  moveTo(slot: number): void {
    const { scores, offsets } = this;
    for (let i = 0; i < this.count; i++) scores[offsets[i]!] = Number.NaN;
    this.count = 0;
    this.start = slot - (slot % scores.length);
  }

  /** Adds a list's part in the window to the scores. Cost: 5–7 ns a posting. */
  add(cursor: number): void {
    const { u32, u16, f32 } = this.#pool;
    const { scores, offsets, end: limit } = this;
    const weight = this.#cursors.weights[cursor]!;
    const end = this.#cursors.ends[cursor]!;
    const base = this.start & 0xff_ff;
    let place = this.#cursors.places[cursor]!;
    let { count } = this;
    for (let entry = this.#cursors.entries[cursor]!; entry < end && u32[entry + FIRST]! < limit; entry += ENTRY) {
      const lows = lowsOf(u32, entry);
      const start = startOf(u32, entry);
      const stop = stopOf(u16, lows, countOf(u32, entry), base + scores.length);
      this.read += stop - place;
      for (; place < stop; place++) {
        const offset = u16[lows + place]! - base;
        const score = scores[offset]!;
        const added = weight * f32[start + place]!;
        if (score === score) scores[offset] = score + added;
        else {
          scores[offset] = 0 + added;
          offsets[count++] = offset;
        }
      }
      place = 0;
    }
    this.count = count;
  }

  /** Brings those of the first `count` slots to the front whose score is not below `least`; returns how many. */
  keep(count: number, least: number): number {
    const { offsets, scores } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const offset = offsets[i]!;
      if (scores[offset]! < least) continue;
      offsets[i] = offsets[kept]!;
      offsets[kept++] = offset;
    }
    return kept;
  }

  /** Adds a list's part in the window to the slots that have a score. */
  addToFound(cursor: number): void {
    const { u32, u16, f32 } = this.#pool;
    const { scores, end: limit } = this;
    const weight = this.#cursors.weights[cursor]!;
    const end = this.#cursors.ends[cursor]!;
    const base = this.start & 0xff_ff;
    let place = this.#cursors.places[cursor]!;
    for (let entry = this.#cursors.entries[cursor]!; entry < end && u32[entry + FIRST]! < limit; entry += ENTRY) {
      const lows = lowsOf(u32, entry);
      const start = startOf(u32, entry);
      const stop = stopOf(u16, lows, countOf(u32, entry), base + scores.length);
      this.read += stop - place;
      for (; place < stop; place++) scores[u16[lows + place]! - base]! += weight * f32[start + place]!;
      place = 0;
    }
  }
}

/** Place behind the block's last posting below `limit`. */
function stopOf(u16: Uint16Array, lows: number, count: number, limit: number): number {
  return u16[lows + count - 1]! < limit ? count : placeOf(u16, lows, count, limit);
}
