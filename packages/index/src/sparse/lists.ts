/** Inverted lists: for each term a directory of blocks, ascending by slot, all in one pool. */

import {
  appendFrom,
  appendRun,
  BLOCK,
  capacityFor,
  closeBlock,
  countOf,
  ENTRY,
  FIRST,
  insertAt,
  lowsOf,
  MAX,
  openBlock,
  placeOf,
  removeAt,
  resize,
  type Run,
  sameHalf,
  startOf,
  truncate,
} from "./blocks.ts";
import { Pool } from "./pool.ts";
import { BLOCKS, COUNT, DIRECTORY, directoryOf, entryOf, INLINE, LIST_MAX, ROW } from "./rows.ts";
import { TermTable } from "./term-table.ts";

/** Blocks of at most this many postings join a neighbour, */
const SPARSE = BLOCK / 4;
/** unless more than these would be in the joint one, which the next insertions would split again. */
const JOINT = (BLOCK * 3) / 4;

export class Lists {
  readonly pool: Pool = new Pool();
  readonly #terms = new TermTable(this.pool);

  get bytes(): number {
    return this.pool.bytes + this.#terms.bytes;
  }

  /** Where the term's row is; 0 for a term that occurs nowhere. It stays there while the term occurs. */
  row(id: number): number {
    return this.#terms.get(id);
  }

  /** Word of the pool with the slot's weight; 0 where the slot lacks the term. Cost: two binary searches. */
  find(row: number, slot: number): number {
    const { u32, u16 } = this.pool;
    const entry = entryOf(u32, row, slot);
    if (entry === 0 || !sameHalf(u32[entry + FIRST]!, slot)) return 0;
    const lows = lowsOf(u32, entry);
    const count = countOf(u32, entry);
    const place = placeOf(u16, lows, count, slot & 0xff_ff);
    return place < count && u16[lows + place] === (slot & 0xff_ff) ? startOf(u32, entry) + place : 0;
  }

  /** The row of a term, made if it occurs nowhere yet: then a posting must follow. */
  obtain(id: number): number {
    return this.#terms.get(id) || this.#open(id);
  }

  /** Appends places [from, to) of a run to the term's list, all behind what it has. Cost: a step a posting, in order. */
  append(row: number, run: Run, { from, to }: { readonly from: number; readonly to: number }): void {
    const { pool } = this;
    const slotAt = (place: number): number => run.slots[run.order[place]!]!;
    for (let at = from; at < to;) {
      const slot = slotAt(at);
      const blocks = pool.u32[row + BLOCKS]!;
      const end = directoryOf(pool.u32, row) + ENTRY * blocks;
      let entry = end - ENTRY;
      if (blocks === 0 || !sameHalf(pool.u32[entry + FIRST]!, slot) || countOf(pool.u32, entry) === BLOCK) {
        entry = this.#openBlock(row, end, Math.min(BLOCK, to - at));
      }
      let next = Math.min(to, at + BLOCK - countOf(pool.u32, entry));
      while (!sameHalf(slotAt(next - 1), slot)) next--;
      appendRun(pool, entry, run, { from: at, to: next });
      pool.u32[row + COUNT]! += next - at;
      pool.f32[row + LIST_MAX] = Math.max(pool.f32[row + LIST_MAX]!, pool.f32[entry + MAX]!);
      at = next;
    }
  }

  /** Puts a slot into the list of a term that it is not in yet, and returns the row. Cost: two binary searches, and moving what its block has behind it. */
  insert(id: number, slot: number, weight: number): number {
    const { pool } = this;
    const row = this.obtain(id);
    const entry = this.#entryFor(row, slot);
    const { u32, u16 } = pool;
    const low = slot & 0xff_ff;
    const lows = lowsOf(u32, entry);
    const count = countOf(u32, entry);
    const last = count === 0 || u16[lows + count - 1]! < low;
    insertAt(pool, entry, last ? count : placeOf(u16, lows, count, low), slot, weight);
    pool.u32[row + COUNT]!++;
    pool.f32[row + LIST_MAX] = Math.max(pool.f32[row + LIST_MAX]!, pool.f32[entry + MAX]!);
    return row;
  }

  /** Takes out a slot that is in the list. Cost: as `insert`, and now and then a pass over the block or the directory for the maximum. */
  remove(row: number, slot: number): void {
    const { pool } = this;
    const entry = entryOf(pool.u32, row, slot);
    const max = pool.f32[entry + MAX]!;
    const count = countOf(pool.u32, entry);
    if (count > 1) {
      removeAt(pool, entry, placeOf(pool.u16, lowsOf(pool.u32, entry), count, slot & 0xff_ff));
      if (count - 1 <= SPARSE) this.#join(row, entry);
    } else {
      closeBlock(pool, entry);
      this.#closeEntry(row, entry);
    }
    if (--pool.u32[row + COUNT]! === 0) {
      this.#terms.delete(row);
      pool.release(row, ROW);
    } else if (max === pool.f32[row + LIST_MAX]!) this.#findMax(row, max);
  }

