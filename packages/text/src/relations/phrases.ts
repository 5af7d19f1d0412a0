/** Where names and phrases end. */

import type { Token } from "./tokens.ts";

export interface Reading {
  /** Tokens from `from` to `to`, end exclusive. */
  readonly from: number;
  readonly to: number;
  /** 0…1: how much it looks like what was asked for. */
  readonly confidence: number;
}

/** Longest name or title in tokens. */
export const MOST_TOKENS = 8;
export const ARTICLES: ReadonlySet<string> = new Set(
  "a an the my our un una el la los las mi nuestra nuestro this some".split(" "),
);
/** What no phrase goes beyond. */
export const STOP: ReadonlySet<string> = new Set(
  (
    "at for in on with from since because and but so now who which that when where while until till this next last today " +
    "yesterday these after before as to near by though although if or then currently nowadays again instead where's i we my " +
    "is are was were am have has had will would not it he she they you there here about than just also too these those lol " +
    "thanks please finally already recently though permanently full-time part-time fulltime remotely officially " +
    "en para con desde porque y e o pero ahora hace que cuando donde como mientras hasta por actualmente es son fue"
  ).split(" "),
);
const CONNECTORS = new Set(
  "of de da do dos das del la le los las el du des upon the am an der den und di van von & sur sous al y".split(" "),
);

/** End of a run of capitalised words from `from`; `from` when there is none. */
export function nameEnd(tokens: readonly Token[], from: number): number {
  let to = from;
  while (to < from + MOST_TOKENS) {
    const token = tokens[to];
    if (!token || token.word === "i") break;
    if (token.capital || (to > from && /^\d/.test(token.word) && token.word.length < 4)) to++;
    else if (
      to > from &&
      (isConnector(tokens, to) || ((token.word === "'" || token.word === "'s") && tokens[to + 1]?.capital))
    )
      to++;
    else break;
  }
  return to;
}

/** End of a phrase of at most `most` tokens: a sign or a word that begins something else. */
export function phraseEnd(tokens: readonly Token[], from: number, most: number): number {
  let to = from;
  if (ARTICLES.has(tokens[to]?.word ?? "")) to++;
  while (to < from + most && to < tokens.length && !tokens[to]?.sign && !STOP.has(tokens[to]?.word ?? "")) to++;
  return to;
}

/** Whether the writer uses capitals at all, beside the first word and "I". */
export function capitals(tokens: readonly Token[]): boolean {
  return tokens.some((token, i) => token.capital && (i > 0 || token.word === "i"));
}

/** A lower-case word between capitals: "Rio de Janeiro". */
export function isConnector(tokens: readonly Token[], at: number): boolean {
  if (!CONNECTORS.has(tokens[at]?.word ?? "")) return false;
  const next = tokens[at + 1];
  return (
    next !== undefined &&
    next.word !== "i" &&
    (next.capital || (CONNECTORS.has(next.word) && tokens[at + 2]?.capital === true))
  );
}
