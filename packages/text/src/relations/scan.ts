/** The state of reading one text, and what the readers of statements share. */

import type { Relation, Tense } from "../relations.ts";
import type { ObjectKind, PatternSet } from "./patterns.ts";
import type { Subject } from "./subjects.ts";
import type { Token } from "./tokens.ts";
import { isAdverb } from "./verbs.ts";

export interface Scan {
  readonly text: string;
  readonly patterns: PatternSet;
  /** Whether any of `nouns` can fit. */
  readonly someNoun: RegExp;
  readonly nouns: readonly (readonly [RegExp, string, ObjectKind])[];
  readonly spanish: boolean;
  readonly found: Relation[];
  /** Third persons named so far, with how sure it is who they are. */
  readonly people: Map<string, number>;
  /** The last subject that the sentence names. */
  last: Subject | undefined;
  /** The sentence is a question: it names persons and states nothing. */
  asking: boolean;
}

export interface Extent {
  readonly tokens: readonly Token[];
  /** Token of the subject, and first and end token of the object. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Place {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly subject: Subject;
}

/** States that no limit in time or second one goes with. */
export const LASTING: ReadonlySet<string> = new Set(["age", "maritalStatus", "partner"]);

/** Tokens of a clause that a pattern sees. */
const CLAUSE_TOKENS = 24;

/** A relation as a reader finds it; what is left out is plain: affirmative, present, the object as written. */
interface Stated {
  readonly type: string;
  readonly subject: string;
  readonly object?: string | undefined;
  readonly qualifier?: string;
  readonly confidence: number;
  readonly affirmative?: boolean;
  readonly tense?: Tense;
  readonly change: boolean;
}

export interface View {
  /** Words from a token on, adverbs taken out, each followed by a blank. */
  readonly words: string;
  /** The token of each word, and the end. */
  readonly places: readonly number[];
}

/** The words of a clause from a token on. Bound: 24 tokens. */
export function viewFrom(tokens: readonly Token[], from: number): View {
  let words = "";
  const places: number[] = [];
  let i = from;
  for (; i < tokens.length && i < from + CLAUSE_TOKENS; i++) {
    const token = tokens[i] as Token;
    if (/^[;()[\]—–]$/.test(token.word) && i > from) break;
    if (isAdverb(token.word)) continue;
    // "home's", "number's": what a thing is, not what it has.
    if (token.word === "'s" && THINGS.test(tokens[i - 1]?.word ?? "") && !NAME_NOUN.test(tokens[i + 1]?.word ?? "")) {
      words += "is ";
      places.push(i);
      continue;
    }
    words += `${token.word} `;
    places.push(i);
  }
  places.push(i);
  return { words, places };
}

const THINGS =
  /^(?:home|house|flat|place|city|job|title|role|position|age|status|employer|company|address|base|work|zone|timezone)$/;
const NAME_NOUN = /^(?:name|number|phone|email|owner|door|address)$/;

/** Words that a match took. */
export function blanks(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 32) count++;
  return count;
}

/** Behind every token: the subject of a possessive has no statement of its own. */
export const NOWHERE: number = Number.MAX_SAFE_INTEGER;

export const SPEAKER: Subject = { name: "", person: 1, next: 0, owner: false, confidence: 1 };

/** Keeps a relation, unless it is there already. */
export function add(scan: Scan, { tokens, at, from, to }: Extent, relation: Stated): void {
  const end = tokens[to - 1]?.end ?? 0;
  const start = Math.min(tokens[at]?.start ?? 0, tokens[from]?.start ?? 0);
  const object = relation.object ?? written(scan, tokens, { from, to });
  const twin = scan.found.some(
    (other) => other.type === relation.type && other.subject === relation.subject && other.object === object,
  );
  if (twin || object === "") return;
  scan.found.push({
    type: relation.type,
    subject: relation.subject,
    object,
    qualifier: relation.qualifier ?? "",
    start,
    end,
    confidence: relation.confidence,
    affirmative: relation.affirmative ?? true,
    tense: relation.tense ?? "present",
    change: relation.change,
  });
}

/** What stands from one token to another, as the text has it. */
export function written(scan: Scan, tokens: readonly Token[], { from, to }: { from: number; to: number }): string {
  return scan.text.slice(tokens[from]?.start, tokens[to - 1]?.end).normalize("NFC");
}
