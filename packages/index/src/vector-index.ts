/** One tenant's points in memory, with the methods of core's `VectorStore`: synchronous, and without the scope. */

import { indexModule } from "#wasm";
import {
  type Filter,
  predicate,
  type SparseVector,
  type TermStatistics,
  type VectorDescription,
  type VectorHit,
  type VectorPoint,
  type VectorQuery,
} from "@nexus/core";
import { checkPoints, checkQuery, type Dimensions } from "./check.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { byMemory, type MemoryEntry, type PointEntry } from "./entry.ts";
import { scalarDot } from "@nexus/kernels";
import { DenseVectors } from "./dense-vectors.ts";
import type { NamedVectors, SlotQuery, SlotScore } from "./named-vectors.ts";
import type { SegmentThread } from "./segment/graph-keeper.ts";
import { Best } from "./sparse/best.ts";
import { SparseIndex } from "./sparse/sparse-index.ts";
import { type Narrowed, Threads } from "./threads.ts";

/** Heap of one memory with one point, measured over 10,000 of them; rows and lists are counted exactly. */
const BYTES_PER_MEMORY = 1_000;

/** What looking a term up in one point costs, in entries of an inverted list read in order: 32–38 ns beside 16–20 ns at 50,000 points of 20 terms. */
const LOOKUP_COST = 2;

/** What scoring one row of a list costs, in rows scanned by their codes: its f32 values are read out of order. */
const LIST_COST = 4;

export interface VectorIndexOptions {
  /** The wasm index: the build that suits this engine, unless given. */
  readonly module?: WebAssembly.Module | undefined;
  /** Builds graphs and takes long searches; without it writers build graphs as they go. */
  readonly thread?: SegmentThread | undefined;
  /** Most bytes of one named vector's rows and graph; beyond it writes are refused with `index.full`. */
  readonly maxVectorBytes?: number | undefined;
  /** False: no graph is built before `buildGraphs`, so that those of before can be adopted. */
  readonly graphs?: boolean | undefined;
}

