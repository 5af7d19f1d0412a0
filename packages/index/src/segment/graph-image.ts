/** A segment's graph as bytes, its rows named by what they stand for, so that it fits whatever row they have after the next start. */

import { NexusError } from "@nexus/core";
import { FREE, NONE } from "./columns.ts";
import type { DenseSegment } from "./dense-segment.ts";

const MAGIC = 0x4758_4e31;
/** magic · dimension · m · rows · entry (a place in the rows) · words behind the header · two unused */
const HEADER_WORDS = 8;
/** Rows copied before others get their turn: about a millisecond. */
const ROWS_AT_ONCE = 1_024;
/** identity low · identity high · level */
const ROW_WORDS = 3;

/**
 * layout   header; for each row three words; for each row its lists, level 0 first, 2m words, then m for each level above:
 *          places in the rows, NONE at the end; u32, little endian
 * cost     in pieces of a millisecond; rows removed meanwhile are in it under no name
 * returns  undefined where nothing is linked
 */
export async function saveGraph(
  segment: DenseSegment,
  identityOf: (row: number) => string | undefined,
): Promise<Uint8Array | undefined> {
  const { columns, m } = segment;
  const rows = linkedRows(segment);
  if (rows.length === 0) return undefined;
  const places = new Uint32Array(columns.rows).fill(NONE);
  for (const [place, row] of rows.entries()) places[row] = place;
  // Levels stay with their rows; lists may change between two pieces, and only lead to rows that they know less of.
  const levels = rows.map((row) => columns.levelOf(row));
  const words = levels.reduce((sum, level) => sum + ROW_WORDS + m * (2 + level), 0);
  const image = new Uint32Array(HEADER_WORDS + words);
  image.set([MAGIC, segment.dimension, m, rows.length, places[entryOf(segment, rows)]!, words]);
  let at = HEADER_WORDS;
  for (const [place, row] of rows.entries()) {
    if (place % ROWS_AT_ONCE === 0) await turn();
    image.set([...identity(segment, row, identityOf(row) ?? ""), levels[place]!], at);
    at += ROW_WORDS;
  }
  for (const [place, row] of rows.entries()) {
    if (place % ROWS_AT_ONCE === 0) await turn();
    for (let level = 0; level <= levels[place]!; level++) {
      const list = segment.memory.u32.subarray(columns.linksAt(row, level) / 4);
      at = copyList(list, image, { at, room: level > 0 ? m : 2 * m, places });
    }
  }
  return new Uint8Array(image.buffer);
}

/**
 * Takes over links among those of the waiting rows that the image knows; other rows stay waiting. Rows of the image that
 * are gone leave gaps in the lists that they were in.
 *
 * shapes   `identityOf` gives undefined for rows that hold nothing
 * returns  false, with nothing changed, where the segment has a graph, the image is of another shape or knows too few of the rows to be worth it
 */
export function adoptGraph(
  segment: DenseSegment,
  bytes: Uint8Array,
  identityOf: (row: number) => string | undefined,
): boolean {
  const { columns, m, memory } = segment;
  const image = wordsOf(bytes);
  const [magic, dimension, links, count, entry, words] = image;
  if (columns.entry !== NONE) return false;
  if (!listsFit(image, count ?? 0, m) || entry === undefined || entry >= count!) return false;
  if (magic !== MAGIC || dimension !== segment.dimension || links !== m || words !== image.length - HEADER_WORDS)
    return false;
  const known = new Map<number, number>();
  for (let row = 0; row < columns.rows; row++) {
    const name = identityOf(row);
    if (name === undefined || columns.stateOf(row) === FREE) continue;
    known.set(keyOf(identity(segment, row, name)), row);
  }
  /** Place in the image → row. */
  const rows = new Uint32Array(count!).fill(NONE);
  let found = 0;
  for (let place = 0; place < count!; place++) {
    const at = HEADER_WORDS + place * ROW_WORDS;
    const row = known.get(keyOf([image[at]!, image[at + 1]!]));
    if (row === undefined) continue;
    rows[place] = row;
    found++;
  }
  const start = rows[entry]!;
  if (found < count! / 2 || start === NONE || !raiseAll(segment, image, rows)) return false;
  let at = HEADER_WORDS + count! * ROW_WORDS;
  for (let place = 0; place < count!; place++) {
    const level = image[HEADER_WORDS + place * ROW_WORDS + 2]!;
    const row = rows[place]!;
    for (let on = 0; on <= level; on++) {
      const room = on > 0 ? m : 2 * m;
      const list = row === NONE ? undefined : memory.u32.subarray(columns.linksAt(row, on) / 4);
      if (list) copyList(image.subarray(at), list, { at: 0, room, places: rows });
      at += room;
    }
  }
  columns.entry = start;
  segment.graph.adopted(rows.filter((row) => row !== NONE));
  return true;
}

