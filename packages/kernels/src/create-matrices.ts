/** Matrices in the linear memory of a compiled wasm module. */

import { createArena } from "./arena.ts";
import { ADAM_SHARES, type Bag } from "./bag.ts";
import { checkBag, checkProduct, checkShape, checkStep, createMatrix, type PlacedPart } from "./matrix-parts.ts";
import type { Matrices, Matrix } from "./matrix.ts";

export interface MatricesOptions {
  /** The most bytes that matrices may take up; 3.5 GiB unless said, which is all that the memory may grow to. */
  readonly maxBytes?: number;
}

/** What wasm/assembly/matrix.ts exports; offsets and strides are bytes in `memory`. */
interface MatrixExports {
  readonly memory: WebAssembly.Memory;
  readonly relaxed: WebAssembly.Global<"i32">;
  readonly multiply: (...numbers: number[]) => void;
  readonly multiplyRows: (...numbers: number[]) => void;
  readonly sumRows: (...numbers: number[]) => void;
  readonly spreadRows: (...numbers: number[]) => void;
  readonly stepAdam: (...numbers: number[]) => void;
}

const MAX_BYTES = 3.5 * 2 ** 30;
/** Where data may begin: below it lies what the compiler put there. */
const BASE_BYTES = 1_024;
/** What `multiply` packs into, and its tile at the border. */
const SCRATCH_BYTES = 1_294_528;
/** Below so many rows packing costs more than it saves: measured, table in wasm/README.md. */
const FEW_ROWS = 40;

/**
 * Instantiates the matrix kernels; `build` is what the module says of itself.
 *
 * cost     an instance and 1.3 MB to pack into; its memory grows with what is created and is used again when released
 */
export function createMatrices(module: WebAssembly.Module, { maxBytes = MAX_BYTES }: MatricesOptions = {}): Matrices {
  const kernels = new WebAssembly.Instance(module).exports as unknown as MatrixExports;
  const { memory } = kernels;
  const arena = createArena(memory, { base: BASE_BYTES, maxBytes });
  const scratch = arena.allocate(SCRATCH_BYTES);
  const owner = {};

  /** Calls a kernel with a bag that is copied in for the time of the call. */
  function withBag(
    kernel: (...numbers: number[]) => void,
    table: Matrix,
    { starts, rows, weights }: Bag,
    sums: Matrix,
  ): void {
    const end = starts.at(-1) ?? 0;
    const bytes = 4 * (starts.length + 2 * end);
    const at = arena.allocate(bytes);
    const words = new Uint32Array(memory.buffer, at, starts.length + end);
    words.set(starts);
    words.set(rows.subarray(0, end), starts.length);
    const weightsAt = at + 4 * (starts.length + end);
    new Float32Array(memory.buffer, weightsAt, end).set(weights.subarray(0, end));
    const rowsAt = at + 4 * starts.length;
    kernel(addressOf(table), table.columns, at, rowsAt, weightsAt, addressOf(sums), starts.length - 1);
    arena.release(at, bytes);
  }

  return {
    build: kernels.relaxed.value === 1 ? "relaxed" : "strict",

    create(rows, columns, values) {
      checkShape(rows, columns, values);
      const bytes = 4 * rows * columns;
      const offset = arena.allocate(bytes);
      const view = (): Float32Array => new Float32Array(memory.buffer, offset, rows * columns);
      if (values) view().set(values);
      else view().fill(0);
      const place = { rows, columns, at: offset / 4, line: columns };
      return createMatrix(owner, place, view, () => arena.release(offset, bytes));
    },

    multiply(product, first, second, result, write = "set") {
      const { depth, a, b, out } = checkProduct(owner, product, [first, second, result]);
      const add = write === "add" ? 1 : 0;
      const [aAt, bAt, outAt] = [4 * a.at, 4 * b.at, 4 * out.at];
      const [aLine, bLine, line] = [4 * a.line, 4 * b.line, 4 * out.line];
      if (product === "abt" && out.rows < FEW_ROWS) {
        kernels.multiplyRows(aAt, aLine, bAt, bLine, outAt, line, out.rows, out.columns, depth, add);
        return;
      }
      const [aRow, aStep] = product === "atb" ? [4, aLine] : [aLine, 4];
      const [bStep, bColumn] = product === "abt" ? [4, bLine] : [bLine, 4];
      kernels.multiply(aAt, aRow, aStep, bAt, bStep, bColumn, outAt, line, out.rows, out.columns, depth, add, scratch);
    },

    sumRows(table, bag, out) {
      checkBag(owner, table, bag, out);
      withBag(kernels.sumRows, table, bag, out);
    },

    spreadRows(table, bag, sums) {
      checkBag(owner, table, bag, sums);
      withBag(kernels.spreadRows, table, bag, sums);
    },

    stepRow(state, row, gradients, from, { rate, step }) {
      checkStep(owner, state, row, gradients, from);
      const { columns } = gradients;
      const at = (matrix: Matrix, place: number): number => addressOf(matrix) + 4 * place * columns;
      kernels.stepAdam(
        at(state.weights, row),
        at(state.means, row),
        at(state.squares, row),
        at(gradients, from),
        columns,
        rate / (1 - (1 - ADAM_SHARES.mean) ** step),
        1 / (1 - (1 - ADAM_SHARES.square) ** step),
        ADAM_SHARES.mean,
        ADAM_SHARES.square,
      );
    },

    memory: () => arena.stats(),
  };
}

function addressOf(matrix: Matrix): number {
  return 4 * (matrix as Matrix & PlacedPart).at;
}
