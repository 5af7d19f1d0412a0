/** The places where a text may be cut, and how good each is. */

import { graphemeSegmenter } from "./segmenters.ts";
import { segment, STRIDE } from "./segments.ts";
import { sentences } from "./sentences.ts";
import { countLetters, LETTERS_PER_TOKEN, segmentTokens } from "./tokens.ts";

const WITHIN = 0;
/** Strengths: a cut between words, between sentences, between paragraphs; less is within a word. */
export const WORD = 1;
export const SENTENCE = 2;
export const PARAGRAPH = 3;

/** The smallest pieces that are kept whole: words, marks, and parts of over-long words. */
export interface Boundaries {
  /** UTF-16 offsets of each unit. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Tokens before each unit, and of all at the end: one longer than the units. */
  readonly before: readonly number[];
  /** What stands before each unit. */
  readonly strength: Uint8Array;
}

const BLANK_LINE = /\n[^\S\n]*\n/;

/** Sentences are looked for only in a text of more than `maxTokens` tokens; words of more than `pieceTokens` are cut. */
export function boundariesOf(text: string, pieceTokens: number, maxTokens: number): Boundaries {
  const segments = segment(text);
  const starts: number[] = [];
  const ends: number[] = [];
  const before: number[] = [];
  const within: number[] = [];
  let total = 0;
  for (let i = 0; i < segments.length; i += STRIDE) {
    const start = segments[i] ?? 0;
    const end = segments[i + 1] ?? 0;
    const long = segmentTokens(text, segments, i) > pieceTokens;
    for (const [from, to] of long
      ? pieces(text, start, end, pieceTokens * LETTERS_PER_TOKEN)
      : [[start, end] as const]) {
      if (from === start && splits(text, start, ends.at(-1))) {
        ends[ends.length - 1] = to;
      } else {
        if (from > start) within.push(starts.length);
        starts.push(from);
        ends.push(to);
        before.push(total);
      }
      total += segmentTokens(text, [from, to, segments[i + 2] ?? 0], 0);
    }
  }
  before.push(total);
  const strength = new Uint8Array(starts.length).fill(WORD);
  if (total > maxTokens) mark(text, starts, ends, strength);
  for (const unit of within) strength[unit] = WITHIN;
  return { starts, ends, before, strength };
}

// Where a grapheme may go on across the end of a word: marks, the vowels am of Thai and Lao, jamo, and signs that stand
// before a letter or, as viramas do, join two.
const FOLLOWS = /^[\p{M}\u0e33\u0eb3\u1160-\u11ff\ud7b0-\ud7fb]/u;
const GOES_ON =
  /[\p{Cf}\p{M}\u0d4e\u1100-\u115f\ua960-\ua97c\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]$/u;
/** UTF-16 units around a place that decide whether it is inside a grapheme. */
const AROUND = 32;

/** Whether a cut before a unit would split a grapheme that began in the one before it. */
function splits(text: string, start: number, previous: number | undefined): boolean {
  if (previous !== start || text[start] === " ") return false;
  if ((text.charCodeAt(start) | text.charCodeAt(start - 1)) < 0x80) return false;
  if (!FOLLOWS.test(text.slice(start, start + 2)) && !GOES_ON.test(text.slice(Math.max(0, start - 2), start)))
    return false;
  const from = Math.max(0, start - AROUND);
  return (
    graphemeSegmenter()
      .segment(text.slice(from, start + AROUND))
      .containing(start - from)?.index !==
    start - from
  );
}

function pieces(text: string, start: number, end: number, letters: number): [number, number][] {
  const found: [number, number][] = [];
  let from = start;
  let count = 0;
  for (const { index, segment } of graphemeSegmenter().segment(text.slice(start, end))) {
    const size = countLetters(segment, 0, segment.length);
    if (count > 0 && count + size > letters) {
      found.push([from, start + index]);
      from = start + index;
      count = 0;
    }
    count += size;
  }
  found.push([from, end]);
  return found;
}

function mark(text: string, starts: readonly number[], ends: readonly number[], strength: Uint8Array): void {
  let unit = 0;
  for (const { end } of sentences(text)) {
    while (unit < starts.length && (starts[unit] ?? 0) < end) unit++;
    if (unit >= starts.length) break;
    strength[unit] = SENTENCE;
  }
  for (unit = 1; unit < starts.length; unit++) {
    const from = ends[unit - 1] ?? 0;
    const to = starts[unit] ?? 0;
    if (to - from > 1 && BLANK_LINE.test(text.slice(from, to))) strength[unit] = PARAGRAPH;
  }
}
