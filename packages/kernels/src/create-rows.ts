/** Resident rows in wasm memory: a query is prepared once and runs over block after block of rows. */

import { checkRow, checkRoom, checkTop, checkVector, wholeQueries } from "./check.ts";
import { createRowOps } from "./row-ops.ts";
import { checkRows, larger, type Rows, type RowsOptions } from "./rows.ts";
import { aligned, BATCH_SCRATCH, type Workspace } from "./workspace.ts";

/** Rows are kept in blocks of three pages: a whole number of rows of 384, 768 and 1,536 f32, and less than a second-level cache. */
const BLOCK_BYTES = 196_608;
/** Queries of a batch that are scored together at most: bounds the scratch. */
const BATCH_QUERIES = 16;

export function createRows(work: Workspace, options: RowsOptions): Rows {
  checkRows(options);
  const { dimension, format, metric } = options;
  const { kernels, arena } = work;
  const ops = createRowOps(work, options);
  const { queryBytes } = ops;
  const bytesPerRow = ops.bytes + ops.scaleBytes;
  // Rows begin at a cache line behind the scales.
  const perBlock = Math.max(1, Math.floor((BLOCK_BYTES - (ops.scaleBytes > 0 ? 64 : 0)) / bytesPerRow));
  const scalesBytes = aligned(ops.scaleBytes * perBlock);
  const blockBytes = scalesBytes + perBlock * ops.bytes;
  const scoresBytes = aligned(4 * perBlock);
  const order = larger(metric) ? 0 : 1;
  /** Offsets. */
  const blocks: number[] = [];
  let count = 0;
  /** The scores of one block, as a view that outlives the query. */
  let window: Float32Array = new Float32Array(0);

  function write(row: number, stagedAt: number): void {
    const block = blocks[Math.floor(row / perBlock)]!;
    const slot = row % perBlock;
    ops.write(stagedAt, block + scalesBytes + slot * ops.bytes, block + slot * ops.scaleBytes);
  }

  function rowsIn(block: number): number {
    return Math.min(perBlock, count - block * perBlock);
  }

  function scan(queryAt: number, block: number, scoresAt: number): void {
    const at = blocks[block]!;
    ops.scan(queryAt, at + scalesBytes, at, scoresAt, rowsIn(block));
  }

  /** Copies the scores of one block out; a whole block through the view that is kept. */
  function copyOut(scoresAt: number, many: number, scores: Float32Array, to: number): void {
    const numbers = work.f32();
    if (many < perBlock) {
      for (let i = 0; i < many; i++) scores[to + i] = numbers[scoresAt / 4 + i]!;
      return;
    }
    if (window.buffer !== numbers.buffer || window.byteOffset !== scoresAt) {
      window = new Float32Array(numbers.buffer, scoresAt, perBlock);
    }
    scores.set(window, to);
  }

  /** f32 dots of up to `BATCH_QUERIES` queries, block by block. */
  function scoreTiles(queries: Float32Array, first: number, many: number, scores: Float32Array): void {
    const bytes = 4 * dimension;
    const at = work.reserve(aligned(bytes * many + queryBytes) + BATCH_SCRATCH + many * scoresBytes);
    // The padding behind a query gives way to the next one.
    for (let q = 0; q < many; q++) ops.stage(queries, at + bytes * q, (first + q) * dimension);
    const scratchAt = at + aligned(bytes * many + queryBytes);
    const scoresAt = scratchAt + BATCH_SCRATCH;
    for (let b = 0; b < blocks.length; b++) {
      kernels.dotBatch(at, blocks[b]!, scoresAt, dimension, many, rowsIn(b), scoresBytes / 4, scratchAt);
      for (let q = 0; q < many; q++) {
        copyOut(scoresAt + q * scoresBytes, rowsIn(b), scores, (first + q) * count + b * perBlock);
      }
    }
  }

  const rows: Rows = {
    ...options,
    bytesPerRow,
    get count() {
      return count;
    },

    append(vector) {
      checkVector(vector.length, dimension);
      const at = work.reserve(queryBytes);
      ops.stage(vector, at);
      if (count === blocks.length * perBlock) blocks.push(arena.allocate(blockBytes));
      write(count, at);
      return count++;
    },

    overwrite(row, vector) {
      checkVector(vector.length, dimension);
      checkRow(row, count);
      const at = work.reserve(queryBytes);
      ops.stage(vector, at);
      write(row, at);
    },

    score(query, scores) {
      checkVector(query.length, dimension);
      checkRoom(scores.length, count);
      const at = work.reserve(2 * queryBytes + scoresBytes);
      const scoresAt = at + 2 * queryBytes;
      ops.stage(query, at);
      ops.prepare(at);
      for (let b = 0; b < blocks.length; b++) {
        scan(at, b, scoresAt);
        copyOut(scoresAt, rowsIn(b), scores, b * perBlock);
      }
    },

    scoreBatch(queries, scores) {
      const many = wholeQueries(queries.length, dimension);
      checkRoom(scores.length, many * count);
      if (format === "f32" && metric !== "squaredL2") {
        for (let q = 0; q < many; q += BATCH_QUERIES) scoreTiles(queries, q, Math.min(BATCH_QUERIES, many - q), scores);
        return;
      }
      for (let q = 0; q < many; q++) {
        rows.score(queries.subarray(q * dimension, (q + 1) * dimension), scores.subarray(q * count, (q + 1) * count));
      }
    },

    top(query, k, found, scores) {
      checkVector(query.length, dimension);
      checkTop(k, Math.min(found.length, scores.length));
      const most = Math.min(k, count);
      const at = work.reserve(2 * queryBytes + scoresBytes + 16 * most);
      const scoresAt = at + 2 * queryBytes;
      const keysAt = scoresAt + scoresBytes;
      const rowsAt = keysAt + 8 * most;
      ops.stage(query, at);
      ops.prepare(at);
      let size = 0;
      for (let b = 0; b < blocks.length; b++) {
        scan(at, b, scoresAt);
        size = kernels.select(scoresAt, rowsIn(b), b * perBlock, keysAt, size, most, order);
      }
      kernels.takeSelected(keysAt, size, rowsAt, rowsAt + 4 * most, order);
      const foundRows = work.u32();
      const foundScores = work.f32();
      for (let i = 0; i < size; i++) {
        found[i] = foundRows[rowsAt / 4 + i]!;
        scores[i] = foundScores[rowsAt / 4 + most + i]!;
      }
      return size;
    },

    release() {
      for (const block of blocks) arena.release(block, blockBytes);
      blocks.length = 0;
      count = 0;
    },
  };
  return rows;
}
