/** What one thread needs beside the segment: the query in its three forms, marks of visited rows, the pool and counters. */

/** f32 query; after `prepareQuery` its rotated copy, signed codes and bits stand in buffers of their own. */
export let queryValues: usize = 0;
export let queryRotated: usize = 0;
export let queryCodes: usize = 0;
export let queryBits: usize = 0;
/** Best score that a Hamming distance leaves likely: f32 for 0…d. */
export let optimistic: usize = 0;
/** A byte for each row. */
let visited: usize = 0;
let visitedBytes: u32 = 0;
/** Keys of candidates, best first; room for `poolRoom` and one more. */
export let pool: usize = 0;
export let poolRoom: u32 = 0;
/** u32 rows and f32 scores of what was found. */
export let foundRows: usize = 0;
export let foundScores: usize = 0;
/** Keys of candidates for links, and the chosen rows. */
export let candidates: usize = 0;
export let chosen: usize = 0;
/** u16 for each row: Hamming distances of a scan; and u32 for 0…d: how often each occurs. */
export let hammings: usize = 0;
export let histogram: usize = 0;
/** Pairs of u32 row and f32 estimate, one for each link of a list. */
export let frontier: usize = 0;
let epoch: u32 = 0;

/** Codes scored and Hamming distances computed since the counters were last set to 0. */
export let distances: u32 = 0;
export let estimates: u32 = 0;

export function attachScratch(at: usize): void {
  queryValues = load<u32>(at);
  queryRotated = load<u32>(at, 4);
  queryCodes = load<u32>(at, 8);
  queryBits = load<u32>(at, 12);
  optimistic = load<u32>(at, 16);
  visited = load<u32>(at, 20);
  visitedBytes = load<u32>(at, 24);
  pool = load<u32>(at, 28);
  poolRoom = load<u32>(at, 32);
  foundRows = load<u32>(at, 36);
  foundScores = load<u32>(at, 40);
  candidates = load<u32>(at, 44);
  chosen = load<u32>(at, 48);
  hammings = load<u32>(at, 52);
  histogram = load<u32>(at, 56);
  frontier = load<u32>(at, 60);
  epoch = 255;
}

export function usePool(at: usize): void {
  pool = at;
}

/** Another query than the scratch's own, until `attachScratch` is called again. */
export function useQueryBuffers(values: usize, codes: usize): void {
  queryValues = values;
  queryCodes = codes;
}

export function forgetVisited(): void {
  if (++epoch < 256) return;
  memory.fill(visited, 0, visitedBytes);
  epoch = 1;
}

/** Whether the row is visited for the first time since `forgetVisited`. A row beyond the marks counts as visited: another thread added it meanwhile. */
export function visit(row: u32): bool {
  if (row >= visitedBytes) return false;
  const mark = visited + row;
  if (<u32>load<u8>(mark) === epoch) return false;
  store<u8>(mark, <u8>epoch);
  return true;
}

export function resetCounters(): void {
  distances = 0;
  estimates = 0;
}

export function countDistance(): void {
  distances++;
}

export function countDistances(count: u32): void {
  distances += count;
}

export function countEstimate(): void {
  estimates++;
}

export function countEstimates(count: u32): void {
  estimates += count;
}
