/** What an evaluation set is: corpora of texts, and questions whose answers lie in known texts. */

export interface Item {
  readonly id: string;
  readonly text: string;
  readonly speaker?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly createdAt: Date;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly category: string;
  /** Ids of the items that answer it; at least one. */
  readonly evidence: readonly string[];
}

/** Texts that are searched together: one tenant of the product. */
export interface Corpus {
  readonly id: string;
  /** ISO 639-1, for the baseline's stemmer; the product guesses for itself. */
  readonly language: string;
  readonly items: readonly Item[];
  readonly questions: readonly Question[];
  /** The moment that questions are asked at: ages, and so scores, must not depend on the day of the run. */
  readonly askedAt: Date;
}

export interface EvalSet {
  readonly name: string;
  readonly corpora: readonly Corpus[];
  /** Questions whose evidence names no existing item, which no search can answer. */
  readonly leftOut: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The day after the last item. */
export function dayAfter(items: readonly Item[]): Date {
  return new Date(Math.max(...items.map(({ createdAt }) => createdAt.getTime())) + DAY_MS);
}

/** When the turn at `place` of a session was said: turns are a minute apart. */
export function turnTime(sessionStart: number, place: number): Date {
  return new Date(sessionStart + place * MINUTE_MS);
}
