/** Words and signs of a text with their offsets, in sentences, for reading relations. */

import { withoutMarks } from "../accents.ts";

export interface Token {
  /** Lower-case, without marks; contractions are two tokens at the same place. */
  readonly word: string;
  /** UTF-16 offsets in the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly capital: boolean;
  readonly sign: boolean;
  /** Two to five capital letters. */
  readonly acronym: boolean;
}

export interface Sentence {
  readonly tokens: readonly Token[];
  readonly question: boolean;
}

/** A word with inner dots, hyphens and at signs (names, addresses, numbers), or one sign. */
const TOKEN =
  /[\p{L}\p{M}\p{N}_]+(?:['’@+-](?=[\p{L}\p{N}])[\p{L}\p{M}\p{N}_]+|\.(?=[\p{Ll}\p{N}])[\p{L}\p{M}\p{N}_]+)*|\S/gu;
const QUOTED =
  /"[^"\n]{1,400}"|“[^”\n]{1,400}”|«[^»\n]{1,400}»|(?<![\p{L}\p{N}])['‘][^'’\n]{2,200}['’](?![\p{L}\p{N}])/gu;
/** Most words: nothing in them to take apart. */
const ASCII = /^[A-Za-z]+$/;
const TITLES = /^(?:mr|mrs|ms|dr|prof|st|sr|sra|dra|srta|jr|inc|co|ltd)$/;
const SPLIT: Readonly<Record<string, string>> = {
  "'m": "am",
  "'re": "are",
  "'ve": "have",
  "'ll": "will",
  "'d": "would",
};
/** Written together or without the apostrophe. */
const WHOLE: Readonly<Record<string, readonly [string, string]>> = {
  im: ["i", "am"],
  ive: ["i", "have"],
  "can't": ["can", "not"],
  cant: ["can", "not"],
  cannot: ["can", "not"],
  "won't": ["will", "not"],
  dont: ["do", "not"],
  doesnt: ["does", "not"],
  didnt: ["did", "not"],
  gonna: ["going", "to"],
  al: ["a", "el"],
};
/** After these 's is "is" or "has"; after a name it may also say whose. */
const IS_AFTER = /^(?:he|she|it|that|who|there|here|what|where)$/;

/** Sentences of a text. What stands in quotation marks is left out, unless it is all there is. */
export function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  let tokens: Token[] = [];
  const close = (question: boolean): void => {
    if (tokens.length > 0) found.push({ tokens, question });
    tokens = [];
  };
  const plain = withoutQuotes(text);
  const lines = plain.includes("\n");
  for (const match of plain.matchAll(TOKEN)) {
    const written = match[0];
    const start = match.index;
    if (lines && tokens.length > 0 && plain.lastIndexOf("\n", start) >= (tokens.at(-1)?.end ?? 0)) close(false);
    if (written === "." || written === "!" || written === "?" || written === "…") {
      if (written === "." && TITLES.test(tokens.at(-1)?.word ?? "")) continue;
      close(written === "?");
      continue;
    }
    push(tokens, written, start);
  }
  close(false);
  return found;
}

function withoutQuotes(text: string): string {
  if (!/["“«'‘]/.test(text)) return text;
  const plain = text.replace(QUOTED, (quoted) => " ".repeat(quoted.length));
  return plain.trim() === "" ? text : plain;
}

function push(tokens: Token[], written: string, start: number): void {
  if (ASCII.test(written)) {
    const word = written.toLowerCase();
    if (!Object.hasOwn(WHOLE, word)) {
      const capital = written.charCodeAt(0) < 97;
      const acronym = capital && written.length > 1 && written.length < 6 && written === written.toUpperCase();
      tokens.push({ word, start, end: start + written.length, capital, sign: false, acronym });
      return;
    }
  }
  const word = withoutMarks(written.toLowerCase()).replaceAll("’", "'");
  const capital = /^\p{Lu}/u.test(written);
  const end = start + written.length;
  const sign = !/[\p{L}\p{N}]/u.test(written);
  const acronym = /^\p{Lu}{2,5}$/u.test(written);
  const add = (word: string, from: number, to: number, capital: boolean): void => {
    tokens.push({ word, start: from, end: to, capital, sign, acronym });
  };
  const whole = Object.hasOwn(WHOLE, word) && !(word === "al" && capital) ? WHOLE[word] : undefined;
  const cut = word.lastIndexOf("'");
  const ending = cut < 0 ? "" : word.slice(cut);
  const middle = end - ending.length;
  if (whole) {
    add(whole[0], start, end, capital);
    add(whole[1], start, end, false);
  } else if (word.endsWith("n't") && word.length > 3) {
    add(word.slice(0, -3), start, end - 3, capital);
    add("not", end - 3, end, false);
  } else if (Object.hasOwn(SPLIT, ending)) {
    add(word.slice(0, cut), start, middle, capital);
    add(SPLIT[ending] ?? "", middle, end, false);
  } else if (ending === "'s") {
    add(word.slice(0, cut), start, middle, capital);
    add(IS_AFTER.test(word.slice(0, cut)) ? "is" : "'s", middle, end, false);
  } else add(word, start, end, capital);
}
