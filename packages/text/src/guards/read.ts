/** One pass over a text for what it claims. */

import type { Facts, FactWord, WordKind } from "../guards.ts";
import { withoutEmptyPhrases } from "./empty-phrases.ts";
import { dateSlip, entryOf } from "./lexicon.ts";
import { numberAt } from "./numbers.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { isVariant } from "./variants.ts";

/** UTF-16 units that are read word by word. */
const READ_UNITS = 32_768;
/** Share of capitalised words from which capitals say nothing: headings, shouting. */
const CAPITALS_SHARE = 0.6;
const QUESTION =
  /^(?:who|whom|whose|what|when|where|why|which|how|do|does|did|is|are|was|were|can|could|would|will|should|has|have|quien|quienes|que|cuando|donde|como|cual|cuales|cuanto|cuantos|cuanta|cuantas)$/;
const ASKED_AFTER =
  /^(?:you|i|we|they|he|she|it|is|are|was|were|do|does|did|can|could|would|will|should|has|have|the|my|your|there|many|much|long|often|old)$/;

export function readFacts(text: string, language: string): Facts {
  const all = tokensOf(text.length > READ_UNITS ? text.slice(0, READ_UNITS) : text);
  const stays = withoutEmptyPhrases(all.map((token) => token.word));
  const tokens = all.filter((token, i) => stays[i] && !(token.word === "?" && stays[i - 1] === false));
  const written = tokens.map((token) => token.word);
  const named = namesTell(tokens);
  const words: FactWord[] = [];
  const lists: Lists = { numbers: [], dates: [], names: [], maybeNames: [], modals: [], conditions: [], opposites: [] };
  const accented: string[] = [];
  let negations = 0;
  let question = asks(tokens);
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i] as Token;
    if (token.word === "?") {
      question = true;
      i++;
      continue;
    }
    const number = numberAt(written, i, language);
    if (number) {
      i += number.length;
      const unit = unitOf(written[i]);
      lists.numbers.push(unit === "" ? number.value : `${number.value} ${unit}`);
      words.push({ word: number.value, kind: "number" });
      if (unit !== "") i++;
      continue;
    }
    i++;
    const entry = entryAt(tokens, i - 1, language);
    const kind = kindOf(token, entry?.kind === "unit" ? "word" : entry?.kind, named);
    const word = entry?.form ?? token.word;
    if (kind === "negation") negations++;
    collect(lists, kind, word, token);
    if (token.accented !== "") accented.push(token.accented);
    words.push({ word: entry === SOME ? "some" : kind === "opposite" ? token.word : word, kind });
  }
  if (SECRET.test(text)) for (const [code] of text.slice(0, READ_UNITS).matchAll(CODE)) lists.numbers.push(`=${code}`);
  return {
    words,
    accented,
    numbers: lists.numbers.sort(),
    dates: lists.dates.sort(),
    names: lists.names.sort(),
    maybeNames: lists.maybeNames.sort(),
    modals: lists.modals.sort(),
    conditions: lists.conditions.sort(),
    opposites: lists.opposites.sort(),
    negations,
    cased: named && all[0]?.capital === true,
    question,
    rest: text.length > READ_UNITS ? hash(text, READ_UNITS) : 0,
  };
}

