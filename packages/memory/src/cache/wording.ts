/** How far apart two wordings are: whether a query asks what an earlier one asked, in other words. */

import { conflict, type Facts, factsOf, withoutMarks, words, wordTerms } from "@nexus/text";

/** A query as it is compared with others. */
export interface Wording {
  /** Numbers, dates, negations and opposites that it holds. Modality and conditions are left out: "how can I", "how should I". */
  readonly facts: Facts;
  /** Who, what, when, …: the first question word, or "". */
  readonly asks: string;
  /** Term ids of all words in order, and of those that carry content. */
  readonly all: readonly number[];
  readonly content: readonly number[];
  /** Ids that are names. */
  readonly names: ReadonlySet<number>;
  /** Ordinals and units, which say how many of what is asked for: "the second half", "how many days". */
  readonly counts: readonly string[];
}

/** Cost: about 40 µs for a question, most of it for the guards. Longer queries are compared by their first 64 words. */
export function wordingOf(query: string, language: string): Wording {
  const facts = factsOf(query, { language });
  const all: number[] = [];
  const content: number[] = [];
  const names = new Set<number>();
  const counts: string[] = [];
  let asks = "";
  for (const written of words(query).slice(0, MAX_WORDS)) {
    const text = written.text.replace(/['’]s$/u, "");
    const word = withoutMarks(text.toLowerCase());
    if (asks === "") asks = QUESTION_WORDS.get(word) ?? "";
    if (COUNTS.has(word)) counts.push(word);
    for (const { id } of wordTerms(text, language)) {
      all.push(id);
      if (facts.names.includes(word)) names.add(id);
      if (!FRAME.has(word)) content.push(id);
    }
  }
  const claims = { ...facts, names: [], maybeNames: [], modals: [], conditions: [] };
  return { facts: claims, asks, all, content, names, counts };
}

/**
 * 0 for the same words in the same order; undefined when a guard speaks against it: other numbers, dates, names,
 * question words, opposites, a negation or a condition more.
 *
 * m/√n + ½·M/√N + ¼·(1 − cosine): n words carry content, m of them have no partner in the order of the other text, a name
 * counting twice; M of all N words likewise, in statements only: small words say there who did what to whom, in a question
 * they are mostly manner of asking.
 *
 * Where a deep model has told, its cosine says more than all of the built-in one's: 2.5·(1 − deepCosine) in place of the last part.
 * That 2.5 was chosen with the curves of PAWS-X and QQP in sight, from .25 to 4.
 *
 * shapes   cosine, deepCosine: of the two queries' vectors
 * cost     about 6 µs for two questions: n·n + N·N steps
 */
export function apart(a: Wording, b: Wording, cosine: number, deepCosine?: number): number | undefined {
  if (a.asks !== b.asks || differ(a.counts, b.counts)) return undefined;
  if (isMissing(a.names, b.all) || isMissing(b.names, a.all)) return undefined;
  const guard = conflict(a.facts, b.facts);
  // A change of order alone is a matter of degree.
  if (guard !== undefined && guard !== "order") return undefined;
  const weight = (id: number): number => (a.names.has(id) || b.names.has(id) ? NAME_WEIGHT : 1);
  const content = unmatched(a.content, b.content, weight);
  const isQuestion = a.facts.question && b.facts.question;
  const order = isQuestion ? 0 : unmatched(a.all, b.all, () => 1);
  const meaning = deepCosine === undefined ? COSINE_SHARE * (1 - cosine) : DEEP_SHARE * (1 - deepCosine);
  return content + ORDER_SHARE * order + meaning;
}

function isMissing(names: ReadonlySet<number>, all: readonly number[]): boolean {
  return [...names].some((name) => !all.includes(name));
}

/** Each has one that the other lacks. */
function differ(a: readonly string[], b: readonly string[]): boolean {
  return a.some((word) => !b.includes(word)) && b.some((word) => !a.includes(word));
}

const MAX_WORDS = 64;
const NAME_WEIGHT = 2;
const ORDER_SHARE = 0.5;
const SWAP_SHARE = 0.25;
const COSINE_SHARE = 0.25;
const DEEP_SHARE = 2.5;

/** By what they ask for. */
const QUESTION_WORDS = new Map(
  [
    "who whom whose quien quienes",
    "what which que cual cuales",
    "when cuando",
    "where donde adonde",
    "why",
    "how como cuanto cuanta cuantos cuantas",
  ].flatMap((line) => line.split(" ").map((word, _, [first = ""]) => [word, first] as const)),
);
const COUNTS = new Set(
  (
    "first second third fourth fifth primer primera primero segundo segunda tercer tercera tercero cuarto cuarta " +
    "seconds minute minutes hour hours day days week weeks month months year years " +
    "segundos minuto minutos hora horas dia dias semana semanas mes meses ano anos"
  ).split(" "),
);

/** Words that frame a request rather than say what it is about: question words, pronouns, auxiliaries, most prepositions, courtesy. */
const FRAME = new Set(
  (
    "i you he she we they it me my your his her our their its us this these those there here that which to in on with by from at as for of " +
    "the a an is are am be was were been being do does did has have had s what who whom whose when where why how if or and but so than " +
    "then can could would will should may might must about into out up down any some one get got please just really like well so very " +
    "quite too also thanks hi hello hey ok yes yo tu el ella nosotros ellos me te se lo la le los las les un una unos unas de del al por " +
    "para con en es son era fue ha han y o que cual quien cuando donde como cuanto cuanta cuantos cuantas mi su sus este esta ese esa favor"
  ).split(" "),
);

/** What stands beyond the longest common subsequence, over the root of the length: that of the longer text, and a share of the shorter one's, as a word for another says more than a word more. */
function unmatched(a: readonly number[], b: readonly number[], weight: (id: number) => number): number {
  const [shorter = 0, longer = 0] = [sumOf(a, weight), sumOf(b, weight)].sort((x, y) => x - y);
  const shared = common(a, b, weight);
  return (longer - shared + SWAP_SHARE * (shorter - shared)) / Math.sqrt(Math.max(1, longer));
}

function sumOf(ids: readonly number[], weight: (id: number) => number): number {
  return ids.reduce((sum, id) => sum + weight(id), 0);
}

/** Weight of the heaviest common subsequence. */
function common(a: readonly number[], b: readonly number[], weight: (id: number) => number): number {
  const row = new Float64Array(b.length + 1);
  for (const id of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] ?? 0;
      const matched = id === b[j - 1] ? diagonal + weight(id) : 0;
      row[j] = Math.max(matched, above, row[j - 1] ?? 0);
      diagonal = above;
    }
  }
  return row[b.length] ?? 0;
}
