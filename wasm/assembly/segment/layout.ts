/** Where a segment keeps its rows, and the state of the thread that works on them: the memory map is in wasm/README.md. */

/** No row: ends a list of links that is not full. */
export const NONE: u32 = 0xffffffff;

/** States of a row, in this order over its life. */
export const FREE: u8 = 0;
/** Has its columns, is found by scans, is not in the graph yet. */
export const WAITING: u8 = 1;
export const LINKED: u8 = 2;
/** Removed, still a stepping stone in the graph until repair has led all links past it. */
export const DEAD: u8 = 3;

/** Rows of one block of a column, as a power of two. */
const BLOCK_SHIFT: u32 = 10;
const BLOCK_MASK: u32 = (1 << BLOCK_SHIFT) - 1;

/** Bytes behind the bits of a head: scale f32, Σ codes i32, upper links u32, state u8, level u8, two unused. */
const TAIL: usize = 16;

// What is the same for all threads, read from the segment once.
export let dimension: u32 = 0;
export let codeWidth: u32 = 0;
export let bitWidth: u32 = 0;
/** Bytes of an f32 row. */
export let rowBytes: usize = 0;
/** Most links of a row on level 0, and on each level above. */
export let linksBelow: u32 = 0;
export let linksAbove: u32 = 0;
let headStride: usize = 0;
let headTable: usize = 0;
let codeTable: usize = 0;
let linkTable: usize = 0;
let rowTable: usize = 0;
let noLinks: usize = 0;
let segment: usize = 0;

/** Binds this instance to a segment: twelve u32 that JavaScript wrote, then the number of rows and the entry. */
export function attachSegment(at: usize): void {
  segment = at;
  dimension = load<u32>(at);
  codeWidth = load<u32>(at, 4);
  bitWidth = load<u32>(at, 8);
  headStride = load<u32>(at, 12);
  rowBytes = load<u32>(at, 16);
  linksBelow = load<u32>(at, 20);
  linksAbove = load<u32>(at, 24);
  headTable = load<u32>(at, 28);
  codeTable = load<u32>(at, 32);
  linkTable = load<u32>(at, 36);
  rowTable = load<u32>(at, 40);
  noLinks = load<u32>(at, 44);
}

/** Rows ever used: every row below this number has its columns. */
export function rowCount(): u32 {
  return load<u32>(segment, 48);
}

/** Where searches of the graph begin; `NONE` while it is empty. */
export function entryRow(): u32 {
  return load<u32>(segment, 52);
}

export function setEntry(row: u32): void {
  store<u32>(segment, row, 52);
}

export function headOf(row: u32): usize {
  return (<usize>load<u32>(headTable + (<usize>(row >> BLOCK_SHIFT) << 2))) + <usize>(row & BLOCK_MASK) * headStride;
}

export function codesOf(row: u32): usize {
  return (<usize>load<u32>(codeTable + (<usize>(row >> BLOCK_SHIFT) << 2))) + (row & BLOCK_MASK) * codeWidth;
}

export function valuesOf(row: u32): usize {
  return (<usize>load<u32>(rowTable + (<usize>(row >> BLOCK_SHIFT) << 2))) + <usize>(row & BLOCK_MASK) * rowBytes;
}

/** The list of a row's links on a level: u32 rows, `NONE` behind the last unless it is full. Empty above the row's own level: a link may be older than its row. */
export function linksOf(row: u32, level: u32): usize {
  if (level > 0) {
    const head = headOf(row);
    return level > levelOf(head) ? noLinks : upperOf(head) + (<usize>((level - 1) * linksAbove) << 2);
  }
  return (<usize>load<u32>(linkTable + (<usize>(row >> BLOCK_SHIFT) << 2))) + (<usize>((row & BLOCK_MASK) * linksBelow) << 2);
}

/** Rows that lie in one block from `row` on, at most `count`. */
export function rowsInBlock(row: u32, count: u32): u32 {
  return min(count, BLOCK_MASK + 1 - (row & BLOCK_MASK));
}

export function headBytes(): usize {
  return headStride;
}

export function scaleOf(head: usize): f32 {
  return f32.load(head + headStride - TAIL);
}

export function sumOf(head: usize): i32 {
  return load<i32>(head + headStride - TAIL, 4);
}

function upperOf(head: usize): usize {
  return load<u32>(head + headStride - TAIL, 8);
}

/** In the collection: waiting or linked. */
export function isLive(head: usize): bool {
  const state = stateOf(head);
  return state === LINKED || state === WAITING;
}

export function stateOf(head: usize): u8 {
  return load<u8>(head + headStride - TAIL, 12);
}

export function setState(head: usize, state: u8): void {
  store<u8>(head + headStride - TAIL, state, 12);
}

/** Waiting → linked, unless another thread has just removed the row. */
export function markLinked(head: usize): void {
  atomic.cmpxchg<u8>(head + headStride - TAIL + 12, WAITING, LINKED);
}

export function levelOf(head: usize): u32 {
  return load<u8>(head + headStride - TAIL, 13);
}

export function setTail(head: usize, scale: f32, sum: i32, upper: u32, level: u32): void {
  const tail = head + headStride - TAIL;
  f32.store(tail, scale);
  store<i32>(tail, sum, 4);
  store<u32>(tail, upper, 8);
  store<u8>(tail, <u8>level, 13);
}
