/** Searches of one segment by one thread: which way a query goes, and its filter. */

import { NexusError } from "@nexus/core";
import { type Columns, roundUp } from "./columns.ts";
import type { GraphWriter } from "./graph-writer.ts";
import { ALL, ASKED, type SegmentInstance } from "./instance.ts";
import { MOST_CANDIDATES, type Planned, planSearch, type Way } from "./planner.ts";
import { type PrefixBudget, prefixFor } from "./prefix.ts";
import { type AcceptRow, acceptOf, type RowFilter, selectivityOf } from "./row-filter.ts";
import type { Scratch } from "./scratch.ts";
import type { SegmentMemory } from "./segment-memory.ts";

export interface SegmentQuery extends RowFilter {
  readonly k: number;
  /** "auto" unless given. */
  readonly plan?: Way | "auto" | undefined;
  /** Candidates of a graph search, at least k. */
  readonly efSearch?: number | undefined;
  /** Candidates by codes that a scan rescores exactly; for `binary` by bits, ten times as many come before. */
  readonly rescore?: number | undefined;
  /** Scans compare by the first so many dimensions (rounded up to 16), or by as many as a budget leaves, before rescoring. */
  readonly prefix?: number | PrefixBudget | undefined;
}

/** Best first. The arrays are used again by the next search. */
export interface SegmentHits {
  readonly count: number;
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
  readonly plan: Way | "list";
  /** Rows scored by their codes, and rows judged by their bits. */
  readonly distances: number;
  readonly estimates: number;
}

/** Candidates of a graph search: recall@10 ≥ 0.99 on real vectors at 100,000 (bench `index`). */
export const EF_SEARCH = 128;
/** Up to so many rows every one is scored exactly. */
export const EXACT_ROWS = 1_024;
/** Candidates by bits for each that is rescored. */
const BITS_PER_RESCORED = 10;

/** What a search looks at. */
export interface Searched {
  readonly dimension: number;
  readonly memory: SegmentMemory;
  readonly columns: Columns;
  readonly graph: GraphWriter;
  readonly wasm: SegmentInstance;
  readonly scratch: Scratch;
  /** Rows that may be found, and whether a row is one. */
  live(): number;
  isLive(row: number): boolean;
}