/** Copied where they do not lie as words must. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(buffer, byteOffset, Math.floor(length / 4));
}

/** Gives the rows the levels of the image; false where there is no memory for their lists. */
function raiseAll({ columns }: DenseSegment, image: Uint32Array, rows: Uint32Array): boolean {
  try {
    for (const [place, row] of rows.entries()) {
      if (row !== NONE) columns.raise(row, image[HEADER_WORDS + place * ROW_WORDS + 2]!);
    }
    return true;
  } catch (error) {
    if (error instanceof NexusError && error.code === "index.full") return false;
    throw error;
  }
}

/** The graph's entry, or where that is dead the highest of the rows. */
function entryOf({ columns }: DenseSegment, rows: readonly number[]): number {
  if (rows.includes(columns.entry)) return columns.entry;
  return rows.reduce((highest, row) => (columns.levelOf(row) > columns.levelOf(highest) ? row : highest));
}

/** After what waits in the event loop has had its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

function linkedRows(segment: DenseSegment): number[] {
  const rows: number[] = [];
  const waiting = new Set(segment.graph.waitingRows());
  for (let row = 0; row < segment.columns.rows; row++) if (segment.has(row) && !waiting.has(row)) rows.push(row);
  return rows;
}

/** Copies a list, each row under its new name, those without one left out; where the copy ends. */
function copyList(
  from: Uint32Array,
  to: Uint32Array,
  { at, room, places }: { readonly at: number; readonly room: number; readonly places: Uint32Array },
): number {
  let end = at;
  for (let i = 0; i < room; i++) {
    const row = from[i]!;
    if (row === NONE) break;
    const place = places[row] ?? NONE;
    if (place !== NONE) to[end++] = place;
  }
  to.fill(NONE, end, at + room);
  return at + room;
}

/** Whether the levels account for all words, so that no list is read past the end. */
function listsFit(image: Uint32Array, count: number, m: number): boolean {
  let words = HEADER_WORDS + count * ROW_WORDS;
  if (words > image.length) return false;
  for (let place = 0; place < count; place++) {
    words += m * (2 + image[HEADER_WORDS + place * ROW_WORDS + 2]!);
  }
  return words === image.length;
}

/** What a row stands for and how its codes are scaled: another vector under the same name is another row. 64 bits by two rounds of FNV-1a. */
function identity({ columns, memory }: DenseSegment, row: number, name: string): readonly [low: number, high: number] {
  const scaleAt = (columns.headAt(row) + columns.headBytes - 16) / 4;
  let low = 0x811c_9dc5 ^ memory.u32[scaleAt]!;
  let high = 0x0100_0193 ^ memory.u32[scaleAt + 1]!;
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x0100_0193);
    high = Math.imul(high ^ unit ^ (low >>> 13), 0x0100_0193);
  }
  return [low >>> 0, high >>> 0];
}

/** 53 of the 64 bits: what a number holds exactly. */
function keyOf([low, high]: readonly [low: number, high: number]): number {
  return (high & 0x1f_ffff) * 2 ** 32 + low;
}