  #open(id: number): number {
    const row = this.pool.allocate(ROW);
    this.pool.u32.fill(0, row, row + ROW);
    this.pool.u32[row] = id;
    this.#terms.add(row);
    return row;
  }

  /** The entry of the block that the slot belongs into, with room for it. */
  #entryFor(row: number, slot: number): number {
    const { pool } = this;
    const { u32 } = pool;
    const end = directoryOf(u32, row) + ENTRY * u32[row + BLOCKS]!;
    if (u32[row + BLOCKS] === 0) return this.#openBlock(row, 0, 1);
    const before = entryOf(u32, row, slot);
    let entry = before;
    if (before === 0 || !sameHalf(u32[before + FIRST]!, slot)) {
      entry = before === 0 ? directoryOf(u32, row) : before + ENTRY;
      if (entry === end || !sameHalf(u32[entry + FIRST]!, slot)) return this.#openBlock(row, entry, 1);
    }
    if (countOf(u32, entry) < BLOCK) return entry;
    const appends = pool.u16[lowsOf(u32, entry) + BLOCK - 1]! < (slot & 0xff_ff);
    if (appends && entry + ENTRY === end) return this.#openBlock(row, end, SPARSE);
    return this.#split(row, entry, slot);
  }

  /** Halves a full block and returns the half that the slot belongs into. */
  #split(row: number, entry: number, slot: number): number {
    const { pool } = this;
    const right = this.#openBlock(row, entry + ENTRY, JOINT);
    const left = right - ENTRY;
    appendFrom(pool, right, left, BLOCK / 2);
    truncate(pool, left, BLOCK / 2);
    return slot < pool.u32[right + FIRST]! ? left : right;
  }

  /** Joins a block that has become small with a neighbour, if both fit. */
  #join(row: number, entry: number): void {
    const { u32 } = this.pool;
    const start = directoryOf(u32, row);
    const end = start + ENTRY * u32[row + BLOCKS]!;
    if (entry + ENTRY < end && this.#joins(entry)) this.#absorb(row, entry);
    else if (entry > start && this.#joins(entry - ENTRY)) this.#absorb(row, entry - ENTRY);
  }

  #joins(entry: number): boolean {
    const { u32 } = this.pool;
    const next = entry + ENTRY;
    return sameHalf(u32[entry + FIRST]!, u32[next + FIRST]!) && countOf(u32, entry) + countOf(u32, next) <= JOINT;
  }

  /** Moves the next block's postings into this one. */
  #absorb(row: number, entry: number): void {
    const { pool } = this;
    const next = entry + ENTRY;
    resize(pool, entry, capacityFor(countOf(pool.u32, entry) + countOf(pool.u32, next)));
    appendFrom(pool, entry, next, 0);
    closeBlock(pool, next);
    this.#closeEntry(row, next);
  }

  /** Makes a block at this place of the directory; entries may lie elsewhere afterwards. */
  #openBlock(row: number, at: number, room: number): number {
    const { pool } = this;
    const blocks = pool.u32[row + BLOCKS]!;
    const offset = blocks === 0 ? 0 : at - pool.u32[row + DIRECTORY]!;
    if (blocks === 0) pool.u32[row + DIRECTORY] = row + INLINE;
    else if ((blocks & (blocks - 1)) === 0) this.#moveDirectory(row, 2 * blocks);
    const { u32 } = pool;
    const start = directoryOf(u32, row);
    u32.copyWithin(start + offset + ENTRY, start + offset, start + ENTRY * blocks);
    u32[row + BLOCKS]!++;
    openBlock(pool, start + offset, room);
    return start + offset;
  }

  #closeEntry(row: number, entry: number): void {
    const { u32 } = this.pool;
    const blocks = --u32[row + BLOCKS]!;
    u32.copyWithin(entry, entry + ENTRY, directoryOf(u32, row) + ENTRY * (blocks + 1));
    if (blocks > 0 && (blocks & (blocks - 1)) === 0) this.#moveDirectory(row, blocks);
  }

  /** Gives the directory room for a power of two of entries, twice or half of what it had; room for one is in the row. */
  #moveDirectory(row: number, capacity: number): void {
    const { pool } = this;
    const blocks = pool.u32[row + BLOCKS]!;
    const earlier = pool.u32[row + DIRECTORY]!;
    const moved = capacity === 1 ? row + INLINE : pool.allocate(ENTRY * capacity);
    pool.u32.copyWithin(moved, earlier, earlier + ENTRY * blocks);
    pool.u32[row + DIRECTORY] = moved;
    if (earlier !== row + INLINE) pool.release(earlier, ENTRY * (capacity > blocks ? blocks : 2 * capacity));
  }

  /** Finds the largest maximum of a list that may have lost it; `max` is what it was. */
  #findMax(row: number, max: number): void {
    const { u32, f32 } = this.pool;
    const start = directoryOf(u32, row);
    let found = 0;
    for (let entry = start; entry < start + ENTRY * u32[row + BLOCKS]!; entry += ENTRY) {
      found = Math.max(found, f32[entry + MAX]!);
      if (found === max) break;
    }
    f32[row + LIST_MAX] = found;
  }
}
