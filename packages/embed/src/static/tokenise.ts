/** From a text to rows of the model: a row for a common word, several for any other. */

import { createRowTable, finish, hashParts, hashWord } from "./row-table.ts";
import { LONGEST_WORD, scanWords } from "./scan.ts";

/** What tells rows apart: known words first, then parts of words, then rows that all other words and parts share by their hash. */
export interface RowPlan {
  /** Hashes of words, then of parts: `words + parts` of them. */
  readonly hashes: Uint32Array;
  readonly words: number;
  /** Of the words, the first so many stand for themselves; the others, which are rarer, bring their parts along. */
  readonly common: number;
  readonly parts: number;
  readonly shared: number;
}

type VisitRow = (row: number, weight: number) => void;

/** A word that takes several rows; `units[0 … length)` are overwritten afterwards. */
export interface ComposedWord {
  readonly units: Uint16Array;
  readonly length: number;
  readonly solid: boolean;
  readonly hash: number;
  /** Its own row, or −1. */
  readonly row: number;
}

export interface Tokeniser {
  /** The words of a text in order: the row of a common word, or what any other is. */
  words(text: string, common: (row: number) => void, composed: (word: ComposedWord) => void): void;
  /** Rows and weights of a word that takes several. */
  rows(word: ComposedWord, visit: VisitRow): void;
}

/** Letters of a part, with a mark at either end of the word. */
const PART_LETTERS = { least: 3, most: 5 } as const;
const START = 0x3c;
const END = 0x3e;
/** Letters of the parts that share rows by their hash. */
const SHARED_LETTERS = 4;
/** An unknown word is a row for its hash, which tells it from others, and its parts: those with rows of their own and those that share them. */
const WHOLE = 0.5;
/** Weight of either kind of parts of a rare known word, beside 1 for its own row. */
const RARE_PARTS = 0.5;

export function createTokeniser({ hashes, words, common, parts, shared }: RowPlan): Tokeniser {
  const table = createRowTable(hashes);
  const marked = new Uint16Array(LONGEST_WORD + 2);
  const own = new Int32Array(3 * (LONGEST_WORD + 2));
  const hashed = new Int32Array(LONGEST_WORD + 2);

  function visitBoth(units: Uint16Array, length: number, whole: number, visit: VisitRow): void {
    let owns = 0;
    let hashes = 0;
    visitParts(units, length, marked, (hash, letters) => {
      const row = table.find(hash);
      if (row >= words) own[owns++] = row;
      if (shared > 0 && letters === SHARED_LETTERS) hashed[hashes++] = words + parts + (hash % shared);
    });
    const ownWeight = whole / Math.sqrt(owns);
    for (let i = 0; i < owns; i++) visit(own[i] as number, ownWeight);
    const hashedWeight = whole / Math.sqrt(hashes);
    for (let i = 0; i < hashes; i++) visit(hashed[i] as number, hashedWeight);
  }

  return {
    words(text, visitCommon, visitComposed) {
      scanWords(text, (units, length, solid) => {
        const hash = hashWord(units, length);
        const found = table.find(hash);
        const row = found < words ? found : -1;
        if (row >= 0 && (row < common || solid)) visitCommon(row);
        else visitComposed({ units, length, solid, hash, row });
      });
    },

    rows({ units, length, solid, hash, row }, visit) {
      if (row >= 0) visit(row, 1);
      else if (shared > 0) visit(words + parts + (finish(hash) % shared), solid ? 1 : WHOLE);
      if (!solid) visitBoth(units, length, row >= 0 ? RARE_PARTS : 1, visit);
    },
  };
}

/** Hashes and letters of the parts of a word, its marks included; `marked` is overwritten. */
export function visitParts(
  units: Uint16Array,
  length: number,
  marked: Uint16Array,
  visit: (hash: number, letters: number) => void,
): void {
  marked[0] = START;
  marked.set(units.subarray(0, length), 1);
  marked[length + 1] = END;
  hashParts(marked, length + 2, PART_LETTERS, visit);
}
