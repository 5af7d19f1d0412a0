/** What the trainer learns from. */

/** A text with its mentions, as UTF-16 offsets. */
export interface Example {
  readonly text: string;
  readonly mentions: readonly { readonly start: number; readonly end: number; readonly type: string }[];
}

/** A text of the corpus; of a foreign one only how words are written counts. */
export interface Prose {
  readonly text: string;
  readonly foreign: boolean;
}

/** Names and words by kind, in lower case. */
export interface Names {
  readonly given: ReadonlySet<string>;
  readonly family: ReadonlySet<string>;
  readonly places: ReadonlySet<string>;
  readonly companies: ReadonlySet<string>;
  /** Films, songs, albums, books. */
  readonly works: ReadonlySet<string>;
  /** Makes, models, sites and programs. */
  readonly brands: ReadonlySet<string>;
  /** Common nouns, verbs and adjectives. */
  readonly common: ReadonlySet<string>;
}
