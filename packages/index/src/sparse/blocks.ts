/** Blocks: up to 128 postings of one term, ascending by slot, in a region of the pool. */

import type { Pool } from "./pool.ts";

/** Postings in a block at most: as in the papers on block maxima, and what an insertion may have to move aside. */
export const BLOCK = 128;

/** Words of a block's entry in its list's directory; the four that follow are its fields. */
export const ENTRY = 4;
/** The block's smallest slot. */
export const FIRST = 0;
/** Where its region begins: `capacity` weights (f32), then the low halves of `capacity` slots (u16): 6 bytes a posting. */
const START = 1;
/** count + 65,536 · capacity. */
const SIZES = 2;
/** The largest weight (f32), or ∞ where a weight is not positive: the query's weight times this bounds what the block adds to a score. */
export const MAX = 3;

/** Each even, about half as much again as the one before. */
const CAPACITIES = [2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, BLOCK] as const;

export function countOf(u32: Uint32Array, entry: number): number {
  return u32[entry + SIZES]! & 0xff_ff;
}

/** Where the block's weights begin; a signed integer, as indices are. */
export function startOf(u32: Uint32Array, entry: number): number {
  return u32[entry + START]! | 0;
}

/** Index in `pool.u16` of the low half of the block's first slot. */
export function lowsOf(u32: Uint32Array, entry: number): number {
  return (startOf(u32, entry) + (u32[entry + SIZES]! >>> 16)) << 1;
}

/** Slots in one block agree in their upper halves. */
export function sameHalf(slotA: number, slotB: number): boolean {
  return slotA >>> 16 === slotB >>> 16;
}

/** Place of the first of `count` ascending low halves, from index `lows` on, that is not below `low`. Without branches that depend on the data: a mispredicted one costs as much as three steps. */
export function placeOf(u16: Uint16Array, lows: number, count: number, low: number): number {
  let place = 0;
  for (let left = count; left > 0;) {
    const half = (left + 1) >> 1;
    // All ones where the posting in the middle is below.
    place += half & ((u16[lows + place + half - 1]! - low) >> 31);
    left -= half;
  }
  return place;
}

/** Makes `entry` that of an empty block with room for `count` postings. */
export function openBlock(pool: Pool, entry: number, count: number): void {
  const capacity = capacityFor(count);
  const start = pool.allocate(wordsOf(capacity));
  pool.u32[entry + START] = start;
  pool.u32[entry + SIZES] = capacity << 16;
  pool.f32[entry + MAX] = 0;
}

export function closeBlock(pool: Pool, entry: number): void {
  pool.release(pool.u32[entry + START]!, wordsOf(pool.u32[entry + SIZES]! >>> 16));
}

/** Puts a posting at `place` of a block that has fewer than 128. */
export function insertAt(pool: Pool, entry: number, place: number, slot: number, weight: number): void {
  const count = countOf(pool.u32, entry);
  if (count === pool.u32[entry + SIZES]! >>> 16) resize(pool, entry, capacityFor(count + 1));
  const { u32, u16, f32 } = pool;
  const start = startOf(u32, entry);
  const lows = lowsOf(u32, entry);
  if (place < count) {
    f32.copyWithin(start + place + 1, start + place, start + count);
    u16.copyWithin(lows + place + 1, lows + place, lows + count);
  }
  f32[start + place] = weight;
  u16[lows + place] = slot & 0xff_ff;
  u32[entry + SIZES]!++;
  if (place === 0) u32[entry + FIRST] = slot;
  f32[entry + MAX] = Math.max(f32[entry + MAX]!, boundOf(weight));
}

/** Postings of one term among those of many: `order` names their places in `slots` and `weights`, ascending by slot. */
export interface Run {
  readonly order: Uint32Array;
  readonly slots: Uint32Array;
  readonly weights: Float32Array;
}

