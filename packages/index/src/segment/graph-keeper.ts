/** Keeps a segment's graph up with its rows: in a thread where there is one, otherwise as rows are added. */

import { NexusError } from "@nexus/core";
import type { DenseSegment, SegmentHits, SegmentQuery } from "./dense-segment.ts";
import { GRAPH_ROWS } from "./planner.ts";

/** A thread that works on segments in shared memory; one for all segments of a process. */
export interface SegmentThread {
  attach(segment: DenseSegment): AttachedSegment;
}

export interface AttachedSegment {
  /** Does the graph's next work, if there is any: whether there may be more. */
  work(): Promise<boolean>;
  /** As `DenseSegment.encode`. */
  encode(from: number, to: number): Promise<void>;
  /** Scans every row that `bits` lets through. */
  scan(
    query: Float32Array,
    options: { readonly k: number; readonly bits: Uint32Array | undefined },
  ): Promise<SegmentHits>;
  /** Stops work under way and lets go of the segment. */
  detach(): Promise<void>;
}

/** Rows that a writer links for each that it adds where no thread does it: it catches up, and no write takes long. */
const LINKED_PER_CHANGE = 2;
/** Rows that a filter is asked about before others get their turn. */
const ASKED_AT_ONCE = 4_096;

export class GraphKeeper {
  readonly #segment: DenseSegment;
  readonly #attached: AttachedSegment | undefined;
  #working: Promise<void> | undefined;
  /** Nothing is built before `start`, so that a graph of before can be adopted. */
  #started = false;
  #closed = false;

  constructor(segment: DenseSegment, thread: SegmentThread | undefined) {
    this.#segment = segment;
    this.#attached = thread?.attach(segment);
  }

  get hasThread(): boolean {
    return this.#attached !== undefined;
  }

  /** From now on the graph is kept. */
  start(): void {
    this.#started = true;
    this.changed();
  }

  /** A row was added or removed. */
  changed(): void {
    if (!this.#started || this.#closed || this.#segment.columns.rows < GRAPH_ROWS) return;
    if (this.#attached) this.#working ??= this.#work(this.#attached);
    else this.#linkSome();
  }

  /** Makes codes and bits of rows that have been placed, in the thread where there is one. */
  async encode(from: number, to: number): Promise<void> {
    try {
      if (this.#attached) return await this.#attached.encode(from, to);
    } catch {
      // The thread has failed: then here.
    }
    this.#segment.encode(from, to);
  }

  /** An exact search of all rows in the thread; the filter is asked here, a few thousand rows at a time. */
  async scan(query: Float32Array, { k, accept }: Pick<SegmentQuery, "k" | "accept">): Promise<SegmentHits> {
    if (!this.#attached) return this.#segment.search(query, { k, accept, plan: "exact" });
    const bits = accept && (await this.#bitsOf(accept));
    if (this.#segment.count === 0) return this.#segment.search(query, { k: 0 });
    return this.#attached.scan(query, { k: Math.min(k, this.#segment.count), bits });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#attached?.detach();
    await this.#working;
  }

  /** Where there is no memory for it, searches scan what waits. */
  #linkSome(): void {
    try {
      this.#segment.link(LINKED_PER_CHANGE);
    } catch (error) {
      if (!(error instanceof NexusError) || error.code !== "index.full") throw error;
    }
  }

  async #work(attached: AttachedSegment): Promise<void> {
    try {
      while (!this.#closed && (await attached.work())) await immediately();
    } catch {
      // Searches scan what waits; the next change tries again.
    } finally {
      this.#working = undefined;
    }
  }

  async #bitsOf(accept: (row: number) => boolean): Promise<Uint32Array> {
    const rows = this.#segment.columns.rows;
    const bits = new Uint32Array(Math.ceil(rows / 32));
    for (let from = 0; from < rows; from += ASKED_AT_ONCE) {
      if (from > 0) await immediately();
      for (let row = from; row < Math.min(rows, from + ASKED_AT_ONCE); row++) {
        if (accept(row)) bits[row >>> 5]! |= 1 << (row & 31);
      }
    }
    return bits;
  }
}

/** After what waits in the event loop has had its turn. */
function immediately(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
