/** The checks that come before each batch: kernels themselves check nothing. */

import { NexusError } from "@nexus/core";

/** throws  `vector.dimension_mismatch` if `rows` numbers are fewer than `count` rows as long as the query, or the query has no dimension */
export function checkBatch(dimension: number, numbers: number, count: number): void {
  if (dimension > 0 && numbers >= dimension * count) return;
  throw mismatch(
    `${count} rows of ${dimension} dimensions need ${dimension * count} numbers, ${numbers} were given; a query needs at least one dimension`,
  );
}

/** throws  `vector.dimension_mismatch` unless there are whole queries and rows, and room for a score of each pair */
export function checkPairs(queries: number, rows: number, scores: number, dimension: number): void {
  const whole = dimension > 0 && queries % dimension === 0 && rows % dimension === 0;
  if (whole && scores >= (queries / dimension) * (rows / dimension)) return;
  throw mismatch(
    `${queries} numbers of queries and ${rows} of rows must be whole vectors of ${dimension} dimensions, and scores (${scores}) hold one for each pair`,
  );
}

/** throws  `vector.dimension_mismatch` unless the width is a multiple of 16 bytes and at least `least` */
export function checkWidth(width: number, least: number): void {
  if (width > 0 && width % 16 === 0 && width >= least) return;
  throw mismatch(
    `a row of ${width} bytes was given, a multiple of 16 from ${Math.max(16, least)} on is needed; codesWidth and bitsWidth compute it`,
  );
}

export function checkVector(length: number, dimension: number): void {
  if (length === dimension && dimension > 0) return;
  throw mismatch(`a vector of ${length} dimensions was given where ${Math.max(1, dimension)} are expected`);
}

/** throws  `vector.dimension_mismatch` unless there is such a row */
export function checkRow(row: number, count: number): void {
  if (Number.isInteger(row) && row >= 0 && row < count) return;
  throw mismatch(`row ${row} was to be overwritten, there are rows 0 to ${count - 1}`);
}

/** throws  `vector.dimension_mismatch` unless there is room for the scores */
export function checkRoom(given: number, needed: number): void {
  if (given < needed) throw mismatch(`room for ${given} scores was given, ${needed} are needed`);
}

/** throws  `vector.dimension_mismatch` unless k is a whole number that the results have room for */
export function checkTop(k: number, room: number): void {
  if (Number.isInteger(k) && k >= 0 && k <= room) return;
  throw mismatch(`k = ${k} must be a whole number up to the length of the result arrays, ${room}`);
}

/** returns  how many queries `numbers` are */
export function wholeQueries(numbers: number, dimension: number): number {
  if (numbers % dimension === 0) return numbers / dimension;
  throw mismatch(`${numbers} numbers are no whole queries of ${dimension} dimensions`);
}

/** throws  `vector.not_finite` where the norm says that a number was not finite, or is itself beyond f32 */
export function checkNorm(norm: number): void {
  if (norm < Infinity) return;
  throw new NexusError(
    "vector.not_finite",
    "[nexus/kernels] a vector's norm is not a finite f32 number; this row format needs one: leave such vectors out",
  );
}

export function mismatch(what: string): NexusError {
  return new NexusError("vector.dimension_mismatch", `[nexus/kernels] ${what}`);
}
