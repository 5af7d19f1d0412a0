/** Several queries at once: a scan shares its pass over the rows among them. */

import { type Columns, NONE } from "./columns.ts";
import type { SegmentInstance } from "./instance.ts";
import { candidatesFor, type Searched, type Searcher, type SegmentHits, type SegmentQuery } from "./searcher.ts";
import type { SegmentMemory } from "./segment-memory.ts";

export interface ManyHits {
  /** [n · k], best first, NONE where fewer were found. */
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** Queries that share a pass. */
const BATCH = 16;
/** Bytes of a query's struct, as in wasm/assembly/segment/batch.ts. */
const ENTRY_BYTES = 48;

/** Buffers for a batch's queries, made at the first use. */
export class Batch {
  readonly #memory: SegmentMemory;
  readonly #columns: Columns;
  readonly #at: number;
  #room = 0;

  constructor(memory: SegmentMemory, columns: Columns) {
    this.#memory = memory;
    this.#columns = columns;
    this.#at = memory.allocate(BATCH * ENTRY_BYTES);
    for (let i = 0; i < BATCH; i++) {
      const buffers = [memory.allocate(columns.valueBytes), memory.allocate(columns.codeBytes), 0, 0];
      memory.u32.set(buffers, (this.#at + i * ENTRY_BYTES) / 4);
    }
  }

  get bytes(): number {
    return BATCH * (ENTRY_BYTES + this.#columns.valueBytes + this.#columns.codeBytes + 8 * (this.#room + 2));
  }

  /** Makes it the instance's, with pools for so many candidates. */
  attach(wasm: SegmentInstance, room: number): void {
    if (room > this.#room) this.#enlarge(room);
    wasm.attachBatch(this.#at);
  }

  /** All pools or, with `index.full`, none. */
  #enlarge(room: number): void {
    const bytes = (places: number): number => 8 * (places + 2);
    const pools: number[] = [];
    try {
      for (let i = 0; i < BATCH; i++) pools.push(this.#memory.allocate(bytes(room)));
    } catch (error) {
      for (const at of pools) this.#memory.release(at, bytes(room));
      throw error;
    }
    for (const [i, at] of pools.entries()) {
      const field = (this.#at + i * ENTRY_BYTES) / 4 + 3;
      if (this.#room > 0) this.#memory.release(this.#memory.u32[field]!, bytes(this.#room));
      this.#memory.u32[field] = at;
    }
    this.#room = room;
  }
}

/** Searches for each query by itself. */
export function searchEach(searcher: Searcher, queries: readonly Float32Array[], options: SegmentQuery): ManyHits {
  const many = noHits(queries.length, options.k);
  for (const [i, query] of queries.entries()) put(many, i, options.k, searcher.search(query, options));
  return many;
}

/** Scans the codes once for sixteen queries at a time. */
export function scanTogether(
  on: Searched,
  searcher: Searcher,
  batch: Batch,
  { queries, options }: { readonly queries: readonly Float32Array[]; readonly options: SegmentQuery },
): ManyHits {
  const { wasm, columns } = on;
  const { k } = options;
  const many = noHits(queries.length, k);
  const candidates = candidatesFor(options);
  searcher.fit(candidates);
  for (let first = 0; first < queries.length; first += BATCH) {
    const together = queries.slice(first, first + BATCH);
    batch.attach(wasm, candidates);
    for (const [i, query] of together.entries()) {
      searcher.take(query, columns.codeBytes);
      wasm.keepQuery(i, candidates);
    }
    wasm.scanCodesMany(together.length);
    for (const i of together.keys()) {
      wasm.useQuery(i);
      put(many, first + i, k, searcher.hits(wasm.rescore(Math.min(k, on.live()), candidates, 1), "exact"));
    }
    // Back to the scratch's own query and pool.
    searcher.attach();
  }
  return many;
}

export function noHits(queries: number, k: number): ManyHits {
  return { rows: new Uint32Array(queries * k).fill(NONE), scores: new Float32Array(queries * k).fill(-Infinity) };
}

function put({ rows, scores }: ManyHits, i: number, k: number, hits: SegmentHits): void {
  rows.set(hits.rows.subarray(0, hits.count), i * k);
  scores.set(hits.scores.subarray(0, hits.count), i * k);
}
