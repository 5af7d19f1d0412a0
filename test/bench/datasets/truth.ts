/** The exact nearest rows of each query, by code that is not measured here: usearch's exact search offers candidates, f64 decides; without usearch, f64 alone. */

import { load } from "../rivals/load.ts";
import { cachedNumbers, fingerprint, type Vectors } from "./cache.ts";

export interface Truth {
  /** [queries · k] row numbers, best first. */
  readonly ids: Int32Array;
  /** [queries] inner product of the k-th: a found row counts when it is at least this close, whichever of equals it is. */
  readonly least: Float64Array;
  readonly k: number;
}

export interface Asked {
  readonly rows: Vectors;
  readonly queries: Vectors;
  readonly k: number;
}

interface Exact {
  exactSearch(
    rows: Float32Array,
    queries: Float32Array,
    dimension: number,
    k: number,
    metric: string,
    threads: number,
  ): { readonly keys: BigUint64Array };
}

const CANDIDATES = 64;
/** More than an f32 sum over 1,536 products of a unit vector can be off. */
const SLACK = 1e-5;
/** Rows whose candidates are asked for together: 100 queries × 1,536 are few bytes beside the rows. */
const BATCH = 100;

/** Cached beside the vectors. */
export async function truthOf(name: string, asked: Asked): Promise<Truth> {
  const { rows, queries, k } = asked;
  const count = queries.vectors.length / queries.dimension;
  const numbers = await cachedNumbers(`${name}.truth`, {
    of: `${k} ${fingerprint(rows.vectors, queries.vectors)}`,
    make: () => nearest(asked),
  });
  return {
    k,
    ids: Int32Array.from({ length: count * k }, (_, i) => numbers[i * 2]!),
    least: Float64Array.from({ length: count }, (_, q) => numbers[(q * k + k - 1) * 2 + 1]!),
  };
}

/** [queries · k] ids and scores in turns, over the rows that `accept` takes: all of them in f64. cost: n·q·d products, 1 to 3 ns each */
export function bruteForce({ rows, queries, k }: Asked, accept?: (row: number) => boolean): Float64Array {
  const { vectors, dimension } = rows;
  const count = queries.vectors.length / dimension;
  const best = new Float64Array(count * k * 2).fill(-Infinity);
  for (let row = 0; row < vectors.length / dimension; row++) {
    if (accept?.(row) === false) continue;
    for (let q = 0; q < count; q++) offer(best.subarray(q * k * 2, (q + 1) * k * 2), row, dot(queries, q, rows, row));
  }
  return best;
}

/** Inner product in f64 of a query and a row. */
export function dot({ vectors: a, dimension }: Vectors, i: number, { vectors: b }: Vectors, j: number): number {
  const fromA = i * dimension;
  const fromB = j * dimension;
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < dimension; at += 2) {
    even += a[fromA + at]! * b[fromB + at]!;
    odd += a[fromA + at + 1]! * b[fromB + at + 1]!;
  }
  return even + odd + (dimension % 2 === 0 ? 0 : a[fromA + dimension - 1]! * b[fromB + dimension - 1]!);
}

async function nearest(asked: Asked): Promise<Float64Array> {
  const { rows, queries, k } = asked;
  const { dimension } = rows;
  const wanted = Math.min(CANDIDATES, rows.vectors.length / dimension);
  const native = await load<Exact>("usearch");
  if (!native || wanted <= k) return bruteForce(asked);
  const whole = rows.vectors.byteOffset === 0 ? rows.vectors : rows.vectors.slice();
  const count = queries.vectors.length / dimension;
  const best = new Float64Array(count * k * 2).fill(-Infinity);
  for (let from = 0; from < count; from += BATCH) {
    // A copy: its exact search reads from the beginning of a view's buffer.
    const block = queries.vectors.slice(from * dimension, Math.min(count, from + BATCH) * dimension);
    const { keys } = native.exactSearch(whole, block, dimension, wanted, "ip", 1);
    for (let q = from; q < Math.min(count, from + BATCH); q++) {
      const own = best.subarray(q * k * 2, (q + 1) * k * 2);
      const scores = [...keys.subarray((q - from) * wanted, (q - from + 1) * wanted)].map((key) => {
        const score = dot(queries, q, rows, Number(key));
        offer(own, Number(key), score);
        return score;
      });
      if (own[k * 2 - 1]! > Math.min(...scores) + SLACK) continue;
      // So many rows are nearly as close that f32 may have left one out.
      const alone = { vectors: queries.vectors.subarray(q * dimension, (q + 1) * dimension), dimension };
      own.set(bruteForce({ rows, queries: alone, k }));
    }
  }
  return best;
}

/** Keeps the best, descending. */
function offer(best: Float64Array, row: number, score: number): void {
  let place = best.length - 2;
  if (score <= best[place + 1]!) return;
  for (; place > 0 && best[place - 1]! < score; place -= 2) {
    best[place] = best[place - 2]!;
    best[place + 1] = best[place - 1]!;
  }
  best[place] = row;
  best[place + 1] = score;
}
