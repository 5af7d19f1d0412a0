/** Matrix products in plain JavaScript, summed in f64: the reference. */

import { ADAM_SHARES, type Bag } from "./bag.ts";
import { checkBag, checkProduct, checkShape, checkStep, createMatrix, type PlacedPart } from "./matrix-parts.ts";
import type { Matrices, Matrix, Product } from "./matrix.ts";

const OWNER = {};
const TINY = 1e-10;

export const scalarMatrices: Matrices = {
  build: "scalar",

  create(rows, columns, given) {
    checkShape(rows, columns, given);
    const values = given?.slice() ?? new Float32Array(rows * columns);
    return createMatrix(
      OWNER,
      { rows, columns, at: 0, line: columns },
      () => values,
      () => {},
    );
  },

  multiply(product, first, second, result, write = "set") {
    const { depth, a, b, out } = checkProduct(OWNER, product, [first, second, result]);
    const target = out.values();
    for (let i = 0; i < out.rows; i++) {
      for (let j = 0; j < out.columns; j++) {
        const at = out.at + i * out.line + j;
        const sum = sumOf(product, a, b, i, j, depth);
        target[at] = write === "add" ? (target[at] ?? 0) + sum : sum;
      }
    }
  },

  sumRows(table, bag, out) {
    checkBag(OWNER, table, bag, out);
    const [from, to] = [table.values(), out.values()];
    to.fill(0);
    eachNumber(table, bag, (row, sum, weight) => (to[sum] = (to[sum] ?? 0) + weight * (from[row] ?? 0)));
  },

  spreadRows(table, bag, sums) {
    checkBag(OWNER, table, bag, sums);
    const [to, from] = [table.values(), sums.values()];
    eachNumber(table, bag, (row, sum, weight) => (to[row] = (to[row] ?? 0) + weight * (from[sum] ?? 0)));
  },

  stepRow({ weights, means, squares }, row, gradients, from, { rate, step }) {
    checkStep(OWNER, { weights, means, squares }, row, gradients, from);
    const { columns } = weights;
    const [w, m, v] = [weights.values(), means.values(), squares.values()];
    for (let i = 0; i < columns; i++) {
      const at = row * columns + i;
      const gradient = gradients.values()[from * columns + i] ?? 0;
      const mean = (m[at] ?? 0) + (gradient - (m[at] ?? 0)) * ADAM_SHARES.mean;
      const square = (v[at] ?? 0) + (gradient * gradient - (v[at] ?? 0)) * ADAM_SHARES.square;
      m[at] = mean;
      v[at] = square;
      const corrected = square / (1 - (1 - ADAM_SHARES.square) ** step);
      w[at] = (w[at] ?? 0) - (rate * mean) / (1 - (1 - ADAM_SHARES.mean) ** step) / (Math.sqrt(corrected) + TINY);
    }
  },

  memory: () => ({ usedBytes: 0, freeBytes: 0, reservedBytes: 0, allocations: 0, reuses: 0 }),
};

function sumOf(product: Product, a: PlacedPart, b: PlacedPart, i: number, j: number, depth: number): number {
  const [left, right] = [a.values(), b.values()];
  let sum = 0;
  for (let l = 0; l < depth; l++) {
    const x = product === "atb" ? l * a.line + i : i * a.line + l;
    const y = product === "abt" ? j * b.line + l : l * b.line + j;
    sum += (left[a.at + x] ?? 0) * (right[b.at + y] ?? 0);
  }
  return sum;
}

/** Places of a row's number and of the sum's, for each number of each place of a bag. */
function eachNumber(
  table: Matrix,
  { starts, rows, weights }: Bag,
  visit: (row: number, sum: number, weight: number) => void,
): void {
  const { columns } = table;
  for (let text = 0; text + 1 < starts.length; text++) {
    for (let at = starts[text] ?? 0; at < (starts[text + 1] ?? 0); at++) {
      for (let i = 0; i < columns; i++) visit((rows[at] ?? 0) * columns + i, text * columns + i, weights[at] ?? 0);
    }
  }
}
