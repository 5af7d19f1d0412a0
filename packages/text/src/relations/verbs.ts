/** Auxiliaries and adverbs between a subject and what is said about it. */

import type { Tense } from "../relations.ts";
import type { Token } from "./tokens.ts";

export interface Auxiliaries {
  /** First token behind them. */
  readonly next: number;
  readonly negated: boolean;
  /** A form of "to be" is the last of them. */
  readonly be: boolean;
  readonly tense: Tense | undefined;
  /** "now", "just": the text says that this is new. */
  readonly change: boolean;
  /** "also": not the only one. */
  readonly also: boolean;
}

const ADVERBS = new Set(
  (
    "now just recently currently finally officially actually still already really only again permanently happily newly proudly legally " +
    "ahora actualmente ya hoy recientemente todavia aun definitivamente presently lately apparently simply here gladly happy well even mostly always " +
    "these days nowadays both all technically obviously sadly"
  ).split(" "),
);
const CHANGE = new Set("now just recently finally officially newly ahora ya hoy".split(" "));
const NOT = new Set("not never no hardly barely nunca jamas".split(" "));
const BE = new Set("am is are been being 's".split(" "));
const UNSURE = new Set(
  "basically practically virtually would could might may should can must shall maybe perhaps probably possibly hopefully likely".split(
    " ",
  ),
);
const WAS = new Set("was were".split(" "));
const FUTURE_HEADS =
  /^(?:will|going to|about to|planning|plan|plans|hoping|hope|hopes|want|wants|wanted|thinking|considering|trying|would like|wish|wishes|dream|dreaming|looking|intend|need|needs|supposed|due to|dying|tempted|expect|moving soon)$/;

export function isAdverb(word: string): boolean {
  return ADVERBS.has(word);
}

export function isNegation(word: string): boolean {
  return NOT.has(word);
}

export function auxiliariesAt(tokens: readonly Token[], at: number): Auxiliaries {
  let next = at;
  let negated = false;
  let be = false;
  let tense: Tense | undefined;
  let change = false;
  let also = false;
  const rank = (value: Tense): void => {
    if (tense === undefined || value === "unsure") tense = value;
  };
  for (; next < Math.min(tokens.length, at + 9); next++) {
    const word = tokens[next]?.word ?? "";
    const after = tokens[next + 1]?.word ?? "";
    if (word === "also" || word === "too" || word === "tambien") also = true;
    else if (ADVERBS.has(word)) change ||= CHANGE.has(word);
    else if (NOT.has(word)) negated = true;
    else if (BE.has(word)) be = true;
    else if (WAS.has(word)) {
      be = true;
      rank("past");
    } else if (word === "used" && after === "to") {
      rank("past");
      next++;
    } else if (UNSURE.has(word)) rank("unsure");
    else if (
      word === "will" ||
      (be && word === "going" && after === "to") ||
      (be && word === "about" && after === "to")
    ) {
      rank("future");
      if (word !== "will") next++;
    } else if (FUTURE_HEADS.test(word) && /^(?:to|of|about|on|for)$/.test(after)) {
      rank("future");
      next++;
    } else if (word === "had") rank("past");
    else if (word === "have" || word === "has" || word === "ve" || word === "do" || word === "does") {
      if (word.startsWith("h") && /^(?:an?|the|my|no|some|two|three|had)$/.test(after)) break;
    } else if (word === "did") rank("past");
    else break;
  }
  return { next, negated, be, tense, change, also };
}
