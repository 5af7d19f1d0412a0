/** What a UTF-16 unit is to the tokeniser, and which one stands for it: letters without their marks. */

/** A mark vanishes, a solid sign belongs to a script that writes words without spaces, a split separates words. */
export const SPLIT = 0;
export const LETTER = 1;
export const SOLID = 2;
export const MARK = 3;

/** First and last of each kind of mark: Latin, Greek and Cyrillic; Hebrew points; Arabic vowels; joiners; variation selectors; soft hyphen. */
const MARKS = [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x591, 0x5c7],
  [0x64b, 0x65f],
  [0x670, 0x670],
  [0x200b, 0x200d],
  [0xfe00, 0xfe0f],
  [0xad, 0xad],
] as const;
const SOLIDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u;
const LETTERS = /[\p{L}\p{N}\p{M}]/u;
/** Below it marks are taken off letters; above, among others, are the syllables of Korean, which are no letters with marks. */
const FOLDED = 0x2000;

const UNKNOWN = 255;
const kinds = new Uint8Array(65_536).fill(UNKNOWN);
const folds = new Uint16Array(FOLDED);

/** cost  one look into a table of 64 KiB that fills as units occur */
export function kindOf(unit: number): number {
  const known = kinds[unit] as number;
  return known === UNKNOWN ? learn(unit) : known;
}

/** The unit without its marks; of text in lower case. */
export function foldOf(unit: number): number {
  return unit < FOLDED ? (folds[unit] as number) : unit;
}

function learn(unit: number): number {
  const character = String.fromCharCode(unit);
  if (unit < FOLDED) folds[unit] = character.normalize("NFD").charCodeAt(0);
  const mark = MARKS.some(([first, last]) => unit >= first && unit <= last);
  return (kinds[unit] = mark ? MARK : kindOfCharacter(character));
}

function kindOfCharacter(character: string): number {
  if (SOLIDS.test(character)) return SOLID;
  return LETTERS.test(character) ? LETTER : SPLIT;
}
