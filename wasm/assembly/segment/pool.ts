/**
 * The best candidates so far, best first, in one sorted array with a mark on each that has been expanded.
 * It stands for both heaps of the HNSW paper's algorithm 2: W is the array, C its unmarked part (as in NSG and DiskANN).
 *
 * A key is a u64: the score as an ordered integer, then the row inverted, then the mark.
 */

import { pool, usePool } from "./scratch";

export let size: u32 = 0;
let room: u32 = 0;
/** Score of the worst kept while the pool is full, −∞ before. */
export let worst: f32 = -Infinity;

export function clearPool(capacity: u32): void {
  size = 0;
  room = capacity;
  worst = -Infinity;
}

/** Puts the pool's state aside, and takes it up again: batch.ts has the struct. */
export function suspendPool(entry: usize): void {
  store<u32>(entry, size, 16);
  store<u32>(entry, room, 20);
  f32.store(entry, worst, 24);
}

export function resumePool(entry: usize): void {
  usePool(load<u32>(entry, 12));
  size = load<u32>(entry, 16);
  room = load<u32>(entry, 20);
  worst = f32.load(entry, 24);
}

/** A score as an integer that orders alike. */
function ordered(score: f32): u32 {
  const bits = reinterpret<u32>(score);
  return bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000);
}

/** Of equal scores the lower row comes first: it is stored inverted. */
export function keyOf(score: f32, row: u32): u64 {
  return ((<u64>ordered(score)) << 32) | (<u64>(~row << 1));
}

export function rowOf(key: u64): u32 {
  return ~(<u32>key) >> 1;
}

export function scoreOf(key: u64): f32 {
  const bits = <u32>(key >> 32);
  return reinterpret<f32>(bits ^ ((<i32>bits) < 0 ? 0x80000000 : 0xffffffff));
}

export function keyAt(place: u32): u64 {
  return load<u64>(pool + (<usize>place << 3));
}

export function markExpanded(place: u32): void {
  const at = pool + (<usize>place << 3);
  store<u64>(at, load<u64>(at) | 1);
}

export function isExpanded(key: u64): bool {
  return (key & 1) !== 0;
}

/** Puts a key in its place and drops the last if there are too many; its place, or `room` where it is not kept. */
export function offer(score: f32, row: u32): u32 {
  if (!(score > worst)) return room;
  const key = keyOf(score, row);
  let low: u32 = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyAt(middle) > key) low = middle + 1;
    else high = middle;
  }
  const kept = size < room ? size : room - 1;
  const at = pool + (<usize>low << 3);
  moveUp(at, pool + (<usize>kept << 3));
  store<u64>(at, key);
  size = kept + 1;
  if (size === room) worst = scoreOf(keyAt(room - 1));
  return low;
}

/** Moves the keys in [from, end) up by one. Short moves are cheaper here than by the engine's own copy, which is a call. */
function moveUp(from: usize, end: usize): void {
  if (end - from > 512) {
    memory.copy(from + 8, from, end - from);
    return;
  }
  while (end - from >= 16) {
    end -= 16;
    v128.store(end + 8, v128.load(end));
  }
  if (end > from) store<u64>(from + 8, load<u64>(from));
}
