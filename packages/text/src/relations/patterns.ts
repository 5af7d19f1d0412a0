/** What a pattern of one language says, and the states that stand around one. */

import type { Tense } from "../relations.ts";

export type ObjectKind =
  | "place"
  | "named-place"
  | "organisation"
  | "company"
  | "person"
  | "title"
  | "job"
  | "job-role"
  | "age"
  | "status"
  | "divorce"
  | "zone"
  | "phrase";

/** Patterns with one expression that says whether any of them can fit: most words behind a subject fit none. */
export interface PatternSet {
  readonly all: readonly Pattern[];
  /** Of those that say something by their words alone. */
  readonly some: RegExp;
}

/** Compiles a set once. Patterns that match nothing at all count only where a form of "to be" stands before. */
export function patternSet(all: readonly Pattern[]): PatternSet {
  const worded = all.filter(({ pattern }) => !pattern.test(""));
  return { all, some: new RegExp(worded.map(({ pattern }) => `(?:${pattern.source})`).join("|")) };
}

export interface Pattern {
  readonly type: string;
  /** On the words behind subject, auxiliaries and adverbs, joined by blanks. */
  readonly pattern: RegExp;
  readonly object: ObjectKind;
  /** A form of "to be" must stand before. */
  readonly be?: boolean;
  /** Subject and verb must be written: says too little by itself. */
  readonly full?: boolean;
  /** The word before "at" or "for" in the match must name an occupation. */
  readonly trade?: boolean;
  /** Only behind "they made me", "promoted me". */
  readonly me?: boolean;
  /** Something that happened and still holds: "moved to". */
  readonly event?: boolean;
  /** Unless auxiliaries say otherwise: "present". */
  readonly tense?: Tense;
  readonly affirmative?: boolean;
  /** 0…1, default 1. */
  readonly confidence?: number;
  /** The object, where the words themselves are it: "tied the knot" → married. */
  readonly value?: string;
  /** What must follow the object. */
  readonly after?: RegExp;
}
