/** Word-break classes of the characters that the hand-written scanner knows: Latin, Greek, Cyrillic and common punctuation. */

/** A punctuation mark or symbol that stands alone. */
export const MARK = 0;
export const SPACE = 1;
export const LETTER = 2;
export const DIGIT = 3;
/** The low line, which joins whatever it touches (ExtendNumLet). */
export const JOINER = 4;
/** Joins two letters (MidLetter). */
export const MID_LETTER = 5;
/** Joins two letters or two digits (MidNumLet, Single_Quote). */
export const MID_BOTH = 6;
/** Joins two digits (MidNum). */
export const MID_NUMBER = 7;
/** Anything that needs the full rules: marks that combine, scripts without spaces, emoji, controls. */
export const COMPLEX = 8;

const TABLE_SIZE = 0x2030;
let table: Uint8Array | undefined;

/**
 * The class of each UTF-16 unit below 0x2030; above it everything is `COMPLEX`.
 *
 * cost     8 KiB, built at first use
 * source   UAX 29, table 3
 */
export function characterClasses(): Uint8Array {
  table ??= buildTable();
  return table;
}

function buildTable(): Uint8Array {
  const classes = new Uint8Array(TABLE_SIZE).fill(COMPLEX);
  for (let code = 0x20; code < 0x530; code++) classes[code] = classOf(String.fromCharCode(code));
  for (let code = 0x1e00; code < 0x1f00; code++) classes[code] = LETTER;
  // Dashes, double quotes, dagger, bullet.
  for (const code of [0x2012, 0x2013, 0x2014, 0x2015, 0x201c, 0x201d, 0x201e, 0x2020, 0x2022]) classes[code] = MARK;
  for (const code of [0x2018, 0x2019]) classes[code] = MID_BOTH;
  for (const code of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0]) classes[code] = SPACE;
  return classes;
}

function classOf(character: string): number {
  if (character === "_") return JOINER;
  if (character === "." || character === "'") return MID_BOTH;
  if (character === "," || character === ";") return MID_NUMBER;
  if (character === ":" || character === "·") return MID_LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(character)) {
    return /\p{L}/u.test(character) ? LETTER : COMPLEX;
  }
  return character < "\u007f" || /[¡¢£¥§«°±»¿×÷]/.test(character) ? MARK : COMPLEX;
}
