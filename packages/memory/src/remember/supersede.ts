/** Whether a new statement replaces an older one. Conservative: what is in doubt stays live beside the other. */

import { type Relation, SINGLE_VALUED } from "@nexus/text";
import { compatible } from "./compatible.ts";
import { sameSubject, tellsApart } from "./same-subject.ts";

export interface Statement {
  readonly content: string;
  readonly language: string;
  readonly speaker: string | undefined;
  /** validFrom ?? createdAt, in ms. */
  readonly at: number;
  readonly relations: readonly Relation[];
}

export interface SupersedeVerdict {
  /** "possibly": a reader should look; both stay live. */
  readonly verdict: "supersedes" | "possibly" | "none";
  /** The single-valued relation that decided. */
  readonly type?: string;
  /** Names relations and rules, never text of a memory. */
  readonly reason: string;
}

/** From here the reading of the new statement is taken without further evidence. */
const SURE = 0.85;
/** From here it is taken when the new text also says that the older value has ended. */
const LIKELY = 0.6;
/** The older text is mostly the fact when at most this many words stand outside its sentence. */
const OTHER_WORDS = 16;
/** Longer than this it holds more than one fact. Words. */
const MOST_WORDS = 34;
/** UTF-16 units of a text that are searched for words. */
const READ_UNITS = 4096;
const YEAR_MS = 365.25 * 86_400_000;

/**
 * Compares one older statement with one newer.
 *
 * returns  "supersedes" only for the same speaker, subject and single-valued relation, both affirmative and present, with
 *          values that exclude each other, the newer later in time and the older text being mostly that fact
 * cost     a few µs; never throws
 */
export function judgeSupersede(older: Statement, newer: Statement): SupersedeVerdict {
  if ((older.speaker ?? "") !== (newer.speaker ?? "")) return { verdict: "none", reason: "another speaker" };
  if (newer.at <= older.at) return { verdict: "none", reason: "not later" };
  let best: SupersedeVerdict = { verdict: "none", reason: "no common single-valued relation" };
  for (const now of newer.relations) {
    if (!SINGLE_VALUED.has(now.type) || !now.affirmative) continue;
    for (const stated of older.relations) {
      const before = unmarried(stated);
      if (before.type !== now.type || !before.affirmative || before.tense !== "present") continue;
      const verdict = compare({ before, now, older, newer });
      if (RANK[verdict.verdict] > RANK[best.verdict]) best = verdict;
    }
  }
  return best;
}

/** "isn't married" is "single", as something that may end. */
function unmarried(stated: Relation): Relation {
  const denied = stated.type === "maritalStatus" && !stated.affirmative && stated.object === "married";
  return denied ? { ...stated, affirmative: true, object: "single" } : stated;
}

const RANK: Readonly<Record<SupersedeVerdict["verdict"], number>> = { none: 0, possibly: 1, supersedes: 2 };

interface Case {
  readonly before: Relation;
  readonly now: Relation;
  readonly older: Statement;
  readonly newer: Statement;
}

function compare(given: Case): SupersedeVerdict {
  const { before, now } = given;
  const type = now.type;
  const subject = sameSubject(before.subject, now.subject);
  if (subject === "no") return { verdict: "none", type, reason: "another subject" };
  if (now.qualifier !== before.qualifier) return { verdict: "none", type, reason: "another one of several" };
  if (now.tense === "past" || now.tense === "future")
    return { verdict: "none", type, reason: `the new statement is about the ${now.tense}` };
  const values = compatible(type, before.object, now.object);
  const known = given.older.relations.some(
    (other) => other.type === type && other.affirmative && compatible(type, other.object, now.object) === "same",
  );
  if (values === "same" || known) return { verdict: "none", type, reason: "values agree" };
  const doubt = doubtOf(given, subject === "likely", values === "unclear");
  if (doubt !== undefined) return { verdict: "possibly", type, reason: doubt };
  return { verdict: "supersedes", type, reason: `${type} has a new value` };
}

function doubtOf({ before, now, older, newer }: Case, subject: boolean, values: boolean): string | undefined {
  const ended = saysEnded(before, now, newer);
  const change = now.change || CHANGE.test(bare(newer.content));
  if (now.subject !== "" && (tellsApart(newer.content) || tellsApart(older.content)))
    return "the subject may be another";
  if (now.tense !== "present") return "the new statement is not certain";
  const aged = now.type === "age" && change && ageFits(before, now, newer.at - older.at);
  if (before.confidence < LIKELY || now.confidence < (ended || aged ? LIKELY : SURE)) return "a reading is not certain";
  if (subject && !ended && !(now.change && before.subject.length > now.subject.length))
    return "the subject may be another";
  if (values && !ended) return "the values may agree";
  if (!change && !ended && NEEDS_CHANGE.has(now.type)) return "the new statement does not say that it is new";
  if (now.type === "age" && !ageFits(before, now, newer.at - older.at)) return "the ages do not fit the time between";
  if (!mostly(before, older)) return "the older text says more than that";
  return undefined;
}

