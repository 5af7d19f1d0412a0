/** What the graph lacks: rows that wait for their links, and dead rows that links must be led past before they are used again. */

import { NexusError } from "@nexus/core";
import { type Columns, LINKED, NONE } from "./columns.ts";
import { orderForLinking, repairInSteps } from "./graph-work.ts";
import type { SegmentInstance } from "./instance.ts";
import { RowSet } from "./row-set.ts";

/** Dead rows, as a share of all, from which a repair pays for its pass over all links. */
const REPAIR_SHARE = 0.05;
const LEAST_DEAD = 64;
/** Rows linked at once, ordered by what they lie close to. */
const LINK_ROWS = 8_192;
/** Levels that a row can have: beyond, m to that power exceeds any memory. */
const MOST_LEVELS = 8;

export interface GraphWriterOptions {
  readonly columns: Columns;
  readonly m: number;
  /** Takes a row back that nothing links to. */
  readonly free: (row: number) => void;
}

/** Work for whoever holds an instance, one or the other; `finish` is called after it. */
export interface GraphWork {
  readonly link: Uint32Array;
  /** Whether links are to be led past dead rows. */
  readonly repair: boolean;
}

export class GraphWriter {
  readonly #columns: Columns;
  readonly #free: (row: number) => void;
  readonly #perLevel: number;
  readonly #waiting = new Set<number>();
  /** Removed since the last repair began. */
  #dead: number[] = [];
  /** What is being done; its rows stay as they are until it is finished. */
  #underway: { readonly work: GraphWork; readonly linking: ReadonlySet<number>; readonly dead: number[] } | undefined;
  #waitingRows: Uint32Array | undefined;
  /** Rows that have their level. */
  readonly #levelled = new RowSet();
  #seed = 0x9e37_79b9;
  /** Changes with the graph. */
  version = 0;

  constructor({ columns, m, free }: GraphWriterOptions) {
    this.#columns = columns;
    this.#free = free;
    this.#perLevel = 1 / Math.log(m);
  }

  /** Rows that are in no list of links yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The same as a list, for searches to scan; used again. */
  waitingRows(): Uint32Array {
    return (this.#waitingRows ??= Uint32Array.from(this.#waiting));
  }

  added(row: number): void {
    this.#waiting.add(row);
    this.#waitingRows = undefined;
  }

  /** `linked`: its state said so; work that failed may have linked rows that still count as waiting. */
  removed(row: number, linked: boolean): void {
    const waited = this.#waiting.delete(row);
    if (waited) this.#waitingRows = undefined;
    // One that nobody has linked, nor does now, is free at once.
    if (waited && !linked && !this.#underway?.linking.has(row)) this.#free(row);
    else {
      this.#dead.push(row);
      this.version++;
    }
  }

  /** The next work, at most `most` rows of it, or undefined where there is none or some is under way. */
  begin(most: number = LINK_ROWS): GraphWork | undefined {
    if (this.#underway) return undefined;
    // First of all: where most are dead, new rows would find none alive to be linked with.
    const repair = this.#dead.length > Math.max(LEAST_DEAD, REPAIR_SHARE * this.#columns.rows);
    const link = repair ? new Uint32Array(0) : this.#nextRows(this.#most(most));
    if (link.length === 0 && !repair) return undefined;
    for (const row of link) this.#raise(row);
    const work = { link, repair };
    this.#underway = { work, linking: new Set(link), dead: repair ? this.#dead : [] };
    if (repair) this.#dead = [];
    return work;
  }

  /** After the work has been done, or part of it: what it linked waits no longer, what it led links past is free. */
  finish({ linked, repaired }: { readonly linked: Iterable<number>; readonly repaired: boolean }): void {
    if (!this.#underway) return;
    const { work, dead } = this.#underway;
    this.#underway = undefined;
    for (const row of linked) this.#waiting.delete(row);
    if (repaired) for (const row of dead) this.#free(row);
    else if (work.repair) this.#dead = dead.concat(this.#dead);
    this.#waitingRows = undefined;
    this.version++;
  }

  /** Does work with this thread's instance, at most so many rows of it; how many were linked. */
  run(
    wasm: SegmentInstance,
    { most, efConstruction }: { readonly most: number; readonly efConstruction: number },
  ): number {
    let linked = 0;
    for (let work = this.begin(most); work; work = linked < most ? this.begin(most - linked) : undefined) {
      for (const row of orderForLinking(wasm, work.link)) wasm.linkRow(row, efConstruction);
      if (work.repair) for (const step of repairInSteps(this.#columns.rows)) step(wasm);
      linked += work.link.length;
      this.finish({ linked: work.link, repaired: work.repair });
    }
    return linked;
  }

  /** The first row of a graph comes alone: two threads that each found it empty would make two. */
  #most(most: number): number {
    return this.#columns.entry === NONE ? 1 : Math.min(most, LINK_ROWS);
  }

  #nextRows(most: number): Uint32Array {
    const rows = new Uint32Array(Math.min(most, this.#waiting.size));
    let count = 0;
    for (const row of this.#waiting) {
      if (count === rows.length) break;
      rows[count++] = row;
    }
    return rows;
  }

  /** Gives a row its level, once for all the vectors that it will ever hold. Without memory for its lists it stays on level 0, like most. */
  #raise(row: number): void {
    if (this.#levelled.has(row)) return;
    this.#levelled.add(row);
    try {
      this.#columns.raise(row, this.#drawLevel());
    } catch (error) {
      if (!(error instanceof NexusError) || error.code !== "index.full") throw error;
    }
  }

  /** A graph from elsewhere has these rows in it. */
  adopted(rows: Iterable<number>): void {
    for (const row of rows) {
      this.#waiting.delete(row);
      this.#levelled.add(row);
      this.#columns.setState(row, LINKED);
    }
    this.#waitingRows = undefined;
    this.version++;
  }

  /** Malkov & Yashunin 2018, algorithm 1, line 4: ⌊−ln(u) / ln(m)⌋. */
  #drawLevel(): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    const uniform = ((this.#seed >>> 0) + 1) / 2 ** 32;
    return Math.min(MOST_LEVELS, Math.floor(-Math.log(uniform) * this.#perLevel));
  }
}
