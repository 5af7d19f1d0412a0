/** Guards: what two nearly equal texts must share to say the same thing. */

import { reordered } from "./guards/order.ts";
import { readFacts } from "./guards/read.ts";
import { canonical } from "./guards/variants.ts";
import { wordingDiffers } from "./guards/wording.ts";

/** What speaks against two texts saying the same. */
export type Guard =
  | "numbers"
  | "dates"
  | "negation"
  | "names"
  | "question"
  | "modality"
  | "condition"
  | "opposites"
  | "order"
  | "words"
  | "speaker";

/** What a text claims, as far as words show it. Made by `factsOf`, read by `conflict` and `rewording`. */
export interface Facts {
  /** Canonical words in order: lower-case, without marks, contractions written out, numbers as digits, empty phrases left out. */
  readonly words: readonly FactWord[];
  /** Words with marks, lower-case, as written. */
  readonly accented: readonly string[];
  /** Values, sorted; a unit stands behind its value. */
  readonly numbers: readonly string[];
  /** Months, weekdays, relative day words, parts of the day; sorted. */
  readonly dates: readonly string[];
  readonly negations: number;
  /** Lower-case, sorted. */
  readonly names: readonly string[];
  /** First words of sentences that may be names. */
  readonly maybeNames: readonly string[];
  readonly modals: readonly string[];
  readonly conditions: readonly string[];
  /** `group:member`. */
  readonly opposites: readonly string[];
  /** Begins with a capital: the writer sets them. */
  readonly cased: boolean;
  readonly question: boolean;
  /** A hash of what lies beyond the part that was read, 0 when all of it was. */
  readonly rest: number;
}

export type WordKind =
  | "word"
  | "number"
  | "date"
  | "name"
  | "negation"
  | "modal"
  | "condition"
  | "opposite"
  | "preposition"
  | "filler"
  | "function"
  | "unit";

export interface FactWord {
  readonly word: string;
  readonly kind: WordKind;
}

/**
 * What a text claims: numbers with units, dates, negation, names, modality and the order of words.
 *
 * language  "es" reads 1.000 as a thousand; the words of English and Spanish are known together
 * cost      about 1 µs a word; the first 32,768 UTF-16 units are read, the rest only hashed
 */
export function factsOf(text: string, options: { language?: string | undefined } = {}): Facts {
  return readFacts(text, options.language ?? "en");
}

/** The first thing that speaks against two texts saying the same, or undefined. Cost: a few µs for short texts. */
export function conflict(a: Facts, b: Facts): Guard | undefined {
  return claims(a, b) ?? (reordered(a.words, b.words) ? "order" : undefined);
}

/**
 * Stricter than `conflict`: also undefined only when both texts use the same words, but for synonyms, spellings, slips of the
 * pen and phrases that say nothing. For merging on write, where a lost detail is lost.
 */
export function rewording(a: Facts, b: Facts): Guard | undefined {
  return claims(a, b) ?? wordingDiffers(a, b);
}

function claims(a: Facts, b: Facts): Guard | undefined {
  if (!sameNumbers(a, b)) return "numbers";
  if (!sameList(a.dates, b.dates)) return "dates";
  if (a.negations % 2 !== b.negations % 2) return "negation";
  if (!sameNames(a, b)) return "names";
  if (a.question !== b.question) return "question";
  if (!sameList(a.modals, b.modals)) return "modality";
  if (!sameList(a.conditions, b.conditions)) return "condition";
  if (opposed(a.opposites, b.opposites)) return "opposites";
  return a.rest === b.rest ? undefined : "words";
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Values equal; units equal where both give one. */
function sameNumbers(a: Facts, b: Facts): boolean {
  if (a.numbers.length !== b.numbers.length) return false;
  return a.numbers.every((value, i) => {
    const other = b.numbers[i] ?? "";
    if (value === other) return true;
    const [x = "", unit = ""] = value.split(" ");
    const [y = "", otherUnit = ""] = other.split(" ");
    return x === y && (unit === "" || otherUnit === "");
  });
}

/** Every name of one stands in the other, in whatever case; first words count only when both sides have an unmatched one. */
function sameNames(a: Facts, b: Facts): boolean {
  const left = new Set(a.words.map(({ word }) => canonical(word)));
  const right = new Set(b.words.map(({ word }) => canonical(word)));
  if (a.names.some((name) => !right.has(canonical(name))) || b.names.some((name) => !left.has(canonical(name))))
    return false;
  if (a.cased && b.cased && (lowered(a, b) || lowered(b, a))) return false;
  return !(
    a.maybeNames.some((name) => !right.has(canonical(name))) && b.maybeNames.some((name) => !left.has(canonical(name)))
  );
}

/** A name of one stands in the other as a common word: "Polish", "polish". Any other name may be typed without its capital. */
function lowered(a: Facts, b: Facts): boolean {
  return a.names.some((name) => COMMON.has(name) && b.words.some(({ word, kind }) => word === name && kind === "word"));
}

/** Names that are words as well. */
const COMMON = new Set(
  (
    "polish turkey china mark bill rose will grace hope joy apple amazon java python shell target orange jersey reading bath nice cork mobile jack rob " +
    "pat sue frank art dale lily iris ivy olive pearl ruby daisy violet dawn eve faith chase drew gene guy jay miles nick ray rich rusty sandy skip " +
    "stew victor wade ward job lima rust swift go word excel access teams slack notion signal zoom square stripe visa discover delta united gap subway " +
    "windows office outlook edge chrome oracle sage sun angel cruz paz sol luz mercedes dolores consuelo blanca rosa flor estrella nieves pilar leon " +
    "victoria constitution democrat republican labour conservative liberal catholic mass bishop king queen prince duke baker cook butcher smith mason"
  ).split(" "),
);

/** In one group of words that exclude one another the texts have different members. */
function opposed(a: readonly string[], b: readonly string[]): boolean {
  const left = byGroup(a);
  const right = byGroup(b);
  for (const [group, members] of left) {
    const others = right.get(group);
    if (others !== undefined && others !== members) return true;
  }
  return false;
}

function byGroup(opposites: readonly string[]): Map<string, string> {
  const groups = new Map<string, string>();
  for (const entry of opposites) {
    const group = entry.slice(0, entry.indexOf(":"));
    groups.set(group, `${groups.get(group) ?? ""} ${entry}`);
  }
  return groups;
}
