/** The rows of one named vector in wasm memory: scans, and a graph over those that have been linked. */

import { Batch, type ManyHits, noHits, scanTogether, searchEach } from "./batch.ts";
import { Columns, DEAD, LINKED, WAITING } from "./columns.ts";
import { GraphWriter } from "./graph-writer.ts";
import { instantiate, type SegmentInstance } from "./instance.ts";
import { MOST_CANDIDATES, planSearch } from "./planner.ts";
import { type AcceptRow, selectivityOf } from "./row-filter.ts";
import { Scratch } from "./scratch.ts";
import {
  candidatesFor,
  checkDimension,
  EF_SEARCH,
  EXACT_ROWS,
  type Searched,
  Searcher,
  type SegmentHits,
  type SegmentQuery,
} from "./searcher.ts";
import { SegmentMemory } from "./segment-memory.ts";

export type { ManyHits, SegmentHits, SegmentQuery };

export interface DenseSegmentOptions {
  readonly dimension: number;
  /** wasm/assembly/index.ts, compiled. */
  readonly module: WebAssembly.Module;
  /** Links of a row on the graph's upper levels; twice as many on level 0. */
  readonly m?: number | undefined;
  readonly efConstruction?: number | undefined;
  /** `index.full` comes before the memory outgrows this. */
  readonly maxBytes?: number | undefined;
}

const M = 16;
/** As good a graph as at 200 on clustered and real vectors, in two thirds of the time. */
const EF_CONSTRUCTION = 128;

export class DenseSegment {
  readonly dimension: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly module: WebAssembly.Module;
  readonly memory: SegmentMemory;
  readonly columns: Columns;
  /** What waits to be linked or repaired, by this thread or another. */
  readonly graph: GraphWriter;
  readonly #wasm: SegmentInstance;
  readonly #scratch: Scratch;
  readonly #searched: Searched;
  readonly #searcher: Searcher;
  readonly #free: number[] = [];
  #batch: Batch | undefined;
  #live = 0;

