/** Whether two texts use the same words, synonyms, spellings and slips of the pen aside. */

import { withoutMarks } from "../accents.ts";
import type { Facts, FactWord } from "../guards.ts";
import { movedApart } from "./order.ts";
import { canonical, isTypo } from "./variants.ts";

/** More words than these are compared in order only, without looking for slips. */
const MOST_LEFT = 12;

interface Item extends FactWord {
  /** As the text has it. */
  readonly own: string;
}

/** What keeps one text from being the other in nearly the same words. Cost: some µs, linear but for at most 12 × 12 pairs. */
export function wordingDiffers(a: Facts, b: Facts): "words" | "order" | undefined {
  if (accentsDiffer(a, b)) return "words";
  const left = itemsOf(a);
  const right = itemsOf(b);
  if (left.length === 0 || right.length === 0) return sameSequence(a, b) ? undefined : "words";
  const onlyLeft = missing(left, right);
  const onlyRight = missing(right, left);
  if (onlyLeft.length > MOST_LEFT || onlyRight.length > MOST_LEFT) return "words";
  const renamed = pairUp(onlyLeft, onlyRight, left, right);
  if (!renamed) return "words";
  if (onlyLeft.some(spare) && onlyRight.some(spare)) return "words";
  if (bound(onlyLeft, left) || bound(onlyRight, right)) return "words";
  // "Mondays and Fridays", "Mondays to Fridays".
  if ((onlyLeft.some(spare) || onlyRight.some(spare)) && joins(left) !== joins(right)) return "words";
  return movedApart(
    left,
    right.map((item) => ({ ...item, word: renamed.get(item.word) ?? item.word })),
  )
    ? "order"
    : undefined;
}

/** Words that carry meaning, in one canonical form. */
function itemsOf({ words }: Facts): Item[] {
  const items: Item[] = [];
  for (const { word, kind } of words) {
    if (kind === "filler" || (kind === "function" && word !== "and" && word !== "y")) continue;
    const name = kind === "word" || kind === "name" || kind === "opposite" ? canonical(word) : word;
    // "so the the contractor": a word said twice is said once.
    if (items.at(-1)?.word !== name) items.push({ word: name, kind, own: word });
  }
  return items;
}

/** For texts of nothing but fillers: "ok", "thanks". */
function sameSequence(a: Facts, b: Facts): boolean {
  return a.words.length === b.words.length && a.words.every(({ word }, i) => word === b.words[i]?.word);
}

function joins(items: readonly Item[]): number {
  return items.filter(({ word }) => word === "and" || word === "y").length;
}

function missing(from: readonly Item[], other: readonly Item[]): Item[] {
  const counts = new Map<string, number>();
  for (const { word } of other) counts.set(word, (counts.get(word) ?? 0) + 1);
  const left: Item[] = [];
  for (const item of from) {
    const count = counts.get(item.word) ?? 0;
    if (count > 0) counts.set(item.word, count - 1);
    else if (item.kind !== "function") left.push(item);
  }
  return left;
}

/** Every word that only one text has is the other's in another spelling; undefined when one is not. */
function pairUp(
  left: Item[],
  right: Item[],
  all: readonly Item[],
  others: readonly Item[],
): Map<string, string> | undefined {
  const renamed = new Map<string, string>();
  const open = [...right];
  for (const item of left) {
    const at = open.findIndex((other) => sameWord(item, other));
    if (at >= 0) {
      renamed.set(open[at]?.word ?? "", item.word);
      open.splice(at, 1);
      continue;
    }
    if (joinedFrom(item.word, open)) continue;
    if (!splitInto(item.word, others, all) && !spare(item)) return undefined;
  }
  for (const item of open)
    if (!joinedIn(item.word, all) && !splitInto(item.word, all, others) && !spare(item)) return undefined;
  return renamed;
}

/** A preposition may come or go; it may not become another. */
function spare(item: Item): boolean {
  return item.kind === "preposition";
}

/** "runs the marathon", "runs in the marathon": only before times and amounts may a preposition be left out. */
function bound(own: readonly Item[], all: readonly Item[]): boolean {
  return own.some((item) => {
    if (!spare(item) || /^(?:of|de|del)$/.test(item.word)) return false;
    const next = all[all.indexOf(item) + 1];
    return next?.kind !== "date" && next?.kind !== "number" && next?.kind !== "unit";
  });
}

function sameWord(a: Item, b: Item): boolean {
  if (a.kind === "number" || b.kind === "number" || a.kind === "preposition" || b.kind === "preposition") return false;
  return a.kind !== "name" && b.kind !== "name" && isTypo(a.own, b.own);
}

/** "beekeeper" from "bee", "keeper", which are then used up. */
function joinedFrom(word: string, open: Item[]): boolean {
  for (let i = 0; i + 1 < open.length; i++) {
    if (`${open[i]?.word}${open[i + 1]?.word}` === word) {
      open.splice(i, 2);
      return true;
    }
  }
  return false;
}

function joinedIn(word: string, items: readonly Item[]): boolean {
  return items.some((item, i) => `${item.word}${items[i + 1]?.word ?? " "}` === word);
}

/** A half of a word that the other text writes as one. */
function splitInto(word: string, others: readonly Item[], own: readonly Item[]): boolean {
  const at = own.findIndex((item) => item.word === word);
  const before = `${own[at - 1]?.word ?? " "}${word}`;
  const after = `${word}${own[at + 1]?.word ?? " "}`;
  return others.some((item) => item.word === before || item.word === after);
}

/** Both writers use accents, and differently: "visito", "visitó"; or only an ending has one: "canto", "cantó". */
function accentsDiffer(a: Facts, b: Facts): boolean {
  const left = a.accented.filter((word) => !b.accented.includes(word) && has(b, word));
  const right = b.accented.filter((word) => !a.accented.includes(word) && has(a, word));
  if (a.accented.length > 0 && b.accented.length > 0) return left.length > 0 || right.length > 0;
  // Who leaves out all accents leaves them out in other places too.
  const loose = [...left, ...right];
  return loose.length > 0 && loose.every((word) => /[áéíóú]$/.test(word));
}

/** Whether a text has an accented word without its accents. */
function has({ words }: Facts, accented: string): boolean {
  const plain = withoutMarks(accented);
  return words.some(({ word }) => word === plain);
}
