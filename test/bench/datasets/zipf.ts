/** A trace of requests as a cache sees them: a few keys asked for often, and now and then a scan of keys that never come back. */

import { seeded } from "../../support/random.ts";

export interface Trace {
  /** Key numbers in order. */
  readonly requests: Int32Array;
  /** Keys from here on are a scan's. */
  readonly firstScanned: number;
}

export interface TraceOptions {
  /** Keys that are asked for by popularity. */
  readonly keys: number;
  readonly requests: number;
  /** The k-th most popular key is asked for in proportion to 1/k^skew. */
  readonly skew: number;
  /** Of scanned keys in a row, one scan after each `scanEvery` requests; 0: no scans. */
  readonly scanLength: number;
  readonly scanEvery: number;
  /** Requests after which a tenth of the keys swap their popularity; 0: never. */
  readonly driftEvery: number;
  readonly seed: number;
}

export function zipfTrace({ keys, requests, skew, scanLength, scanEvery, driftEvery, seed }: TraceOptions): Trace {
  const random = seeded(seed);
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let rank = 0; rank < keys; rank++) cumulative[rank] = sum += (rank + 1) ** -skew;
  const byRank = shuffled(keys, random);
  const trace = new Int32Array(requests);
  let scanned = keys;
  for (let i = 0, asked = 0; i < requests; asked++) {
    trace[i++] = byRank[rankOf(cumulative, random() * sum)] ?? 0;
    if (driftEvery > 0 && asked % driftEvery === driftEvery - 1) drift(byRank, keys / 10, random);
    if (scanLength > 0 && asked % scanEvery === scanEvery - 1)
      for (let k = 0; k < scanLength && i < requests; k++) trace[i++] = scanned++;
  }
  return { requests: trace, firstScanned: keys };
}

function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) swap(order, i, Math.floor(random() * (i + 1)));
  return order;
}

function drift(byRank: Int32Array, swaps: number, random: () => number): void {
  for (let i = 0; i < swaps; i++)
    swap(byRank, Math.floor(random() * byRank.length), Math.floor(random() * byRank.length));
}

function swap(order: Int32Array, a: number, b: number): void {
  const kept = order[a] ?? 0;
  order[a] = order[b] ?? 0;
  order[b] = kept;
}

/** The first rank whose cumulative share reaches the value. */
function rankOf(cumulative: Float64Array, value: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
