/** Words of a text as the built-in model reads them: lower case, without marks; fast, and the same in every engine. */

import { foldOf, kindOf, LETTER, MARK, SOLID, SPLIT } from "./fold.ts";

/** Called with the units of a word: `units[0 … length)`, which are overwritten afterwards. `solid` for one or two signs of a script without spaces. */
export type VisitWord = (units: Uint16Array, length: number, solid: boolean) => void;

/** Longer words count by their first letters. */
export const LONGEST_WORD = 64;
/** UTF-16 units of a text that are read; what is embedded is a chunk, which is far shorter. */
const LONGEST_TEXT = 200_000;

const APOSTROPHE = 0x27;
const CURLY = 0x2019;
const LETTER_S = 0x73;
/** English endings that belong to their word: don't → dont. */
const ENDINGS: ReadonlySet<string> = new Set(["t", "m", "d", "ll", "re", "ve"]);

/** cost  about 0.1 µs a word; the first 200,000 units of the text are read */
export function scanWords(text: string, visit: VisitWord): void {
  const lower = prepare(text);
  const units = new Uint16Array(LONGEST_WORD);
  let length = 0;
  /** The sign before, of a script without spaces; 0 for none. */
  let before = 0;
  for (let i = 0; i < lower.length; i++) {
    const unit = lower.charCodeAt(i);
    const kind = kindOf(unit);
    if (kind === LETTER) {
      if (length < LONGEST_WORD) units[length++] = foldOf(unit);
      before = 0;
      continue;
    }
    if (kind === MARK) continue;
    if (length > 0 && (unit === APOSTROPHE || unit === CURLY)) {
      const skipped = afterApostrophe(lower, i + 1);
      if (skipped >= 0) {
        i += skipped;
        continue;
      }
    }
    if (length > 0) visit(units, length, false);
    length = 0;
    if (kind === SPLIT) before = 0;
    if (kind !== SOLID) continue;
    units[0] = unit;
    visit(units, 1, true);
    if (before !== 0) {
      units[0] = before;
      units[1] = unit;
      visit(units, 2, true);
    }
    before = unit;
  }
  if (length > 0) visit(units, length, false);
}

/** NFKC makes one form of wide, composed and stylised letters; most texts are ASCII and need it not. */
function prepare(text: string): string {
  const read = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
  for (let i = 0; i < read.length; i++) if (read.charCodeAt(i) > 0x7f) return read.normalize("NFKC").toLowerCase();
  return read.toLowerCase();
}

/** returns  how many letters to pass over after an apostrophe within a word: 0 where they go on with it, −1 where it ends */
function afterApostrophe(text: string, from: number): number {
  let to = from;
  while (to < text.length && to < from + 3 && kindOf(text.charCodeAt(to)) === LETTER) to++;
  if (to === from + 1 && text.charCodeAt(from) === LETTER_S) return 1;
  return ENDINGS.has(text.slice(from, to)) ? 0 : -1;
}
