/** Tokens as the tagger of entities sees them: words with their inner marks, and every other mark alone. */

export interface Token {
  readonly text: string;
  readonly lower: string;
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Whether it opens a sentence, a line or a quotation. */
  readonly first: boolean;
}

// A word keeps its inner hyphens and apostrophes, but "'s" stands alone; letters of scripts without spaces stand alone too.
const LETTER = String.raw`[\p{L}--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]`;
const TOKEN = new RegExp(
  [
    String.raw`(?:https?:\/\/|www\.)\S+`,
    String.raw`[@#][\p{L}\p{N}_]+`,
    String.raw`&[a-z]{2,5};`,
    String.raw`(?:\p{Lu}\.){2,}`,
    String.raw`['’]s(?!\p{L})`,
    String.raw`${LETTER}[${LETTER}\p{M}\p{N}_]*(?:(?:[\-&·]|['’](?!s(?!\p{L})))${LETTER}[${LETTER}\p{M}\p{N}_]*)*`,
    String.raw`\p{N}+(?:[.,:]\p{N}+)*(?:${LETTER}[${LETTER}\p{N}]*)?`,
    String.raw`\S`,
  ].join("|"),
  "gv",
);
const ENDS = /^[.!?…:¡¿]$/u;
const OPENS = /^["“”«‘([*\-–—•>']$/u;

/** Tokens in order. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let first = true;
  let last = 0;
  for (const { 0: found, index } of text.matchAll(TOKEN)) {
    if (!first && index > last && text.slice(last, index).includes("\n")) first = true;
    tokens.push({ text: found, lower: found.toLowerCase(), start: index, end: index + found.length, first });
    last = index + found.length;
    if (ENDS.test(found)) first = true;
    else if (!OPENS.test(found)) first = false;
    else if (found === "“" || found === '"' || found === "«" || found === "¿" || found === "¡") first = true;
  }
  return tokens;
}
