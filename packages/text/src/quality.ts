/** How much a text says for its length: the content part of a memory's quality. */

export interface ContentQualityOptions {
  /** Tokens of the text by `countTokens`. */
  readonly tokenCount: number;
  /** Whether it names something or someone, or holds a number or a date. */
  readonly hasNamesOrNumbers: boolean;
  /** Whether it says something: no question, no greeting. */
  readonly isStatement: boolean;
}

/** Tokens from which a text is not better for being longer. */
const LONG_ENOUGH = 20;
/** Shares of the three signs; the same for each, as nothing says that one weighs more. */
const SHARE = 1 / 3;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Content quality of a text, 0…1: a third each for length up to 20 tokens, for names or numbers, and for being a statement.
 *
 * returns  0 for a text without a letter or a digit, whatever the options say
 */
export function contentQuality(
  text: string,
  { tokenCount, hasNamesOrNumbers, isStatement }: ContentQualityOptions,
): number {
  if (!LETTER.test(text)) return 0;
  const length = Math.max(0, Math.min(1, tokenCount / LONG_ENOUGH));
  return Math.min(1, SHARE * (length + (hasNamesOrNumbers ? 1 : 0) + (isStatement ? 1 : 0)));
}
