/** Kernels from a compiled wasm module, in a linear memory of their own. */

import { checkBatch, type Kernels } from "./kernels.ts";

/** What wasm/assembly/kernels.ts exports; wasm/README.md has the contract. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly relaxed: WebAssembly.Global<"i32">;
  readonly dotMany: (query: number, rows: number, scores: number, dimension: number, count: number) => void;
}

/** Where the kernels' data may begin: below it lies what the compiler put there. */
const BASE_BYTES = 1_024;
/** Rows are copied in and scored in windows of about this size, which stays in the processor's second-level cache. */
const WINDOW_BYTES = 131_072;
const PAGE_BYTES = 65_536;

/**
 * Instantiates the kernels; `build` is what the module says of itself.
 *
 * cost     an instance and a memory of some 200 KiB; each batch copies its rows in once
 */
export function createKernels(module: WebAssembly.Module): Kernels {
  const { memory, relaxed, dotMany } = new WebAssembly.Instance(module).exports as unknown as KernelExports;

  function reserve(bytes: number): Float32Array {
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return new Float32Array(memory.buffer);
  }

  return {
    build: relaxed.value === 1 ? "relaxed" : "strict",

    dotMany(query, rows, scores) {
      checkBatch(query, rows, scores.length);
      const dimension = query.length;
      const window = Math.max(1, Math.floor(WINDOW_BYTES / (4 * dimension)));
      const queryAt = BASE_BYTES;
      const scoresAt = queryAt + aligned(4 * dimension);
      const rowsAt = scoresAt + aligned(4 * window);
      const numbers = reserve(rowsAt + 4 * window * dimension);
      numbers.set(query, queryAt / 4);
      for (let first = 0; first < scores.length; first += window) {
        const count = Math.min(window, scores.length - first);
        numbers.set(rows.subarray(first * dimension, (first + count) * dimension), rowsAt / 4);
        dotMany(queryAt, rowsAt, scoresAt, dimension, count);
        scores.set(numbers.subarray(scoresAt / 4, scoresAt / 4 + count), first);
      }
    },
  };
}

/** The next multiple of a cache line. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
