/** The k best of many scores: a bounded heap of 64-bit keys whose order is that of (score, row). */

/** What `select` looks for. */
const LARGEST: i32 = 0;

/**
 * Takes `count` scores into the selection of the best k; equal scores go by the lower row, NaN is never taken.
 *
 * shapes   scores: [count] f32, of rows first, first + 1, … which must be above all rows seen before; keys: [k] u64, 8-byte aligned;
 *          size: how many keys are there from calls before; order: 0 for the largest, 1 for the smallest scores
 * returns  how many keys are there now
 * cost     one comparison of 4 scores in most places; log₂ k steps for a score that gets in
 */
export function select(scores: usize, count: u32, first: u32, keys: usize, size: u32, k: u32, order: i32): u32 {
  if (k == 0) return 0;
  let row = first;
  const end = scores + (<usize>count << 2);
  for (; scores < end && size < k; scores += 4, row++) {
    const score = f32.load(scores);
    if (score == score) siftUp(keys, size++, keyOf(score, row, order));
  }
  while (scores < end) {
    // Rows ascend: an equal score loses.
    const worst = scoreOf(load<u64>(keys), order);
    const passed = skip(scores, end, worst, order);
    row += <u32>((passed - scores) >> 2);
    scores = passed;
    if (scores >= end) break;
    const score = f32.load(scores);
    if (order == LARGEST ? score > worst : score < worst) siftDown(keys, size, keyOf(score, row, order));
    scores += 4;
    row++;
  }
  return size;
}

/**
 * Sorts the selection and takes it apart: best first.
 *
 * shapes   keys: [size] u64 from `select`, afterwards without meaning; rows: [size] u32; scores: [size] f32
 * cost     size · log₂ size steps
 */
export function takeSelected(keys: usize, size: u32, rows: usize, scores: usize, order: i32): void {
  while (size > 0) {
    const worst = load<u64>(keys);
    size--;
    siftDown(keys, size, load<u64>(keys + (<usize>size << 3)));
    store<u32>(rows + (<usize>size << 2), <u32>worst);
    f32.store(scores + (<usize>size << 2), scoreOf(worst, order));
  }
}

/** The first of the 4, 8, … scores from `at` on that hold one which may get in; `end`, or the last few, where none does. */
function skip(at: usize, end: usize, worst: f32, order: i32): usize {
  const limit = f32x4.splat(worst);
  if (order == LARGEST) {
    for (; at + 16 <= end; at += 16) if (v128.any_true(f32x4.gt(v128.load(at), limit))) break;
    for (; at < end; at += 4) if (f32.load(at) > worst) break;
    return at;
  }
  for (; at + 16 <= end; at += 16) if (v128.any_true(f32x4.lt(v128.load(at), limit))) break;
  for (; at < end; at += 4) if (f32.load(at) < worst) break;
  return at;
}

/** Smaller is better: the score's bits in the order of numbers (inverted where large is good), then the row. */
function keyOf(score: f32, row: u32, order: i32): u64 {
  // −0 and 0 are equal scores.
  const bits = score == 0 ? 0 : reinterpret<i32>(score);
  const ascending = <u32>(bits ^ ((bits >> 31) | 0x80000000));
  return (<u64>(order == LARGEST ? ~ascending : ascending) << 32) | row;
}

function scoreOf(key: u64, order: i32): f32 {
  const high = <u32>(key >> 32);
  const ascending = <i32>(order == LARGEST ? ~high : high);
  return reinterpret<f32>(ascending < 0 ? ascending ^ 0x80000000 : ~ascending);
}

/** The root is the worst key: a parent is larger than its children. */
function siftUp(keys: usize, at: u32, key: u64): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = load<u64>(keys + (<usize>parent << 3));
    if (above >= key) break;
    store<u64>(keys + (<usize>at << 3), above);
    at = parent;
  }
  store<u64>(keys + (<usize>at << 3), key);
}

/** Puts `key` in the place of the root. */
function siftDown(keys: usize, size: u32, key: u64): void {
  if (size == 0) return;
  let at: u32 = 0;
  while (true) {
    let child: u32 = 2 * at + 1;
    if (child >= size) break;
    let below = load<u64>(keys + (<usize>child << 3));
    if (child + 1 < size) {
      const other = load<u64>(keys + (<usize>(child + 1) << 3));
      if (other > below) {
        child++;
        below = other;
      }
    }
    if (below <= key) break;
    store<u64>(keys + (<usize>at << 3), below);
    at = child;
  }
  store<u64>(keys + (<usize>at << 3), key);
}