export class Searcher {
  readonly #on: Searched;
  #accept: AcceptRow = () => true;
  #list = { at: 0, bytes: 0 };
  /** Given to every caller: a search leaves no garbage. */
  readonly #found: { -readonly [K in keyof SegmentHits]: SegmentHits[K] } = {
    count: 0,
    rows: new Uint32Array(0),
    scores: new Float32Array(0),
    plan: "exact",
    distances: 0,
    estimates: 0,
  };

  constructor(on: Searched) {
    this.#on = on;
  }

  /** For wasm, which asks it about rows that would be kept. */
  accepts(row: number): boolean {
    return this.#accept(row);
  }

  get bytes(): number {
    return this.#on.scratch.bytes + this.#list.bytes;
  }

  /**
   * shapes   query: [dimension] f32, of unit length for scores to be cosines
   * cost     `exact` a pass over the codes, `binary` one over the bits, `graph` some efSearch · 10 codes; no garbage
   */
  search(query: Float32Array, options: SegmentQuery): SegmentHits {
    const k = Math.min(options.k, this.#on.live());
    if (k <= 0) return this.hits(0, "exact");
    const accept = acceptOf(options);
    const efSearch = Math.max(options.efSearch ?? EF_SEARCH, k);
    const { way, ef } = this.#plan(options, efSearch);
    const width = way === "exact" ? this.#widthOf(options) : this.#on.columns.codeBytes;
    const most = candidatesFor(options);
    this.fit(Math.max(most, Math.min(ef, MOST_CANDIDATES)));
    this.take(query, width);
    if (way === "graph") {
      const found = this.#searchGraph(k, { way, ef, efSearch, accept });
      if (found !== undefined) return this.hits(found, "graph");
    }
    if (way === "binary") {
      this.#on.wasm.scanBits(Math.min(most * BITS_PER_RESCORED, this.#on.columns.rows), most);
      return this.hits(this.#rescore(k, this.#refuse(accept, most), true), "binary");
    }
    if (accept) this.#accept = accept;
    const filter = accept ? ASKED : ALL;
    if (this.#on.columns.rows <= EXACT_ROWS) return this.hits(this.#on.wasm.scanValues(k, filter), "exact");
    this.#on.wasm.scanCodes(most, width, filter);
    return this.hits(this.#rescore(k, most, width === this.#on.columns.codeBytes), "exact");
  }

  /** Scores every row of a list exactly, however low it is; the list names none twice. Rows that are not there are passed over. */
  searchRows(query: Float32Array, rows: Uint32Array, options: Pick<SegmentQuery, "k" | "accept">): SegmentHits {
    const k = Math.min(options.k, rows.length);
    if (k <= 0) return this.hits(0, "list");
    const list = this.#putList(rows);
    this.fit(k);
    this.take(query, this.#on.columns.codeBytes);
    if (options.accept) this.#accept = options.accept;
    return this.hits(this.#on.wasm.scoreRows(list, rows.length, k, options.accept ? ASKED : ALL), "list");
  }

  /** All rows that score at least so much, in no order: the way out where very many score alike. Cost: a pass over the f32 values. */
  collect(
    query: Float32Array,
    least: number,
  ): { readonly rows: readonly number[]; readonly scores: readonly number[] } {
    const { memory, columns, wasm, scratch } = this.#on;
    this.fit(1);
    this.take(query, columns.codeBytes);
    const rows: number[] = [];
    const scores: number[] = [];
    // A full index has no memory for more at once.
    const step = scratch.poolRoom;
    for (let from = 0; from < columns.rows; from += step) {
      const count = wasm.collectRows(from, Math.min(columns.rows, from + step), least);
      for (let i = 0; i < count; i++) {
        rows.push(memory.u32[scratch.foundRows / 4 + i]!);
        scores.push(memory.f32[scratch.foundScores / 4 + i]!);
      }
    }
    return { rows, scores };
  }

  /** Codes that a scan compares. */
  #widthOf({ prefix, k }: SegmentQuery): number {
    const { dimension, columns } = this.#on;
    if (prefix === undefined) return columns.codeBytes;
    const wanted = typeof prefix === "number" ? prefix : prefixFor({ dimension, rows: columns.rows, k }, prefix);
    const rounded = roundUp(wanted, 16);
    return rounded >= dimension ? columns.codeBytes : rounded;
  }

  #plan(options: SegmentQuery, efSearch: number): Planned {
    const { plan = "auto" } = options;
    const { columns, graph } = this.#on;
    const rows = { rows: columns.rows, linked: this.#on.live() - graph.waiting, waiting: graph.waiting };
    if (plan !== "auto") return { way: plan, ef: efSearch };
    // A number asks for that scan; a budget only for what is fast.
    if (typeof options.prefix === "number" && options.prefix < this.#on.dimension)
      return { way: "exact", ef: efSearch };
    const unfiltered = planSearch(rows, { efSearch, selectivity: 1 });
    if (unfiltered.way === "exact") return unfiltered;
    const selectivity = selectivityOf(options, columns.rows, (row) => this.#on.isLive(row));
    return planSearch(rows, { efSearch, selectivity });
  }

  /** Undefined where the filter refused so much that a scan is the better way. */
  #searchGraph(
    k: number,
    { ef, efSearch, accept }: Planned & { readonly efSearch: number; readonly accept: AcceptRow | undefined },
  ): number | undefined {
    for (let room = ef; room <= MOST_CANDIDATES; room *= 4) {
      this.fit(room);
      this.#on.wasm.searchGraph(room);
      const waiting = this.#on.graph.waitingRows();
      if (waiting.length > 0) this.#on.wasm.offerRows(this.#putList(waiting), waiting.length);
      const full = this.#on.wasm.poolSize() === room;
      const found = this.#rescore(k, this.#refuse(accept, efSearch), true);
      if (found === k || !full) return found;
    }
    return undefined;
  }

  /** Strikes out refused candidates from the best on, until `wanted` are accepted; how many places that takes. */
  #refuse(accept: AcceptRow | undefined, wanted: number): number {
    const size = this.#on.wasm.poolSize();
    if (!accept) return size;
    const { u32 } = this.#on.memory;
    const pool = this.#on.scratch.pool / 4;
    let accepted = 0;
    let place = 0;
    for (; place < size && accepted < wanted; place++) {
      const row = ~u32[pool + 2 * place]! >>> 1;
      if (this.#on.isLive(row) && accept(row)) accepted++;
      else u32.fill(0, pool + 2 * place, pool + 2 * place + 2);
    }
    return place;
  }

  #rescore(k: number, limit: number, bounded: boolean): number {
    return this.#on.wasm.rescore(k, limit, bounded ? 1 : 0);
  }

  /** Makes it the query of the instance. */
  take(query: Float32Array, width: number): void {
    checkDimension(query, this.#on.dimension);
    this.#on.memory.f32.set(query, this.#on.scratch.query / 4);
    this.#on.wasm.resetCounters();
    this.#on.wasm.prepareQuery(width);
  }

  /** What was found, as every search gives it. */
  hits(count: number, plan: SegmentHits["plan"]): SegmentHits {
    const found = this.#found;
    const { u32, f32 } = this.#on.memory;
    if (found.rows.length < count || found.rows.buffer !== u32.buffer) {
      const [rows, scores] = [this.#on.scratch.foundRows / 4, this.#on.scratch.foundScores / 4];
      found.rows = u32.subarray(rows, rows + Math.max(64, count));
      found.scores = f32.subarray(scores, scores + Math.max(64, count));
    }
    found.count = count;
    found.plan = plan;
    found.distances = this.#on.wasm.countedDistances();
    found.estimates = this.#on.wasm.countedEstimates();
    return found;
  }

  #putList(rows: Uint32Array): number {
    this.#fitList(rows.byteLength);
    this.#on.memory.u32.set(rows, this.#list.at / 4);
    return this.#list.at;
  }

  #fitList(needed: number): void {
    if (this.#list.bytes >= needed) return;
    const bytes = Math.max(4_096, 2 * needed);
    const at = this.#on.memory.allocate(bytes);
    if (this.#list.bytes > 0) this.#on.memory.release(this.#list.at, this.#list.bytes);
    this.#list = { at, bytes };
  }

  /** Scratch for so many candidates. */
  fit(candidates: number): void {
    if (this.#on.scratch.fitPool(candidates)) this.attach();
  }

  /** Scratch for so many rows, and for a list of all of them: a search that begins can end. */
  fitRows(rows: number): void {
    this.#fitList(4 * rows);
    if (this.#on.scratch.fitRows(rows)) this.attach();
  }

  /** The instance takes up this segment and scratch: after either has moved. */
  attach(): void {
    this.#found.rows = new Uint32Array(0);
    this.#on.wasm.attach(this.#on.columns.segmentAt, this.#on.scratch.at);
  }
}

/** Candidates by codes that are rescored, unless the query says how many. */
export function candidatesFor({ k, rescore = Math.max(4 * k, 100) }: SegmentQuery): number {
  return Math.max(rescore, k);
}

/** throws  `vector.dimension_mismatch` */
export function checkDimension({ length }: Float32Array, dimension: number): void {
  if (length === dimension) return;
  throw new NexusError(
    "vector.dimension_mismatch",
    `[nexus/index:segment] a vector has ${length} dimensions, the segment ${dimension}`,
  );
}
