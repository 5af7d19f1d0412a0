/** The languages that have a stemmer here, and the scripts that decide one without looking at words. */

/** Written in Latin letters, so told apart by their words. The order is the order of the bits in a vote. */
export const LATIN_LANGUAGES = [
  "en",
  "es",
  "fr",
  "de",
  "it",
  "pt",
  "nl",
  "da",
  "sv",
  "no",
  "fi",
  "hu",
  "ro",
  "tr",
  "ca",
  "eu",
  "ga",
  "cs",
  "sl",
] as const;

export const DEFAULT_LANGUAGE = "en";

/** First and last UTF-16 unit of a script, and the language that is assumed for it. */
const SCRIPTS: readonly (readonly [number, number, string])[] = [
  [0x41, 0x24f, "latin"],
  [0x370, 0x3ff, "el"],
  [0x400, 0x52f, "ru"],
  [0x530, 0x58f, "hy"],
  [0x590, 0x5ff, "he"],
  [0x600, 0x77f, "ar"],
  [0x900, 0x97f, "hi"],
  [0xb80, 0xbff, "ta"],
  [0xe00, 0xe7f, "th"],
  [0x1e00, 0x1eff, "latin"],
  [0x3040, 0x30ff, "ja"],
  [0x3400, 0x9fff, "zh"],
  [0xac00, 0xd7af, "ko"],
];

/** "latin", a language that its script gives away, or undefined for digits and scripts without an entry. */
export function scriptLanguage(code: number): string | undefined {
  for (const [first, last, language] of SCRIPTS) {
    if (code < first) return undefined;
    if (code <= last) return language;
  }
  return undefined;
}
