/** Cuts a text into chunks: at paragraphs, then where neighbouring sentences have least in common, then between words. */

import { boundariesOf, PARAGRAPH, SENTENCE, WORD, type Boundaries } from "./boundaries.ts";
import { createCohesion } from "./cohesion.ts";
import { countTokens } from "./tokens.ts";

export interface ChunkOptions {
  /** Tokens of a chunk at most, its overlap included. */
  readonly maxTokens: number;
  /** Tokens that a chunk repeats of the one before it, about. */
  readonly overlapTokens: number;
  /** A text of at most this many tokens stays whole; `maxTokens` if left out. */
  readonly wholeTokens?: number;
}

export interface ChunkSpan {
  /** UTF-16 offsets, end exclusive. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly tokenCount: number;
}

export const CHUNK_DEFAULTS: ChunkOptions = { maxTokens: 400, overlapTokens: 20 };

/** Boundaries weighed at one cut: more would cost more than they find. */
const CANDIDATES = 32;

/**
 * Spans that cover every character but white space, in order; a text that fits is one span without its outer white space.
 *
 * returns  at most `maxTokens` tokens each, unless a single grapheme has more; nothing for a blank text. Cuts split no grapheme,
 *          but for the white space of one that begins or ends with it
 * cost     linear: 1 MiB in under 0.5 s; the same text gives the same spans, so a caller may index the first few and go on later
 * source   TextTiling (Hearst 1997), with the cut chosen among what the token limit leaves
 */
export function chunkSemantic(text: string, options: ChunkOptions = CHUNK_DEFAULTS): ChunkSpan[] {
  const { maxTokens } = options;
  const overlapTokens = Math.min(options.overlapTokens, maxTokens >> 1);
  const boundaries = boundariesOf(text, Math.max(1, Math.min(overlapTokens || maxTokens, maxTokens >> 2)), maxTokens);
  const { starts, ends, before } = boundaries;
  const units = starts.length;
  if (units === 0) return [];
  const whole = before[units] ?? 0;
  if (whole <= (options.wholeTokens ?? maxTokens))
    return [{ startOffset: starts[0] ?? 0, endOffset: ends[units - 1] ?? 0, tokenCount: countTokens(text) }];
  const cohesion = createCohesion(text, boundaries);
  const spans: ChunkSpan[] = [];
  let first = 0;
  let fresh = 0;
  while (fresh < units) {
    let end = chooseEnd(boundaries, first, fresh, maxTokens, cohesion);
    let tokenCount = countSpan(text, boundaries, first, end);
    // Scripts without spaces may be cut into other words once they stand alone.
    while (tokenCount > maxTokens && end > fresh + 1) tokenCount = countSpan(text, boundaries, first, --end);
    if (tokenCount > maxTokens && first < fresh) {
      first = fresh;
      tokenCount = countSpan(text, boundaries, first, end);
    }
    spans.push({ startOffset: starts[first] ?? 0, endOffset: ends[end - 1] ?? 0, tokenCount });
    if (end >= units) break;
    first = chooseStart(boundaries, fresh, end, overlapTokens);
    fresh = end;
  }
  return spans;
}

function countSpan(text: string, { starts, ends }: Boundaries, first: number, end: number): number {
  return countTokens(text.slice(starts[first], ends[end - 1]));
}

/** The unit after the last of the chunk that begins at `first` and must go past `fresh`. */
function chooseEnd(
  { before, strength }: Boundaries,
  first: number,
  fresh: number,
  maxTokens: number,
  cohesion: (unit: number) => number,
): number {
  const units = strength.length;
  const base = before[first] ?? 0;
  let limit = fresh + 1;
  while (limit < units && (before[limit + 1] ?? 0) - base <= maxTokens) limit++;
  if (limit >= units) return units;
  let half = limit;
  while (half > fresh + 1 && (before[half - 1] ?? 0) - base >= maxTokens / 2) half--;
  return (
    lastOf(strength, PARAGRAPH, half, limit) ??
    weakest(strength, half, limit, cohesion) ??
    lastOf(strength, PARAGRAPH, fresh + 1, half) ??
    lastOf(strength, SENTENCE, fresh + 1, half) ??
    lastOf(strength, WORD, half, limit) ??
    limit
  );
}

/** The last unit from `low` to `high` that begins with a boundary of at least that strength. */
function lastOf(strength: Uint8Array, least: number, low: number, high: number): number | undefined {
  for (let unit = high; unit >= low; unit--) if ((strength[unit] ?? 0) >= least) return unit;
  return undefined;
}

function weakest(
  strength: Uint8Array,
  low: number,
  high: number,
  cohesion: (unit: number) => number,
): number | undefined {
  const found: number[] = [];
  for (let unit = high; unit >= low; unit--) if ((strength[unit] ?? 0) >= SENTENCE) found.push(unit);
  const step = Math.ceil(found.length / CANDIDATES);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < found.length; i += step) {
    const shared = cohesion(found[i] ?? 0);
    if (shared < least) {
      least = shared;
      best = found[i];
    }
  }
  return best;
}

/** The unit that the next chunk begins with: a sentence within the overlap where there is one, else the word that fills it. */
function chooseStart({ before, strength }: Boundaries, fresh: number, end: number, overlapTokens: number): number {
  let first = end;
  let sentence: number | undefined;
  while (first - 1 > fresh && (before[end] ?? 0) - (before[first - 1] ?? 0) <= overlapTokens) {
    first--;
    if ((strength[first] ?? 0) >= SENTENCE && (before[end] ?? 0) - (before[first] ?? 0) >= overlapTokens / 2)
      sentence = first;
  }
  if (sentence !== undefined) return sentence;
  while (first < end && (strength[first] ?? 0) < WORD) first++;
  return first;
}