export interface VectorIndex {
  /** Replaces all points of each memory that `points` names; two points of one id in a batch: the later one. Throws as `checkPoints`, or `index.full`, before any change. */
  upsert(points: readonly VectorPoint[]): void;
  /** Makes room for so many more rows of each named vector. Throws `index.full`. */
  reserve(coming: ReadonlyMap<string, { readonly dimension: number; readonly rows: number }>): void;
  /**
   * Adds memories that are not there yet, in order. The batch's numbers are copied before it returns; searches, removals and
   * upserts must wait until it resolves. Cost: some 7 µs a point, and 2 in the thread.
   */
  load(batch: ColumnBatch): Promise<void>;
  remove(memoryIds: readonly string[]): void;
  /** Best first, ties by point id. Cost: a search of the graph, or a pass over the rows or lists that the filter leaves. Throws as `checkQuery`. */
  search(query: VectorQuery): VectorHit[];
  /** The same; what would hold the event loop for long is done in the thread. */
  searchSoon(query: VectorQuery): Promise<VectorHit[]>;
  terms(ids: Uint32Array): TermStatistics;
  describe(): VectorDescription;
  has(memoryId: string): boolean;
  /** The dimension of each named vector that has rows. */
  readonly dimensions: Dimensions;
  /** The bytes of each named vector's graph, where there is one: valid whatever rows its points have after the next start. Made in pieces: writes and searches come between. */
  graphs(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Takes a graph that `graphs` gave earlier; false where it does not fit the points, and then nothing has changed. */
  adoptGraph(name: string, bytes: Uint8Array): boolean;
  /** Begins to build the graphs that are lacking, where the index was made not to. */
  buildGraphs(): void;
  /** Changes whenever `graphs` would give other bytes. */
  graphVersion(): number;
  /** Stops what the thread does for it. */
  close(): Promise<void>;
}

export function createVectorIndex({
  module = indexModule(),
  thread,
  maxVectorBytes,
  graphs = true,
}: VectorIndexOptions = {}): VectorIndex {
  const memories = new Map<string, MemoryEntry>();
  const points: (PointEntry | undefined)[] = [];
  const freeSlots: number[] = [];
  const dense = new DenseVectors({ module, thread, maxBytes: maxVectorBytes, graphs });
  const sparse = new SparseIndex();
  const threads = new Threads();
  const best = new Best();

  function drop(memory: MemoryEntry): void {
    memories.delete(memory.payload.id);
    threads.remove(memory);
    for (const { slot } of memory.points) {
      dense.remove(slot);
      sparse.remove(slot);
      points[slot] = undefined;
      freeSlots.push(slot);
    }
  }

  /** A slot for a point of the memory, in the memory's list. */
  function place(memory: MemoryEntry, pointId: string, chunkIndex: number): number {
    const slot = freeSlots.pop() ?? points.length;
    const entry: PointEntry = { slot, pointId, chunkIndex, memory };
    points[slot] = entry;
    (memory.points as PointEntry[]).push(entry);
    return slot;
  }

  function settle(memory: MemoryEntry): void {
    memories.set(memory.payload.id, memory);
    threads.add(memory);
  }

  function insert(group: readonly VectorPoint[]): void {
    const memory: MemoryEntry = { payload: group.at(-1)!.payload, points: [] };
    for (const { pointId, chunkIndex, vectors, sparse: terms } of group) {
      const slot = place(memory, pointId, chunkIndex);
      sparse.add(slot, terms);
      dense.add(slot, vectors);
    }
    settle(memory);
  }

  const precedes = (a: number, b: number): boolean => points[a]!.pointId < points[b]!.pointId;

  /** The slots' test for a filter; undefined where everything passes. */
  function testOf(filter: Filter): ((slot: number) => boolean) | undefined {
    if ("all" in filter && filter.all.length === 0) return undefined;
    const fits = predicate(filter);
    return (slot) => fits(points[slot]!.memory.payload);
  }

  /** How a dense search of this query goes: which rows, and where to look. */
  function denseQuery(query: VectorQuery, rows: NamedVectors): SlotQuery {
    const candidates = query.among ? named(query.among, memories) : threads.narrow(query.filter);
    const few = candidates && (query.among || LIST_COST * candidates.count < rows.count);
    return {
      limit: query.limit,
      accept: testOf(query.filter),
      among: few ? slotsOf(candidates) : undefined,
    };
  }

  function denseHits(found: readonly SlotScore[], query: VectorQuery, values: Float32Array): VectorHit[] {
    const scale = 1 / (Math.sqrt(scalarDot(values, values)) || 1);
    best.reset(query.limit, precedes);
    for (const { slot, score } of found) if (best.admits(slot, score)) best.add(slot, score);
    return best.take().map(({ slot, score }) => hitOf(slot, score * scale, query));
  }

  function searchSparse(query: VectorQuery, terms: SparseVector): VectorHit[] {
    const candidates = query.among ? named(query.among, memories) : threads.narrow(query.filter);
    const accept = testOf(query.filter) ?? (() => true);
    const few = candidates && (query.among || LOOKUP_COST * candidates.count * terms.ids.length < sparse.cost(terms));
    const weightsOf = sparse.weightsOf(terms.ids);
    const toHit = ({ slot, score }: SlotScore): VectorHit => ({
      ...hitOf(slot, score, query),
      matched: weightsOf(slot),
    });
    if (!few) return sparse.top(terms, { k: query.limit, accept, precedes }).map(toHit);
    best.reset(query.limit, precedes);
    const scratch = new Float32Array(terms.ids.length);
    for (const slot of slotsOf(candidates)) {
      const score = sumOf(weightsOf(slot, scratch), terms.weights) ?? (query.among ? 0 : undefined);
      if (score !== undefined && best.admits(slot, score) && accept(slot)) best.add(slot, score);
    }
    return best.take().map(toHit);
  }

  function hitOf(slot: number, score: number, query: VectorQuery): VectorHit {
    const { pointId, chunkIndex, memory } = points[slot]!;
    return {
      pointId,
      memoryId: memory.payload.id,
      chunkIndex,
      score,
      payload: memory.payload,
      ...(query.beside !== undefined && { beside: threads.beside(memory, query.beside) }),
    };
  }

  function search(query: VectorQuery): VectorHit[] {
    checkQuery(query, dense);
    if ("sparse" in query.by) return searchSparse(query, query.by.sparse);
    const { name, values } = query.by.dense;
    const rows = dense.rows(name);
    return rows ? denseHits(rows.search(values, denseQuery(query, rows)), query, values) : [];
  }

  const pointIdOf = (slot: number): string => points[slot]!.pointId;

  return {
    dimensions: dense,
    has: (memoryId) => memories.has(memoryId),
    search,

    reserve(coming) {
      for (const [name, { dimension, rows }] of coming) dense.obtain(name, dimension).reserve(rows);
    },

    upsert(batch) {
      for (const [name, dimension] of checkPoints(batch, dense)) dense.obtain(name, dimension).reserve(batch.length);
      for (const group of byMemory(batch)) {
        const earlier = memories.get(group[0]!.payload.id);
        if (earlier) drop(earlier);
        insert(group);
      }
      dense.forgetEmpty();
    },

    async load({ memories: added, vectors, sparse: terms }) {
      const slots: number[] = [];
      for (const { payload, points: own } of added) {
        const memory: MemoryEntry = { payload, points: [] };
        for (const { pointId, chunkIndex } of own) {
          slots.push(place(memory, pointId, chunkIndex));
        }
        settle(memory);
      }
      sparse.addMany(slots, terms);
      const loading = vectors.map(({ name, dimension, points: owners, values }) =>
        dense.obtain(name, dimension).addMany(
          Array.from(owners, (point) => slots[point]!),
          values,
        ),
      );
      await Promise.all(loading);
    },

    remove(memoryIds) {
      for (const id of memoryIds) {
        const memory = memories.get(id);
        if (memory) drop(memory);
      }
      dense.forgetEmpty();
    },

    async searchSoon(query) {
      const rows = "dense" in query.by ? dense.rows(query.by.dense.name) : undefined;
      if (!rows || !("dense" in query.by)) return search(query);
      checkQuery(query, dense);
      const asked = denseQuery(query, rows);
      if (!rows.isLong(asked)) return search(query);
      const { values } = query.by.dense;
      try {
        return denseHits(await rows.searchAway(values, asked), query, values);
      } catch (error) {
        // Its last row was removed meanwhile.
        if (dense.rows(query.by.dense.name) !== rows) return search(query);
        throw error;
      }
    },

    terms: (ids) => ({
      points: points.length - freeSlots.length,
      frequencies: Uint32Array.from(ids, (id) => sparse.frequency(id)),
    }),

    describe: () => ({
      points: points.length - freeSlots.length,
      memories: memories.size,
      bytes: dense.bytes + sparse.bytes + memories.size * BYTES_PER_MEMORY,
      supports: { beside: true },
    }),

    graphs: () => dense.graphs(pointIdOf),
    adoptGraph: (name, bytes) => dense.rows(name)?.adoptGraph(bytes, pointIdOf) ?? false,
    buildGraphs: () => dense.buildGraphs(),
    graphVersion: () => dense.graphVersion,

    close: () => dense.close(),
  };
}

/** Added up in the order of the query, as a search of the lists does; undefined where no term is shared. */
function sumOf(found: Float32Array, weights: Float32Array): number | undefined {
  let sum: number | undefined;
  for (let i = 0; i < found.length; i++) if (found[i] !== 0) sum = (sum ?? 0) + weights[i]! * found[i]!;
  return sum;
}

function named(ids: readonly string[], memories: ReadonlyMap<string, MemoryEntry>): Narrowed {
  const found = [...new Set(ids)].flatMap((id) => memories.get(id) ?? []);
  return { count: found.length, threads: [found] };
}

function* slotsOf({ threads }: Narrowed): Iterable<number> {
  for (const thread of threads) for (const { points } of thread) for (const { slot } of points) yield slot;
}
