/** The rows of one named vector, known by slot: a dense segment, and who keeps its graph. */

import { DenseSegment, type SegmentHits } from "./segment/dense-segment.ts";
import { GraphKeeper, type SegmentThread } from "./segment/graph-keeper.ts";
import { adoptGraph, saveGraph } from "./segment/graph-image.ts";

export interface NamedVectorsOptions {
  readonly dimension: number;
  readonly module: WebAssembly.Module;
  /** Builds the graph elsewhere; without it writers build it as they go. */
  readonly thread?: SegmentThread | undefined;
  readonly maxBytes?: number | undefined;
}

export interface SlotQuery {
  readonly limit: number;
  /** Asked for slots that would be returned; every slot may be, unless given. */
  readonly accept?: ((slot: number) => boolean) | undefined;
  /** Only these slots, each once. */
  readonly among?: Iterable<number> | undefined;
}

export interface SlotScore {
  readonly slot: number;
  readonly score: number;
}

/** Hits beyond those asked for, so that the caller can decide between equal scores. */
const SPARE = 8;
const NOWHERE = -1;
/** Points scored by codes or lists in a millisecond, roughly: what takes longer goes to the thread. */
const ROWS_PER_MS = 50_000;

export class NamedVectors {
  readonly dimension: number;
  readonly #segment: DenseSegment;
  readonly #keeper: GraphKeeper;
  readonly #rowOf: number[] = [];
  readonly #slotOf: number[] = [];

  constructor({ thread, ...options }: NamedVectorsOptions) {
    this.dimension = options.dimension;
    this.#segment = new DenseSegment(options);
    this.#keeper = new GraphKeeper(this.#segment, thread);
  }

  get count(): number {
    return this.#segment.count;
  }

  get bytes(): number {
    return this.#segment.bytes;
  }

  /** Changes with the graph. */
  get graphVersion(): number {
    return this.#segment.graph.version;
  }

  /** Throws `index.full` before anything changes. */
  reserve(count: number): void {
    this.#segment.reserve(count);
  }

  /** Begins to keep a graph: after one of before has been adopted, if there was one. */
  buildGraph(): void {
    this.#keeper.start();
  }

  add(slot: number, values: Float32Array): void {
    const row = this.#segment.add(values);
    this.#rowOf[slot] = row;
    this.#slotOf[row] = slot;
    this.#keeper.changed();
  }

  /**
   * Adds many at once; searches and removals must wait until it resolves.
   *
   * shapes   slots: [n]; values: [n · dimension] f32, copied at once
   */
  async addMany(slots: readonly number[], values: Float32Array): Promise<void> {
    const first = this.#segment.place(values);
    for (const [i, slot] of slots.entries()) {
      this.#rowOf[slot] = first + i;
      this.#slotOf[first + i] = slot;
    }
    await this.#keeper.encode(first, first + slots.length);
    this.#keeper.changed();
  }

  remove(slot: number): void {
    const row = this.#rowOf[slot] ?? NOWHERE;
    if (row === NOWHERE) return;
    this.#rowOf[slot] = NOWHERE;
    this.#slotOf[row] = NOWHERE;
    this.#segment.remove(row);
    this.#keeper.changed();
  }

  /**
   * The best by dot product, best first; all that score as the last one does are among them or none, so that the caller
   * may order equals by what it knows.
   */
  search(query: Float32Array, { limit, accept, among }: SlotQuery): SlotScore[] {
    const rows = among && this.#rowsOf(among);
    const acceptRow = accept && ((row: number) => this.#accepts(row, accept));
    const k = limit + SPARE;
    const hits = rows
      ? this.#segment.searchRows(query, rows, { k, accept: acceptRow })
      : this.#segment.search(query, { k, accept: acceptRow });
    if (!isTied(hits, k, limit)) return this.#scores(hits);
    return this.#allFrom(query, hits.scores[limit - 1]!, { accept, among: rows && new Set(rows) });
  }

  /** Whether a search like this is for `searchAway`: it would hold the event loop too long. */
  isLong({ accept, among }: SlotQuery): boolean {
    if (!this.#keeper.hasThread || among || this.count < ROWS_PER_MS) return false;
    return this.#segment.scannedRows(accept && ((row) => this.#accepts(row, accept))) > ROWS_PER_MS;
  }

  /** The same as `search`, scanned by the thread. Slots may change meanwhile: what is removed is left out. */
  async searchAway(query: Float32Array, { limit, accept }: SlotQuery): Promise<SlotScore[]> {
    const acceptRow = accept && ((row: number) => this.#accepts(row, accept));
    const k = limit + SPARE;
    const hits = await this.#keeper.scan(query, { k, accept: acceptRow });
    // Scored again: what was scanned may have been removed, and its row used again, before its answer came.
    const rows = hits.rows.slice(0, hits.count);
    const now = this.#segment.searchRows(query, rows, { k, accept: acceptRow });
    if (isTied(now, k, limit)) return this.#allFrom(query, now.scores[limit - 1]!, { accept });
    return this.#scores(now);
  }

  /** Bytes of the graph with each row under the identity of its point; undefined where there is none. */
  graph(identityOf: (slot: number) => string): Promise<Uint8Array | undefined> {
    return saveGraph(this.#segment, (row) => {
      const slot = this.#slotOf[row] ?? NOWHERE;
      return slot === NOWHERE ? undefined : identityOf(slot);
    });
  }

  adoptGraph(bytes: Uint8Array, identityOf: (slot: number) => string): boolean {
    return adoptGraph(this.#segment, bytes, (row) => {
      const slot = this.#slotOf[row] ?? NOWHERE;
      return slot === NOWHERE ? undefined : identityOf(slot);
    });
  }

  close(): Promise<void> {
    return this.#keeper.close();
  }

  /** All that score at least so much: more than SPARE score alike where the limit cuts. */
  #allFrom(
    query: Float32Array,
    least: number,
    { accept, among }: { readonly accept: SlotQuery["accept"]; readonly among?: ReadonlySet<number> | undefined },
  ): SlotScore[] {
    const { rows, scores } = this.#segment.collect(query, least);
    const found: SlotScore[] = [];
    for (const [i, row] of rows.entries()) {
      const slot = this.#slotOf[row] ?? NOWHERE;
      if (slot === NOWHERE || (among && !among.has(row)) || (accept && !accept(slot))) continue;
      found.push({ slot, score: scores[i]! });
    }
    return found;
  }

  #accepts(row: number, accept: (slot: number) => boolean): boolean {
    const slot = this.#slotOf[row] ?? NOWHERE;
    return slot !== NOWHERE && accept(slot);
  }

  #rowsOf(slots: Iterable<number>): Uint32Array {
    const rows: number[] = [];
    for (const slot of slots) {
      const row = this.#rowOf[slot] ?? NOWHERE;
      if (row !== NOWHERE) rows.push(row);
    }
    return Uint32Array.from(rows);
  }

  #scores({ count, rows, scores }: SegmentHits): SlotScore[] {
    return Array.from({ length: count }, (_, i) => ({ slot: this.#slotOf[rows[i]!]!, score: scores[i]! }));
  }
}

/** Whether the limit cuts through more equal scores than were asked for. */
function isTied({ count, scores }: SegmentHits, k: number, limit: number): boolean {
  return count === k && limit > 0 && scores[k - 1] === scores[limit - 1];
}
