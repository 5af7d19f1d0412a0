/** Relations that a text states about its speaker or about people it names: home, employer, age, family, likes. */

import { readRelations } from "./relations/read.ts";

export type Tense = "present" | "past" | "future" | "unsure";

/** One statement. Offsets are UTF-16, end exclusive, of subject to object. */
export interface Relation {
  /** Single-valued: see `SINGLE_VALUED`. Others: knows parentOf childOf siblingOf likes dislikes owns visited studies memberOf createdBy speaks from. */
  readonly type: string;
  /** "" for the speaker, "we" for a group with the speaker, else the name ("Ana") or the kin phrase ("my sister", "my sister Ana"). */
  readonly subject: string;
  readonly object: string;
  /** Which one of several, lower-case: "work", "home"; "" for the main or only one. */
  readonly qualifier: string;
  readonly start: number;
  readonly end: number;
  /** 0…1; below .9 the pattern or what stands around it leaves doubt. */
  readonly confidence: number;
  readonly affirmative: boolean;
  readonly tense: Tense;
  /** The text itself says that this is new: "moved", "now", "no longer at". */
  readonly change: boolean;
}

/** Relations of which a subject has one value at a time. */
export const SINGLE_VALUED: ReadonlySet<string> = new Set([
  "home",
  "employer",
  "jobTitle",
  "age",
  "maritalStatus",
  "partner",
  "phone",
  "email",
  "timezone",
]);

export interface RelationOptions {
  readonly language?: string | undefined;
  /** A subject of this name is the speaker. */
  readonly speaker?: string | undefined;
}

/**
 * The relations that a text states, in the order of their offsets. Questions and quotations state nothing.
 *
 * language  English, or "es"; any other is read as English
 * cost      about 3 µs a word; only the first 4,096 UTF-16 units are read
 */
export function findRelations(text: string, options: RelationOptions = {}): Relation[] {
  return readRelations(text, options);
}
