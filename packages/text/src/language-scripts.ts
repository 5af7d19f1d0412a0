/** Which script a letter belongs to, and the language that uses it alone. */

/** First and last UTF-16 unit of a script, and its only language here, or a name with a star where several use it. */
const SCRIPTS: readonly (readonly [number, number, string])[] = [
  [0x41, 0x2af, "latin*"],
  [0x370, 0x3ff, "el"],
  [0x400, 0x52f, "cyrillic*"],
  [0x530, 0x58f, "hy"],
  [0x590, 0x5ff, "he"],
  [0x600, 0x77f, "arabic*"],
  [0x8a0, 0x8ff, "arabic*"],
  [0x900, 0x97f, "devanagari*"],
  [0x980, 0x9ff, "bn"],
  [0xa00, 0xa7f, "pa"],
  [0xa80, 0xaff, "gu"],
  [0xb00, 0xb7f, "or"],
  [0xb80, 0xbff, "ta"],
  [0xc00, 0xc7f, "te"],
  [0xc80, 0xcff, "kn"],
  [0xd00, 0xd7f, "ml"],
  [0xd80, 0xdff, "si"],
  [0xe00, 0xe7f, "th"],
  [0xe80, 0xeff, "lo"],
  [0xf00, 0xfff, "bo"],
  [0x1000, 0x109f, "my"],
  [0x10a0, 0x10ff, "ka"],
  [0x1100, 0x11ff, "ko"],
  [0x1200, 0x139f, "am"],
  [0x1780, 0x17ff, "km"],
  [0x1e00, 0x1eff, "latin*"],
  [0x1f00, 0x1fff, "el"],
  [0x3040, 0x30ff, "ja"],
  [0x3130, 0x318f, "ko"],
  [0x3400, 0x9fff, "zh"],
  [0xac00, 0xd7af, "ko"],
  [0xf900, 0xfaff, "zh"],
  [0xfb50, 0xfdff, "arabic*"],
  [0xfe70, 0xfeff, "arabic*"],
];

/** The script of a UTF-16 unit: the ISO 639-1 code of its only language, a name with a star, or undefined for other characters. */
export function scriptOf(code: number): string | undefined {
  for (const [first, last, script] of SCRIPTS) {
    if (code < first) return undefined;
    if (code <= last) return script;
  }
  return undefined;
}
