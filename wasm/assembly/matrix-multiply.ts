/** Blocked products of f32 matrices: both factors are packed into strips, a tile of the result stays in registers. */

import { multiplyAdd } from "./lanes";

/** Rows and columns of a tile: 12 registers of sums, 2 of B, 1 of A. */
const TILE_ROWS: usize = 6;
const TILE_COLUMNS: usize = 8;
/** Steps of the inner dimension at a time: a strip of A and one of B are 14 KiB, which the first-level cache holds. */
const DEPTH: usize = 256;
/** Rows of A at a time: 240 KiB packed. */
const ROWS: usize = 240;
/** Columns of B at a time: 1 MiB packed. */
const COLUMNS: usize = 1_024;
/** Bytes from the start of `scratch` to packed B, to the tile at a border. */
const PACKED_B: usize = 245_760;
const BORDER: usize = 1_294_336;

/**
 * `c[i, j] (+)= Σ a(i, l) · b(l, j)`; the strides of a and b say which of the two is read transposed.
 *
 * shapes   a: [rows × depth] at `a + i·aRow + l·aStep`; b: [depth × columns] at `b + l·bStep + j·bColumn`, c: [rows × columns], a row every `line` bytes; strides in bytes; scratch: 1,294,528 bytes, 16-byte aligned
 * cost     rows · columns · depth / 4 multiply-adds of four numbers, and a copy of a and b
 * error    |Δ| ≤ (depth + 1) · 2⁻²⁴ · Σ|a·b|, asserted in packages/kernels
 */
export function multiply(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  bColumn: usize,
  c: usize,
  line: usize,
  rows: usize,
  columns: usize,
  depth: usize,
  add: bool,
  scratch: usize,
): void {
  if (!add) for (let i: usize = 0; i < rows; i++) memory.fill(c + i * line, 0, columns << 2);
  for (let j: usize = 0; j < columns; j += COLUMNS) {
    const width = min(COLUMNS, columns - j);
    for (let l: usize = 0; l < depth; l += DEPTH) {
      const steps = min(DEPTH, depth - l);
      pack(b + l * bStep + j * bColumn, bColumn, bStep, width, steps, TILE_COLUMNS, scratch + PACKED_B);
      for (let i: usize = 0; i < rows; i += ROWS) {
        const height = min(ROWS, rows - i);
        pack(a + i * aRow + l * aStep, aRow, aStep, height, steps, TILE_ROWS, scratch);
        block(scratch, scratch + PACKED_B, c + i * line + (j << 2), line, height, width, steps, scratch + BORDER);
      }
    }
  }
}

/** Strips of `across` vectors, their numbers of one step side by side; what is missing from the last strip is 0. */
function pack(from: usize, vector: usize, step: usize, count: usize, steps: usize, across: usize, to: usize): void {
  for (let first: usize = 0; first < count; first += across) {
    const filled = min(across, count - first);
    const start = from + first * vector;
    if (across == 8 && filled == 8 && vector == 4) {
      for (let l: usize = 0; l < steps; l++, to += 32) {
        const at = start + l * step;
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
      }
      continue;
    }
    for (let l: usize = 0; l < steps; l++) {
      let at = start + l * step;
      for (let v: usize = 0; v < filled; v++, to += 4, at += vector) store<u32>(to, load<u32>(at));
      for (let v: usize = filled; v < across; v++, to += 4) store<u32>(to, 0);
    }
  }
}

function block(a: usize, b: usize, c: usize, line: usize, height: usize, width: usize, steps: usize, border: usize): void {
  const stripA = (steps * TILE_ROWS) << 2;
  const stripB = (steps * TILE_COLUMNS) << 2;
  for (let j: usize = 0; j < width; j += TILE_COLUMNS, b += stripB) {
    let strip = a;
    for (let i: usize = 0; i < height; i += TILE_ROWS, strip += stripA) {
      const to = c + i * line + (j << 2);
      if (i + TILE_ROWS <= height && j + TILE_COLUMNS <= width) {
        tile(strip, b, steps, to, line);
        continue;
      }
      memory.fill(border, 0, 192);
      tile(strip, b, steps, border, 32);
      addPart(border, to, line, min(TILE_ROWS, height - i), min(TILE_COLUMNS, width - j));
    }
  }
}

function addPart(border: usize, to: usize, line: usize, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const at = to + i * line + (j << 2);
      f32.store(at, f32.load(at) + f32.load(border + ((i * TILE_COLUMNS + j) << 2)));
    }
  }
}

/** Adds to six rows of eight numbers at `to`. */
function tile(a: usize, b: usize, steps: usize, to: usize, line: usize): void {
  let sum00 = f32x4.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  let sum40 = sum00;
  let sum41 = sum00;
  let sum50 = sum00;
  let sum51 = sum00;
  for (const end = b + (steps << 5); b < end; a += 24, b += 32) {
    const x = v128.load(b);
    const y = v128.load(b, 16);
    let q = v128.load32_splat(a);
    sum00 = multiplyAdd(q, x, sum00);
    sum01 = multiplyAdd(q, y, sum01);
    q = v128.load32_splat(a, 4);
    sum10 = multiplyAdd(q, x, sum10);
    sum11 = multiplyAdd(q, y, sum11);
    q = v128.load32_splat(a, 8);
    sum20 = multiplyAdd(q, x, sum20);
    sum21 = multiplyAdd(q, y, sum21);
    q = v128.load32_splat(a, 12);
    sum30 = multiplyAdd(q, x, sum30);
    sum31 = multiplyAdd(q, y, sum31);
    q = v128.load32_splat(a, 16);
    sum40 = multiplyAdd(q, x, sum40);
    sum41 = multiplyAdd(q, y, sum41);
    q = v128.load32_splat(a, 20);
    sum50 = multiplyAdd(q, x, sum50);
    sum51 = multiplyAdd(q, y, sum51);
  }
  addTo(to, sum00, sum01);
  addTo(to + line, sum10, sum11);
  addTo(to + 2 * line, sum20, sum21);
  addTo(to + 3 * line, sum30, sum31);
  addTo(to + 4 * line, sum40, sum41);
  addTo(to + 5 * line, sum50, sum51);
}

function addTo(to: usize, low: v128, high: v128): void {
  v128.store(to, f32x4.add(v128.load(to), low));
  v128.store(to, f32x4.add(v128.load(to, 16), high), 16);
}