/** Appends places [from, to) of a run to a block that they fit into, all behind what it has. */
export function appendRun(
  pool: Pool,
  entry: number,
  { order, slots, weights }: Run,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const count = countOf(pool.u32, entry);
  const added = to - from;
  if (count + added > pool.u32[entry + SIZES]! >>> 16) resize(pool, entry, capacityFor(count + added));
  const { u32, u16, f32 } = pool;
  const start = startOf(u32, entry) + count - from;
  const lows = lowsOf(u32, entry) + count - from;
  let max = f32[entry + MAX]!;
  for (let i = from; i < to; i++) {
    const posting = order[i]!;
    const weight = weights[posting]!;
    f32[start + i] = weight;
    u16[lows + i] = slots[posting]! & 0xff_ff;
    max = Math.max(max, boundOf(weight));
  }
  if (count === 0) u32[entry + FIRST] = slots[order[from]!]!;
  u32[entry + SIZES]! += added;
  f32[entry + MAX] = max;
}

/** Takes a posting out of a block that has at least two. */
export function removeAt(pool: Pool, entry: number, place: number): void {
  const { u32, u16, f32 } = pool;
  const left = countOf(u32, entry) - 1;
  const start = startOf(u32, entry);
  const lows = lowsOf(u32, entry);
  const bound = boundOf(f32[start + place]!);
  f32.copyWithin(start + place, start + place + 1, start + left + 1);
  u16.copyWithin(lows + place, lows + place + 1, lows + left + 1);
  u32[entry + SIZES]!--;
  if (place === 0) u32[entry + FIRST] = slotAt(u32[entry + FIRST]!, u16[lows]!);
  if (bound === f32[entry + MAX]!) f32[entry + MAX] = boundOfAll(f32, start, left);
  if (4 * left <= u32[entry + SIZES]! >>> 16) resize(pool, entry, capacityFor(2 * left));
}

/** Appends the postings from place `from` on of one block to another that has room for them. The first one's entry stays as it is. */
export function appendFrom(pool: Pool, into: number, entry: number, from: number): void {
  const { u32, u16, f32 } = pool;
  const start = startOf(u32, entry);
  const lows = lowsOf(u32, entry);
  const end = countOf(u32, entry);
  const count = countOf(u32, into);
  const target = startOf(u32, into);
  f32.copyWithin(target + count, start + from, start + end);
  u16.copyWithin(lowsOf(u32, into) + count, lows + from, lows + end);
  if (count === 0) u32[into + FIRST] = slotAt(u32[entry + FIRST]!, u16[lows + from]!);
  u32[into + SIZES]! += end - from;
  f32[into + MAX] = boundOfAll(f32, target, count + end - from);
}

/** Leaves the first `count` postings. */
export function truncate(pool: Pool, entry: number, count: number): void {
  const { u32, f32 } = pool;
  u32[entry + SIZES]! -= countOf(u32, entry) - count;
  f32[entry + MAX] = boundOfAll(f32, startOf(u32, entry), count);
}

/** Moves a block into a region of another capacity. */
export function resize(pool: Pool, entry: number, capacity: number): void {
  const larger = pool.allocate(wordsOf(capacity));
  const { u32, u16, f32 } = pool;
  const start = startOf(u32, entry);
  const lows = lowsOf(u32, entry);
  const count = countOf(u32, entry);
  f32.copyWithin(larger, start, start + count);
  u16.copyWithin(2 * (larger + capacity), lows, lows + count);
  closeBlock(pool, entry);
  u32[entry + START] = larger;
  u32[entry + SIZES] = count + (capacity << 16);
}

export function capacityFor(count: number): number {
  return CAPACITIES.find((capacity) => capacity >= count)!;
}

/** The slot with this low half in the block of another slot. */
function slotAt(first: number, low: number): number {
  return ((first & 0xff_ff_00_00) | low) >>> 0;
}

function wordsOf(capacity: number): number {
  return 1.5 * capacity;
}

function boundOf(weight: number): number {
  return weight > 0 ? weight : Infinity;
}

function boundOfAll(f32: Float32Array, start: number, count: number): number {
  let max = 0;
  for (let i = start; i < start + count; i++) {
    const weight = f32[i]!;
    if (!(weight > 0)) return Infinity;
    if (weight > max) max = weight;
  }
  return max;
}
