/** What the model is trained on: texts, and pairs of them that belong together. */

export type PairKind = "dialog" | "qa" | "doc" | "para" | "xling" | "crop";

/** Places in `texts`. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly kind: PairKind;
}

export interface Corpus {
  /** Each text once, in the order of its first occurrence. */
  readonly texts: readonly string[];
  readonly pairs: readonly Pair[];
  /** Number of the source in which a text occurred first. */
  readonly sourceOf: Uint8Array;
  /** For a text that occurs only as the translation of an English one, the place of that one; −1 for others. */
  readonly translationOf: Int32Array;
}
