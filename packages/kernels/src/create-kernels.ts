/** Kernels from a compiled wasm module, in a linear memory of their own. */

import { checkBatch, checkPairs, checkVector, checkWidth } from "./check.ts";
import { createRows } from "./create-rows.ts";
import type { Scan } from "./exports.ts";
import { bitsWidth, codesWidth, type Kernels } from "./kernels.ts";
import { aligned, BATCH_SCRATCH, createWorkspace, type Workspace } from "./workspace.ts";

export interface KernelsOptions {
  /** The most bytes that rows and scratch may take up; 1 GiB unless said. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 2 ** 30;
/** Rows are copied in and scored in windows of about this size, which stays in the processor's second-level cache. */
const WINDOW_BYTES = 131_072;

/**
 * Instantiates the kernels; `build` is what the module says of itself.
 *
 * cost     an instance; its memory begins empty and grows with what is asked of it
 */
export function createKernels(module: WebAssembly.Module, { maxBytes = MAX_BYTES }: KernelsOptions = {}): Kernels {
  const work = createWorkspace(module, maxBytes);
  const { kernels } = work;

  return {
    build: kernels.relaxed.value === 1 ? "relaxed" : "strict",
    dotMany: (query, rows, scores) => scan(work, kernels.dotMany, query, rows, scores),
    cosineMany: (query, rows, scores) => scan(work, kernels.cosineMany, query, rows, scores),
    squaredL2Many: (query, rows, distances) => scan(work, kernels.squaredL2Many, query, rows, distances),

    dotBatch(queries, rows, scores, dimension) {
      checkPairs(queries.length, rows.length, scores.length, dimension);
      scanBatch(work, queries, rows, scores, dimension);
    },

    norm(vector) {
      const at = copyIn(work, vector, 0);
      return kernels.norm(at, vector.length);
    },

    normalise(vector) {
      const at = copyIn(work, vector, 0);
      const norm = kernels.normalise(at, vector.length);
      vector.set(work.f32().subarray(at / 4, at / 4 + vector.length));
      return norm;
    },

    rotate(vector) {
      const at = copyIn(work, vector, 0);
      kernels.rotate(at, vector.length);
      vector.set(work.f32().subarray(at / 4, at / 4 + vector.length));
    },

    quantise(vector, codes) {
      checkWidth(codes.length, codesWidth(vector.length));
      const at = copyIn(work, vector, codes.length);
      const codesAt = at + aligned(4 * vector.length);
      const scale = kernels.quantise(at, vector.length, codesAt, codes.length);
      codes.set(work.u8().subarray(codesAt, codesAt + codes.length));
      return scale;
    },

    packSigns(vector, bits) {
      checkWidth(bits.length, bitsWidth(vector.length));
      const at = copyIn(work, vector, bits.length);
      const bitsAt = at + aligned(4 * vector.length);
      kernels.packSigns(at, vector.length, bitsAt, bits.length);
      bits.set(work.u8().subarray(bitsAt, bitsAt + bits.length));
    },

    dotCodesMany(query, rows, dots) {
      let correction = 0;
      scanBytes(work, kernels.dotCodesMany, query, rows, dots, (at) => {
        correction = kernels.centreCodes(at, at, query.length);
      });
      for (let i = 0; i < dots.length; i++) dots[i]! -= correction;
    },

    hammingMany: (query, rows, distances) => scanBytes(work, kernels.hammingMany, query, rows, distances),
    createRows: (options) => createRows(work, options),
    memory: () => work.arena.stats(),
  };
}

/** returns  where the vector is now; as many bytes as `spare` are free behind it, from the next multiple of 64 on */
function copyIn(work: Workspace, vector: Float32Array, spare: number): number {
  checkVector(vector.length, vector.length);
  const at = work.reserve(aligned(4 * vector.length) + spare);
  work.f32().set(vector, at / 4);
  return at;
}

function scan(work: Workspace, kernel: Scan, query: Float32Array, rows: Float32Array, scores: Float32Array): void {
  checkBatch(query.length, rows.length, scores.length);
  const dimension = query.length;
  const window = windowOf(4 * dimension);
  const queryAt = work.reserve(aligned(4 * dimension) + aligned(4 * window) + 4 * window * dimension);
  const scoresAt = queryAt + aligned(4 * dimension);
  const rowsAt = scoresAt + aligned(4 * window);
  const numbers = work.f32();
  numbers.set(query, queryAt / 4);
  for (let first = 0; first < scores.length; first += window) {
    const count = Math.min(window, scores.length - first);
    numbers.set(rows.subarray(first * dimension, (first + count) * dimension), rowsAt / 4);
    kernel(queryAt, rowsAt, scoresAt, dimension, count);
    scores.set(numbers.subarray(scoresAt / 4, scoresAt / 4 + count), first);
  }
}

function scanBatch(work: Workspace, queries: Float32Array, rows: Float32Array, scores: Float32Array, d: number): void {
  const queryCount = queries.length / d;
  const rowCount = rows.length / d;
  const window = windowOf(4 * d);
  const queriesAt = work.reserve(
    aligned(4 * queries.length) + BATCH_SCRATCH + aligned(4 * window * queryCount) + 4 * window * d,
  );
  const scratchAt = queriesAt + aligned(4 * queries.length);
  const scoresAt = scratchAt + BATCH_SCRATCH;
  const rowsAt = scoresAt + aligned(4 * window * queryCount);
  const numbers = work.f32();
  numbers.set(queries, queriesAt / 4);
  for (let first = 0; first < rowCount; first += window) {
    const count = Math.min(window, rowCount - first);
    numbers.set(rows.subarray(first * d, (first + count) * d), rowsAt / 4);
    work.kernels.dotBatch(queriesAt, rowsAt, scoresAt, d, queryCount, count, count, scratchAt);
    for (let q = 0; q < queryCount; q++) {
      const from = scoresAt / 4 + q * count;
      scores.set(numbers.subarray(from, from + count), q * rowCount + first);
    }
  }
}

/** `prepare` may change the query where it was copied to. */
function scanBytes(
  work: Workspace,
  kernel: Scan,
  query: Uint8Array,
  rows: Uint8Array,
  results: Float32Array | Int32Array,
  prepare?: (queryAt: number) => void,
): void {
  const width = query.length;
  checkWidth(width, 16);
  checkBatch(width, rows.length, results.length);
  const window = windowOf(width);
  const queryAt = work.reserve(aligned(width) + aligned(4 * window) + window * width);
  const resultsAt = queryAt + aligned(width);
  const rowsAt = resultsAt + aligned(4 * window);
  const bytes = work.u8();
  bytes.set(query, queryAt);
  prepare?.(queryAt);
  const numbers = results instanceof Float32Array ? work.f32() : new Int32Array(bytes.buffer);
  for (let first = 0; first < results.length; first += window) {
    const count = Math.min(window, results.length - first);
    bytes.set(rows.subarray(first * width, (first + count) * width), rowsAt);
    kernel(queryAt, rowsAt, resultsAt, width, count);
    results.set(numbers.subarray(resultsAt / 4, resultsAt / 4 + count), first);
  }
}

function windowOf(rowBytes: number): number {
  return Math.max(1, Math.floor(WINDOW_BYTES / rowBytes));
}
