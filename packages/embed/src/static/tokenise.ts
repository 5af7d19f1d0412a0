/** From a text to rows of the model: a row for a known word, several for any other. */

import { createRowTable, finish, hashPart, hashWord } from "./row-table.ts";
import { LONGEST_WORD, scanWords } from "./scan.ts";

/** What tells rows apart: known words first, then parts of words, then rows that unknown words share by their hash. */
export interface RowPlan {
  /** Hashes of words, then of parts: `words + parts` of them. */
  readonly hashes: Uint32Array;
  readonly words: number;
  /** Of the words, the first so many stand for themselves; the others, which are rarer, bring their parts along. */
  readonly common: number;
  readonly parts: number;
  readonly shared: number;
}

export type VisitRow = (row: number, weight: number) => void;

export interface Tokeniser {
  /** Rows and weights of a text's words, in order. */
  text(text: string, visit: VisitRow): void;
  /** Rows and weights of a word as if it were unknown. */
  unknown(units: Uint16Array, length: number, solid: boolean, visit: VisitRow): void;
}

/** Letters of a part, with a mark at either end of the word. */
export const PART_LETTERS = { least: 3, most: 5 } as const;
const START = 0x3c;
const END = 0x3e;
/** An unknown word is told from others by two shared rows: of 2,048 rows two million pairs can be made. */
const SHARED_WEIGHT = Math.SQRT1_2;
/** Weight of all parts of a rare known word, beside 1 for its own row. */
const RARE_PARTS = 0.5;

export function createTokeniser({ hashes, words, common, parts, shared }: RowPlan): Tokeniser {
  const table = createRowTable(hashes);
  const marked = new Uint16Array(LONGEST_WORD + 2);
  const found = new Int32Array(3 * (LONGEST_WORD + 2));

  function unknown(units: Uint16Array, length: number, solid: boolean, visit: VisitRow): void {
    const hash = hashWord(units, length);
    const firstShared = words + parts;
    if (shared > 0) {
      visit(firstShared + (hash % shared), SHARED_WEIGHT);
      visit(firstShared + (finish(hash ^ 0x5bd1e995) % shared), SHARED_WEIGHT);
    }
    if (!solid) visitFound(units, length, 1, visit);
  }

  function visitFound(units: Uint16Array, length: number, whole: number, visit: VisitRow): void {
    const count = findParts(units, length);
    const weight = whole / Math.sqrt(count);
    for (let i = 0; i < count; i++) visit(found[i] as number, weight);
  }

  function findParts(units: Uint16Array, length: number): number {
    let count = 0;
    visitParts(units, length, marked, (from, to) => {
      const row = table.find(hashPart(marked, from, to));
      if (row >= words) found[count++] = row;
    });
    return count;
  }

  return {
    unknown,
    text(text, visit) {
      scanWords(text, (units, length, solid) => {
        const row = table.find(hashWord(units, length));
        if (row < 0 || row >= words) return unknown(units, length, solid, visit);
        visit(row, 1);
        if (row >= common && !solid) visitFound(units, length, RARE_PARTS, visit);
      });
    },
  };
}

/** The parts of a word as places of `marked`, which is filled with the word between its marks. */
export function visitParts(
  units: Uint16Array,
  length: number,
  marked: Uint16Array,
  visit: (from: number, to: number) => void,
): void {
  marked[0] = START;
  marked.set(units.subarray(0, length), 1);
  marked[length + 1] = END;
  for (let from = 0; from < length + 2; from++) {
    const last = Math.min(from + PART_LETTERS.most, length + 2);
    for (let to = from + PART_LETTERS.least; to <= last; to++) visit(from, to);
  }
}
