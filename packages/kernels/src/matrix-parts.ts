/** Where the parts of a matrix lie, and the checks that come before each product. */

import type { AdamState, Bag } from "./bag.ts";
import { mismatch } from "./check.ts";
import type { Matrix, MatrixPart, Product, Rectangle } from "./matrix.ts";

/** A part and its place: `at` counts numbers from the start of the memory that holds it, a row begins every `line` numbers. */
export interface PlacedPart extends MatrixPart {
  readonly at: number;
  readonly line: number;
  readonly values: () => Float32Array;
}

/** Whose memory it is, so that matrices of two memories are never mixed. */
const owners = new WeakMap<MatrixPart, object>();

interface Place {
  readonly rows: number;
  readonly columns: number;
  readonly at: number;
  readonly line: number;
}

/** throws  `vector.dimension_mismatch` unless the shape is of whole numbers ≥ 1 that the values fit */
export function checkShape(rows: number, columns: number, values: Float32Array | undefined): void {
  const whole = Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && rows >= 1 && columns >= 1;
  if (whole && (values === undefined || values.length === rows * columns)) return;
  throw mismatch(
    `a matrix of ${rows} × ${columns} was asked for, with ${values?.length ?? "no"} numbers; rows and columns must be whole numbers from 1 on, and the numbers as many as their product`,
  );
}

export function createMatrix(owner: object, place: Place, values: () => Float32Array, release: () => void): Matrix {
  const whole = createPart(owner, place, values);
  const matrix = { ...whole, release };
  owners.set(matrix, owner);
  return matrix;
}

/** The inner dimension and the places of three parts. */
export function checkProduct(
  owner: object,
  product: Product,
  parts: readonly [a: MatrixPart, b: MatrixPart, out: MatrixPart],
): { depth: number; a: PlacedPart; b: PlacedPart; out: PlacedPart } {
  const [a, b, out] = parts;
  if (parts.some((part) => owners.get(part) !== owner)) {
    throw mismatch(
      "a product takes matrices that the same createMatrices or scalar matrices made, another's was given",
    );
  }
  const [m, depth] = product === "atb" ? [a.columns, a.rows] : [a.rows, a.columns];
  const [inner, n] = product === "abt" ? [b.columns, b.rows] : [b.rows, b.columns];
  if (inner !== depth || out.rows !== m || out.columns !== n) {
    throw mismatch(
      `product "${product}" of ${shape(a)} and ${shape(b)} into ${shape(out)} does not fit: inner dimensions are ${depth} and ${inner}, the result is ${m} × ${n}`,
    );
  }
  return { depth, a: a as PlacedPart, b: b as PlacedPart, out: out as PlacedPart };
}

/** throws  `vector.dimension_mismatch` unless the bag's rows are in the table and its sums fit `out` */
export function checkBag(owner: object, table: Matrix, { starts, rows, weights }: Bag, out: Matrix): void {
  const end = starts.at(-1) ?? 0;
  const width = table.columns;
  const fits = width % 16 === 0 && out.columns === width && out.rows + 1 === starts.length;
  if (owners.get(table) !== owner || owners.get(out) !== owner || !fits || rows.length < end || weights.length < end) {
    throw mismatch(
      `a bag of ${starts.length - 1} texts and ${Math.min(rows.length, weights.length)} of ${end} rows does not fit a table of ${shape(table)} and sums of ${shape(out)}; widths are multiples of 16`,
    );
  }
  for (let i = 0; i < end; i++) {
    if ((rows[i] ?? 0) >= table.rows) throw mismatch(`a bag names row ${rows[i]} of a table of ${shape(table)}`);
  }
  for (let i = 1; i < starts.length; i++) {
    if ((starts[i] ?? 0) < (starts[i - 1] ?? 0))
      throw mismatch(`the starts of a bag fall at text ${i}; they must ascend`);
  }
}

/** throws  `vector.dimension_mismatch` unless the row is in the state and `from` in the gradients, all of one width */
export function checkStep(
  owner: object,
  { weights, means, squares }: AdamState,
  row: number,
  gradients: Matrix,
  from: number,
): void {
  const all = [weights, means, squares, gradients];
  const alike = all.every((one) => owners.get(one) === owner && one.columns === weights.columns);
  const inside =
    [weights, means, squares].every(({ rows }) => row >= 0 && row < rows) && from >= 0 && from < gradients.rows;
  if (alike && inside && weights.columns % 4 === 0) return;
  throw mismatch(
    `a step of row ${row} of ${shape(weights)} by row ${from} of ${shape(gradients)} does not fit; widths are alike and a multiple of 4`,
  );
}

function createPart(owner: object, place: Place, values: () => Float32Array): PlacedPart {
  const part: PlacedPart = {
    ...place,
    values,
    part: (rectangle) => createPart(owner, partOf(place, rectangle), values),
  };
  owners.set(part, owner);
  return part;
}

function partOf(place: Place, { row = 0, column = 0, ...size }: Rectangle): Place {
  const { rows = place.rows - row, columns = place.columns - column } = size;
  const inside = row >= 0 && column >= 0 && row + rows <= place.rows && column + columns <= place.columns;
  if (!inside || ![row, column, rows, columns].every(Number.isInteger) || rows < 1 || columns < 1) {
    throw mismatch(
      `a part of ${rows} × ${columns} from row ${row}, column ${column} on was asked for, of a matrix of ${shape(place)}`,
    );
  }
  return { rows, columns, at: place.at + row * place.line + column, line: place.line };
}

const shape = ({ rows, columns }: { rows: number; columns: number }): string => `${rows} × ${columns}`;
