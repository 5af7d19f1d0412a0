/** A term's row in the pool, and its directory: one entry for each block of its list, ascending by slot. */

import { ENTRY, FIRST, MAX } from "./blocks.ts";

/** Words of a row. Word 0 is the term's id; the fields that follow are in front of room for one entry. */
export const ROW = 8;
/** In how many slots the term occurs. */
export const COUNT = 1;
/** How many blocks its list has. */
export const BLOCKS = 2;
/** Where its directory is: in the row itself for one block, else a region for 2, 4, 8 … entries. */
export const DIRECTORY = 3;
/** The entry of the only block. */
export const INLINE = 4;
/** The largest of the blocks' maxima (f32), and so that of the only block. */
export const LIST_MAX: number = INLINE + MAX;

/** A signed integer, as indices are. */
export function directoryOf(u32: Uint32Array, row: number): number {
  return u32[row + DIRECTORY]! | 0;
}

/** The entry of the last block that begins at the slot or before; 0 if none does. */
export function entryOf(u32: Uint32Array, row: number, slot: number): number {
  const start = directoryOf(u32, row);
  let low = 0;
  let high = u32[row + BLOCKS]!;
  // New slots are the largest: their block is the last.
  if (high > 0 && u32[start + ENTRY * (high - 1) + FIRST]! <= slot) return start + ENTRY * (high - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (u32[start + ENTRY * middle + FIRST]! <= slot) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : start + ENTRY * (low - 1);
}