  constructor({ dimension, module, m = M, efConstruction = EF_CONSTRUCTION, maxBytes }: DenseSegmentOptions) {
    this.dimension = dimension;
    this.module = module;
    this.m = m;
    this.efConstruction = efConstruction;
    this.memory = new SegmentMemory(maxBytes);
    this.columns = new Columns(this.memory, { dimension, m });
    this.#scratch = new Scratch(this.memory, this.columns, { dimension, m, efConstruction });
    this.#wasm = instantiate(module, this.memory.memory, (row) => this.#searcher.accepts(row));
    this.graph = new GraphWriter({ columns: this.columns, m, free: (row) => this.#release(row) });
    this.#searched = {
      dimension,
      memory: this.memory,
      columns: this.columns,
      graph: this.graph,
      wasm: this.#wasm,
      scratch: this.#scratch,
      live: () => this.#live,
      isLive: (row) => this.has(row),
    };
    this.#searcher = new Searcher(this.#searched);
    this.#searcher.attach();
  }

  /** Rows that searches may find. */
  get count(): number {
    return this.#live;
  }

  /** What the rows, the graph and this thread's scratch take up. */
  get bytes(): number {
    return this.columns.bytes + this.#searcher.bytes + (this.#batch?.bytes ?? 0);
  }

  /** Room for so many more rows, so that adding them cannot fail half-way. Throws `index.full`. */
  reserve(count: number): void {
    const fresh = Math.max(0, count - this.#free.length);
    // Marks first: rows that cannot be searched are of no use.
    this.#searcher.fitRows(this.columns.rows + fresh);
    this.columns.reserve(fresh);
  }

  /**
   * Takes in a vector of unit length; the row that it is in.
   *
   * cost     writes codes, bits and f32 values once: about 3 µs at 384 dimensions
   * throws   `vector.dimension_mismatch`, `index.full`
   */
  add(vector: Float32Array): number {
    checkDimension(vector, this.dimension);
    this.reserve(1);
    const used = this.#free.pop();
    const row = used ?? this.columns.append();
    this.memory.f32.set(vector, this.#scratch.query / 4);
    const upper = used === undefined ? 0 : this.columns.upperOf(used);
    this.#wasm.writeRow(row, upper, used === undefined ? 0 : this.columns.levelOf(used));
    if (used === undefined) this.columns.publish(row);
    this.#live++;
    this.graph.added(row);
    return row;
  }

  /**
   * Takes in many vectors at once, in rows that follow one another; the first of them. Rows that are free are left alone.
   * Nobody may search or remove before they have been encoded.
   *
   * shapes   values: [n · dimension] f32
   */
  place(values: Float32Array): number {
    const count = values.length / this.dimension;
    const first = this.columns.rows;
    this.#searcher.fitRows(first + count);
    this.columns.reserve(count);
    for (let done = 0; done < count;) {
      done += this.columns.fill(first + done, values.subarray(done * this.dimension), this.dimension);
      this.columns.publish(first + done - 1);
    }
    this.#live += count;
    for (let row = first; row < first + count; row++) this.graph.added(row);
    return first;
  }

  /** Makes codes and bits of rows [from, to) that have been placed. Cost: about 2 µs a row at 384 dimensions. */
  encode(from: number, to: number): void {
    this.#wasm.encodeRows(from, to);
  }

  remove(row: number): void {
    if (!this.has(row)) return;
    const linked = this.columns.stateOf(row) === LINKED;
    this.#live--;
    this.columns.setState(row, DEAD);
    this.graph.removed(row, linked);
  }

  has(row: number): boolean {
    if (row >= this.columns.rows) return false;
    const state = this.columns.stateOf(row);
    return state === WAITING || state === LINKED;
  }

  /** Links waiting rows here and now, repairs what removed ones left; how many were linked. Cost: some 0.1–0.2 ms a row. */
  link(most: number = Infinity): number {
    this.#searcher.fit(this.efConstruction);
    return this.graph.run(this.#wasm, { most, efConstruction: this.efConstruction });
  }

  /** As `Searcher.search`. */
  search(query: Float32Array, options: SegmentQuery): SegmentHits {
    return this.#searcher.search(query, options);
  }

  /** As `Searcher.searchRows`. */
  searchRows(query: Float32Array, rows: Uint32Array, options: Pick<SegmentQuery, "k" | "accept">): SegmentHits {
    return this.#searcher.searchRows(query, rows, options);
  }

  /** As `Searcher.collect`. */
  collect(
    query: Float32Array,
    least: number,
  ): { readonly rows: readonly number[]; readonly scores: readonly number[] } {
    return this.#searcher.collect(query, least);
  }

  /**
   * Searches for several queries, as `search` would for each; exact scans without a filter share their pass over the codes.
   *
   * shapes   queries: [n · dimension] f32
   */
  searchMany(queries: Float32Array, options: SegmentQuery): ManyHits {
    const each = Array.from({ length: queries.length / this.dimension }, (_, i) =>
      queries.subarray(i * this.dimension, (i + 1) * this.dimension),
    );
    const { accept, filter, prefix, plan = "auto", k, efSearch = EF_SEARCH } = options;
    if (k <= 0) return noHits(each.length, 0);
    const narrowed = accept !== undefined || filter !== undefined || prefix !== undefined;
    const way = plan === "auto" ? this.#planned(Math.max(k, efSearch), 1) : plan;
    const many = candidatesFor(options) > MOST_CANDIDATES;
    if (narrowed || many || way !== "exact" || this.columns.rows <= EXACT_ROWS)
      return searchEach(this.#searcher, each, options);
    this.#batch ??= new Batch(this.memory, this.columns);
    return scanTogether(this.#searched, this.#searcher, this.#batch, { queries: each, options });
  }

  /** Rows that a search with this filter would scan, one after the other. */
  scannedRows(accept: AcceptRow | undefined): number {
    const { rows } = this.columns;
    const selectivity = selectivityOf({ accept }, rows, (row) => this.has(row));
    return this.#planned(EF_SEARCH, selectivity) === "exact" ? rows : this.graph.waiting;
  }

  #planned(efSearch: number, selectivity: number): string {
    const { waiting } = this.graph;
    return planSearch({ rows: this.columns.rows, linked: this.#live - waiting, waiting }, { efSearch, selectivity })
      .way;
  }

  #release(row: number): void {
    this.#wasm.freeRow(row);
    this.#free.push(row);
  }
}