function entryAt(tokens: readonly Token[], at: number, language: string): ReturnType<typeof entryOf> {
  const token = tokens[at] as Token;
  if (token.word === "may" && token.capital && !token.first) return MAY;
  if (token.word === "used" && tokens[at + 1]?.word !== "to") return undefined;
  if (token.word === "how" && tokens[at + 1]?.word === "to" && at > 0) return HOW;
  // "well, …" and "right, …" open a sentence; "slept well" says how.
  if (token.first && OPENERS.test(token.word)) return OPENER;
  // "just ate" is not "ate"; "just wanted to say" is nothing.
  if (token.word === "just" && RECENT.test(`${tokens[at - 1]?.word ?? ""} just ${tokens[at + 1]?.word ?? ""}`))
    return JUST;
  // "a few" are some, "few" are hardly any.
  if (token.word === "few" && tokens[at - 1]?.word === "a") return SOME;
  if (/^poc[oa]s?$/.test(token.word) && /^un[oa]?s?$/.test(tokens[at - 1]?.word ?? "")) return SOME;
  // The prefix of "un-invite" in English.
  if (token.word === "un" && language !== "es") return undefined;
  if (OBLIGED.test(`${token.word} ${tokens[at + 1]?.word ?? ""}`)) return MUST;
  return entryOf(token.word) ?? dateSlip(token.word);
}

/** In these capitals count. */
const SECRET =
  /\b(?:passw\w*|passcode|pass ?phrase|pin|codes?|keys?|tokens?|wi-?fi|serial|contraseñas?|claves?|código)\b/iu;
const CODE = /(?<!\S)(?=\S*\d)(?=\S*\p{L})[\p{L}\p{N}_-]+/gu;
const OPENERS = /^(?:well|sure|right|sorry|bueno)$/;
const OPENER = { kind: "filler", form: "well" } as const;
const RECENT =
  /^(?:have|has|had) just |^\S* ?just (?:(?!need|embed|indeed|tired|wicked|naked)\w{2,}ed|ate|got|came|went|saw|met|left|bought|made|took|had|gave|found|told|heard|read|began|broke|drove|fell|felt|flew|lost|paid|ran|said|sat|sent|slept|sold|spent|spoke|swam|won|wrote|woke|did|became|finished)$/;
const JUST = { kind: "date", form: "@just" } as const;
/** As a kind of its own: it is neither "few" nor nothing. */
const SOME = { kind: "opposite", form: "few:some" } as const;
const OBLIGED = /^(?:(?:have|has) to|(?:tengo|tiene|tienes|hay) que)$/;
/** "taught me how to swim", "taught me to swim". */
const HOW = { kind: "function", form: "how" } as const;
const MUST = { kind: "modal", form: "must" } as const;
const MAY = { kind: "date", form: "@mayo" } as const;

type Lists = Record<"numbers" | "dates" | "names" | "maybeNames" | "modals" | "conditions" | "opposites", string[]>;

function collect(lists: Lists, kind: WordKind, word: string, token: Token): void {
  if (kind === "date") lists.dates.push(word);
  else if (kind === "name") (token.first ? lists.maybeNames : lists.names).push(token.word);
  else if (kind === "modal") lists.modals.push(word);
  else if (kind === "condition") lists.conditions.push(word);
  else if (kind === "opposite") lists.opposites.push(word);
}

function kindOf(token: Token, kind: WordKind | undefined, named: boolean): WordKind {
  if (kind !== undefined) return kind;
  return named && token.capital && token.word !== "i" && !isVariant(token.word) ? "name" : "word";
}

/** Whether capitals mark names here. */
function namesTell(tokens: readonly Token[]): boolean {
  let capitals = 0;
  for (const token of tokens) if (token.capital) capitals++;
  return tokens.length < 4 || capitals < tokens.length * CAPITALS_SHARE;
}

/** A question without its mark: "where does Ana live". */
function asks(tokens: readonly Token[]): boolean {
  if (/^(?:did|does|is|are|was|were|has)$/.test(tokens[0]?.word ?? "") && tokens.length > 1) return true;
  return QUESTION.test(tokens[0]?.word ?? "") && ASKED_AFTER.test(tokens[1]?.word ?? "");
}

function unitOf(word: string | undefined): string {
  const entry = word === undefined ? undefined : entryOf(word);
  return entry?.kind === "unit" ? entry.form : "";
}

/** FNV-1a over UTF-16 units. */
function hash(text: string, from: number): number {
  let value = 0x811c9dc5;
  for (let i = from; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0) | 1;
}
