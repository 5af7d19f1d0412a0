/** The main thread's side of the index's threads: gives them work, and keeps scratch for each in every segment's memory. */

import { availableParallelism } from "node:os";
import type { DenseSegment, SegmentHits } from "./dense-segment.ts";
import type { AttachedSegment, SegmentThread } from "./graph-keeper.ts";
import { Scratch } from "./scratch.ts";
import { failure, ThreadChannel } from "./thread-channel.node.ts";
import type { SegmentPlace } from "./thread-protocol.ts";

export interface RunningThread extends SegmentThread {
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface SegmentThreadOptions {
  /** All cores but the event loop's, 16 at most, unless given. */
  readonly threads?: number | undefined;
  /** Told when links could not be made: searches scan what waits for them, and the next change tries again. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

const MOST_THREADS = 16;
/** Rows linked for one message: enough for their order to matter. */
const ROWS_PER_WORK = 8_192;
/** Below so many rows more threads cost more than they save. */
const ROWS_PER_THREAD = 64;
/** Candidates by codes that a scan rescores, at least. */
const CANDIDATES = 100;

/** Costs nothing until a segment has work. */
export function createSegmentThread({
  threads = Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)),
  onFailure = () => undefined,
}: SegmentThreadOptions = {}): RunningThread {
  const channels = Array.from({ length: threads }, () => new ThreadChannel());
  let segments = 0;
  return {
    attach: (segment) => new ThreadedSegment(segment, { number: segments++, channels, onFailure }),
    async close() {
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}

interface Threads {
  /** The segment's own, in the threads. */
  readonly number: number;
  readonly channels: readonly ThreadChannel[];
  readonly onFailure: (error: unknown) => void;
}

class ThreadedSegment implements AttachedSegment {
  readonly #segment: DenseSegment;
  readonly #number: number;
  readonly #channels: readonly ThreadChannel[];
  readonly #onFailure: (error: unknown) => void;
  /** Of each thread for linking, and of the one that scans: made when first needed, grown while nobody uses it. */
  readonly #linkScratch: Scratch[] = [];
  #scanScratch: Scratch | undefined;
  readonly #underway = new Set<Promise<unknown>>();
  #bits = { at: 0, bytes: 0 };
  #scans: Promise<unknown> = Promise.resolve();
  #detached = false;

  constructor(segment: DenseSegment, { number, channels, onFailure }: Threads) {
    this.#segment = segment;
    this.#number = number;
    this.#channels = channels;
    this.#onFailure = onFailure;
  }

  async work(): Promise<boolean> {
    const { graph } = this.#segment;
    const work = this.#detached ? undefined : graph.begin(ROWS_PER_WORK);
    if (!work) return false;
    const linked: number[] = [];
    let repaired = false;
    try {
      await this.#during(this.#link(work.link, linked));
      if (work.repair && !this.#detached) repaired = await this.#during(this.#repair());
      return true;
    } catch (error) {
      // What ends with the segment is no failure.
      if (!this.#detached) this.#onFailure(error);
      return false;
    } finally {
      graph.finish({ linked, repaired });
    }
  }

  async encode(from: number, to: number): Promise<void> {
    const place = this.#place((this.#linkScratch[0] ??= this.#newScratch()));
    await this.#during(this.#channels[0]!.ask({ kind: "encode", place, from, to }));
  }

  scan(
    query: Float32Array,
    { k, bits }: { readonly k: number; readonly bits: Uint32Array | undefined },
  ): Promise<SegmentHits> {
    // One at a time: they share scratch and bitmap.
    const next = this.#scans.then(() => this.#during(this.#scan(query, k, bits)));
    this.#scans = next.catch(() => undefined);
    return next;
  }

  async detach(): Promise<void> {
    this.#detached = true;
    for (const channel of this.#channels) channel.tell({ kind: "stop", segment: this.#number });
    await Promise.allSettled(this.#underway);
    for (const channel of this.#channels) channel.tell({ kind: "forget", segment: this.#number });
  }

  /**
   * Links rows, a share of them in each thread. They take no locks: a link that two of them write at once may be lost, which
   * costs one link (recall@10 of 1, 2 and 4 threads alike, bench `index-parallel`), and every word of a list is a row or the end.
   */
  async #link(rows: Uint32Array, linked: number[]): Promise<void> {
    const threads = Math.min(this.#channels.length, Math.max(1, Math.floor(rows.length / ROWS_PER_THREAD)));
    const share = Math.ceil(rows.length / threads);
    const places = Array.from({ length: threads }, (_, thread) =>
      this.#place((this.#linkScratch[thread] ??= this.#newScratch())),
    );
    const shares = await Promise.allSettled(
      places.map(async (place, thread) => {
        const answer = await this.#channels[thread]!.ask({
          kind: "link",
          place,
          rows: rows.slice(thread * share, (thread + 1) * share),
          efConstruction: this.#segment.efConstruction,
        });
        if (answer.kind === "linked") for (const row of answer.rows) linked.push(row);
      }),
    );
    for (const settled of shares) if (settled.status === "rejected") throw settled.reason;
  }

  async #repair(): Promise<boolean> {
    const { rows } = this.#segment.columns;
    const answer = await this.#channels[0]!.ask({
      kind: "repair",
      place: this.#place((this.#linkScratch[0] ??= this.#newScratch())),
      rows,
    });
    return answer.kind === "repaired" && answer.whole;
  }

  async #scan(query: Float32Array, k: number, bits: Uint32Array | undefined): Promise<SegmentHits> {
    if (this.#detached) throw failure("the index is closed");
    const candidates = Math.max(4 * k, CANDIDATES);
    const scratch = (this.#scanScratch ??= this.#newScratch());
    scratch.fitPool(candidates);
    const answer = await this.#channels.at(-1)!.ask({
      kind: "scan",
      place: this.#place(scratch),
      query,
      queryAt: scratch.query,
      codeBytes: this.#segment.columns.codeBytes,
      foundRowsAt: scratch.foundRows,
      foundScoresAt: scratch.foundScores,
      bitsAt: bits && this.#putBits(bits),
      k,
      candidates,
    });
    if (answer.kind !== "scanned") throw failure("it answered something else");
    const { rows, scores, distances } = answer;
    return { count: rows.length, rows, scores, plan: "exact", distances, estimates: 0 };
  }

  #newScratch(): Scratch {
    const { columns, memory, dimension, m, efConstruction } = this.#segment;
    const scratch = new Scratch(memory, columns, { dimension, m, efConstruction });
    scratch.fitPool(efConstruction);
    return scratch;
  }

  #place(scratch: Scratch): SegmentPlace {
    const { columns, memory, module } = this.#segment;
    scratch.fitRows(columns.rows);
    return {
      number: this.#number,
      module,
      memory: memory.memory,
      segmentAt: columns.segmentAt,
      scratchAt: scratch.at,
    };
  }

  /** Copies a bitmap into the segment's memory, into the same region as long as it fits; where it is. */
  #putBits(bits: Uint32Array): number {
    const { memory } = this.#segment;
    if (this.#bits.bytes < bits.byteLength) {
      if (this.#bits.bytes > 0) memory.release(this.#bits.at, this.#bits.bytes);
      this.#bits = { at: memory.allocate(2 * bits.byteLength), bytes: 2 * bits.byteLength };
    }
    memory.u32.set(bits, this.#bits.at / 4);
    return this.#bits.at;
  }

  async #during<T>(work: Promise<T>): Promise<T> {
    this.#underway.add(work);
    try {
      return await work;
    } finally {
      this.#underway.delete(work);
    }
  }
}
