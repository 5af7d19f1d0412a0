/** Splits text into words and marks: by hand where the characters are simple, by Intl.Segmenter where they are not. */

import {
  characterClasses,
  COMPLEX,
  DIGIT,
  JOINER,
  LETTER,
  MARK,
  MID_BOTH,
  MID_LETTER,
  MID_NUMBER,
  SPACE,
} from "./characters.ts";
import { wordSegmenter } from "./segmenters.ts";

/**
 * Segments as numbers, three each: start, end (UTF-16 units) and 1 for a word, 0 for anything else but white space.
 * Everything in this package walks over it; objects would cost more than the scan.
 */
export type Segments = readonly number[];

/** Numbers in `Segments` for each segment. */
export const STRIDE = 3;

const WHITE = /^\s+$/u;

/**
 * The segments of a text between `start` and `end`, white space left out.
 *
 * cost     about 20 ns a character; 0.2 µs a segment where characters are not simple
 * source   UAX 29 word boundaries; equal to Intl.Segmenter("en") on ASCII — asserted in segments.test.ts
 */
export function segment(text: string, start = 0, end: number = text.length): Segments {
  const classes = characterClasses();
  const out: number[] = [];
  let at = start;
  let piece = start;
  let kept = 0;
  while (at < end) {
    const code = text.charCodeAt(at);
    const kind = code < classes.length ? classes[code] : COMPLEX;
    if (kind === SPACE) {
      at++;
      piece = at;
      kept = out.length;
      continue;
    }
    const next = kind === COMPLEX ? -1 : simpleEnd(text, at, end, kind as number, classes);
    if (next < 0) {
      // The whole stretch between spaces is left to the full rules, and the spaces before it, which a mark may combine with.
      out.length = kept;
      at = complexEnd(text, at, end, classes);
      while (piece > start && classAt(text, piece - 1, classes) === SPACE) piece--;
      full(text, piece, at, out);
      piece = at;
      kept = out.length;
      continue;
    }
    out.push(at, next, isWord(kind as number, next - at) ? 1 : 0);
    at = next;
  }
  return out;
}

function isWord(kind: number, length: number): boolean {
  return kind === LETTER || kind === DIGIT || (kind === JOINER && length > 1);
}

/** End of the segment of simple characters at `at`, or −1 when it runs into one that is not simple. */
function simpleEnd(text: string, at: number, end: number, kind: number, classes: Uint8Array): number {
  if (kind !== LETTER && kind !== DIGIT && kind !== JOINER) {
    return at + 1 < end && classAt(text, at + 1, classes) === COMPLEX ? -1 : at + 1;
  }
  let last = kind;
  let next = at + 1;
  while (next < end) {
    const found = classAt(text, next, classes);
    if (found === LETTER || found === DIGIT || found === JOINER) {
      last = found;
      next++;
    } else if (found === COMPLEX) {
      return -1;
    } else if (next + 1 < end && joins(last, found, classAt(text, next + 1, classes))) {
      next += 2;
    } else {
      return next;
    }
  }
  return next;
}

function joins(left: number, middle: number, right: number): boolean {
  if (left !== right) return false;
  if (left === LETTER) return middle === MID_BOTH || middle === MID_LETTER;
  return left === DIGIT && (middle === MID_BOTH || middle === MID_NUMBER);
}

function classAt(text: string, at: number, classes: Uint8Array): number {
  const code = text.charCodeAt(at);
  return code < classes.length ? (classes[code] ?? MARK) : COMPLEX;
}

/** End of the run that needs the full rules: up to a space that simple text follows. */
function complexEnd(text: string, at: number, end: number, classes: Uint8Array): number {
  let next = at;
  for (;;) {
    while (next < end && classAt(text, next, classes) !== SPACE) next++;
    let after = next;
    while (after < end && classAt(text, after, classes) === SPACE) after++;
    if (after >= end || classAt(text, after, classes) !== COMPLEX) return next;
    next = after;
  }
}

function full(text: string, start: number, end: number, out: number[]): void {
  for (const found of wordSegmenter().segment(text.slice(start, end))) {
    const at = start + found.index;
    if (found.isWordLike) out.push(at, at + found.segment.length, 1);
    else if (!WHITE.test(found.segment)) out.push(at, at + found.segment.length, 0);
  }
}
