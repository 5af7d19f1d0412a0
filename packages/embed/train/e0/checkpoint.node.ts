/** Where a run stands, on disk: what is needed to go on with it as if it had not stopped. */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Student } from "./student.ts";

/** "E0CP", little-endian. */
const MAGIC = 0x50433045;
const HEADER_WORDS = 4;

/** Replaces the file in one step: who is stopped meanwhile finds the old one. */
export function writeCheckpoint(file: URL, student: Student, next: number, fingerprint: number): void {
  const { rows, weights, means, squares, steps } = student;
  const header = Uint32Array.of(MAGIC, fingerprint, next, rows);
  const parts = [header, steps, weights.values(), means.values(), squares.values()];
  const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
  const temporary = new URL(`${file.href}.${process.pid}`);
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}

/**
 * Puts the student where the file left it.
 *
 * returns  the next epoch; 0 where there is no file, or it is of another run
 */
export function readCheckpoint(file: URL, student: Student, fingerprint: number): number {
  if (!existsSync(file)) return 0;
  const bytes = readFileSync(file);
  const size = student.rows * student.dimension;
  const words = 4 * (HEADER_WORDS + student.rows + 3 * size);
  if (bytes.length !== words) return 0;
  const copy = new Uint8Array(bytes).buffer;
  const [magic, written, next = 0, rows] = new Uint32Array(copy, 0, HEADER_WORDS);
  if (magic !== MAGIC || written !== fingerprint || rows !== student.rows) return 0;
  student.steps.set(new Uint32Array(copy, 4 * HEADER_WORDS, student.rows));
  for (const [i, matrix] of [student.weights, student.means, student.squares].entries()) {
    matrix.values().set(new Float32Array(copy, 4 * (HEADER_WORDS + student.rows + i * size), size));
  }
  return next;
}