/** A subject can have two of these side by side unless the text says that one is new. */
const NEEDS_CHANGE = new Set(["jobTitle", "employer", "home", "phone", "email", "partner", "timezone"]);

/** The new text names the older value as ended, or its opposite. */
function saysEnded(before: Relation, now: Relation, newer: Statement): boolean {
  if (
    mentions(before.object, newer.content, now) &&
    ENDING.test(bare(newer.content)) &&
    !LASTING.test(bare(newer.content))
  )
    return true;
  return newer.relations.some(
    (relation) =>
      relation.type === before.type &&
      (!relation.affirmative || relation.tense === "past") &&
      compatible(before.type, before.object, relation.object) !== "different",
  );
}

const CHANGE =
  /\b(?:now|nowadays|these days|no longer|no more|any ?more|instead|from now on|finally|new|switch(?:ed)?|changed?|from (?:today|tomorrow|monday) on|promoted|moved|relocated|settled|transferred|update|correct|expired|remarried|ahora|ya no|nuev[oa]|cambi[oae]\w*|dej[eo])\b/iu;
const ENDING =
  /\b(?:left|quit|resigned|end(?:ed|s)?|split|broke|over|done|no longer|no more|not|n't|didn?t|dont|any ?more|forget|bye|gave|gone|lost|old|instead|rather than|dead|switched|got rid|divorced|remarried|moved|expired|killed|closed|rented|back the keys|handed in|let (?:me|him|her) go|folded|bust|bankrupt|shut|collapsed|went under|cerro\w*|replaced|sold|history|behind (?:me|us)|deleted|quits|ended|swapped|traded|packed|stopped|finished|former|ex|retired|changed|dumped|divorced|went to|off|fue|cambi[eo]|rompi\w*|divorci\w*|vendi\w*|renuncie|renuncio|laid off|fired|called off|parted|broken|shut|disconnected|delete|remove|drop|cort[oe]|dej[eo]|ya no)\b/iu;
/** The older value still holds, or is only away for a while. */
const LASTING = /\b(?:still|also|as well|back to|besides|sigo|todavia|tambien)\b/iu;

/** Whether the new text names the older value beside its own. */
function mentions(object: string, content: string, now: Relation): boolean {
  const rest = new Set(
    wordsOf(content.slice(0, now.end).replace(now.object, " ") + content.slice(now.end, READ_UNITS)),
  );
  return wordsOf(object).some((word) => word.length > 2 && !COMMON.has(word) && rest.has(word));
}

const COMMON = new Set("the and for los las del time new city home".split(" "));

/** Lower-case, without marks. */
function bare(text: string): string {
  return text.slice(0, READ_UNITS).normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function wordsOf(text: string): string[] {
  return bare(text).split(/[^\p{L}\p{N}]+/u);
}

/** Bound: a year and a half of slack; texts about age are rarely exact. */
function ageFits(before: Relation, now: Relation, elapsedMs: number): boolean {
  const grown = Number.parseFloat(now.object) - Number.parseFloat(before.object);
  if (/\D/.test(before.object) || /\D/.test(now.object)) return true;
  return grown > 0 && Math.abs(grown - elapsedMs / YEAR_MS) <= 1.5;
}

/** Whether the older text would lose nothing else with this fact. */
function mostly(before: Relation, older: Statement): boolean {
  const words = countWords(older.content);
  if (words > MOST_WORDS) return false;
  const more = older.relations.some(
    (relation) =>
      SINGLE_VALUED.has(relation.type) && relation.confidence >= SURE && areaOf(relation.type) !== areaOf(before.type),
  );
  return !more && words - countWords(older.content.slice(before.start, before.end)) <= OTHER_WORDS;
}

/** Facts that are told in one breath: "a nurse at the clinic", "married to Tom". */
function areaOf(type: string): string {
  if (type === "jobTitle") return "employer";
  return type === "partner" ? "maritalStatus" : type;
}

function countWords(text: string): number {
  let count = 0;
  let inside = false;
  for (let i = 0; i < text.length && count <= MOST_WORDS; i++) {
    const space = text.charCodeAt(i) <= 32;
    if (!space && !inside) count++;
    inside = !space;
  }
  return count;
}
