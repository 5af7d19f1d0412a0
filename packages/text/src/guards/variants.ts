/** One form for a word's spellings, abbreviations and everyday synonyms; and what counts as a slip of the pen. */

import { SYNONYMS } from "./synonyms.ts";

let forms: Map<string, string> | undefined;

/** The form that a word's synonyms and spellings share. Input: lower-case, without marks. */
export function canonical(word: string): string {
  forms ??= table();
  return forms.get(word) ?? forms.get(american(word)) ?? american(word);
}

/** Whether other words stand for this one: then a capital makes no name of it. */
export function isVariant(word: string): boolean {
  forms ??= table();
  return forms.has(word);
}

/** Pairs that look like slips and are words of their own. */
const REAL = new Set(
  (
    "form from|trial trail|diary dairy|angel angle|united untied|casual causal|desert dessert|discrete discreet|lose loose|later latter|dinner diner|comma coma|" +
    "hoping hopping|planed planned|county country|contract contact|public pubic|weather whether|quiet quite|accept except|affect effect|" +
    "advice advise|breath breathe|cloth clothe|chose choose|price prize|personal personnel|principal principle|stationary stationery|" +
    "through thorough|complement compliment|martial marital|nuclear unclear|sacred scared|silver sliver|bread beard|board broad|brother bother|" +
    "inhale inhaled|prescribe proscribe|ensure insure|uninformed uniformed|monthly mouthly|father farther|mother mothers|sister sitter|" +
    "batter better|butter better|bitter better|dosage dotage|stable table|allergic allegoric|friend fiend|expert export|import impart|" +
    "medication meditation|mediation medication|adapt adopt|adoption adaption|descent decent|moral morale|human humane|plane plan|" +
    "lighting lightning|conscious conscience|perform preform|preserve persevere|interested interred|married marred|patent patient|patience patients"
  ).split("|"),
);
/** A slip is looked for in words of at least this many letters: short words have too many neighbours. */
const TYPO_LETTERS = 6;

/**
 * Whether one of two words is probably a slip for the other: two neighbours swapped, a letter doubled, dropped or added inside.
 * First letters agree, endings that inflect do not count, and known pairs of real words are out.
 */
export function isTypo(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length < TYPO_LETTERS || long.length - short.length > 1 || a[0] !== b[0] || /\d/.test(a + b)) return false;
  if (REAL.has(`${a} ${b}`) || REAL.has(`${b} ${a}`)) return false;
  if (!/^[a-z]+$/.test(a) || !/^[a-z]+$/.test(b)) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  let back = 0;
  while (back < short.length - from && short[short.length - 1 - back] === long[long.length - 1 - back]) back++;
  const mine = short.slice(from, short.length - back);
  const theirs = long.slice(from, long.length - back);
  // A change at the end is grammar: "visit" and "visits", "marry" and "married".
  if (back === 0) return false;
  if (mine === "" && theirs.length === 1) return back >= 2 || theirs === long[from - 1];
  return mine.length === 2 && theirs.length === 2 && mine[0] === theirs[1] && mine[1] === theirs[0] && back >= 1;
}

/** British endings as American ones; what it makes of other words does not matter, both texts get it. */
function american(word: string): string {
  if (word.length < 4) return word;
  return (
    IRREGULAR[word] ??
    word
      .replace(/(?<=[a-z]{2}[bcdlmnprtv])our(?=(?:s|ed|ing|ite|ites|hood|hoods|ful|able|ly)?$)/, "or")
      .replace(/is(?=(?:e|es|ed|ing|ation|ations|er|ers)$)/, "iz")
      .replace(/ys(?=(?:e|es|ed|ing)$)/, "yz")
      .replace(/ogue(?=s?$)/, "og")
      .replace(/(?<=[a-z]{2}[bt])re(?=s?$)/, "er")
      .replace(/ll(?=(?:ed|ing|er|ers)$)/, "l")
      .replace(/^(an|p|h|g)ae/, "$1e")
      .replace(/oe(?=(?:strogen|dema|sophag))/, "e")
  );
}

const IRREGULAR: Readonly<Record<string, string>> = {
  grey: "gray",
  programme: "program",
  programmes: "programs",
  tyre: "tire",
  tyres: "tires",
  cheque: "check",
  cheques: "checks",
  practise: "practice",
  practises: "practices",
  practised: "practiced",
  licence: "license",
  defence: "defense",
  jewellery: "jewelry",
  aluminium: "aluminum",
  pyjamas: "pajamas",
  plough: "plow",
  kerb: "curb",
  mould: "mold",
  neighbour: "neighbor",
  ageing: "aging",
  judgement: "judgment",
  learnt: "learned",
  burnt: "burned",
  dreamt: "dreamed",
  spelt: "spelled",
};

function table(): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of SYNONYMS.trim().split("\n")) {
    const [head = "", ...rest] = line.split(" ");
    const form = found.get(head) ?? head;
    for (const word of [head, ...rest]) if (!found.has(word)) found.set(word, form);
  }
  return found;
}
