/** Chunks of a number of characters, with or without an overlap. */

import type { ChunkSpan } from "./chunk.ts";
import { graphemeSegmenter } from "./segmenters.ts";
import { countTokens } from "./tokens.ts";

export interface CharacterLimits {
  /** Code points of a chunk at most, 1 or more. */
  readonly characters: number;
  /** Code points that a chunk repeats of the one before it at most; less than `characters`. */
  readonly overlap: number;
}

/** Below it every unit is a grapheme of its own, but for a line feed after a carriage return. */
const COMBINING = 0x300;

/** Spans of whole graphemes, `characters` long or a little less; what remains is the last. Blank ones are left out. */
export function chunkCharacters(text: string, limits: CharacterLimits): ChunkSpan[] {
  const characters = Math.max(1, Math.floor(limits.characters));
  const overlap = Math.max(0, Math.min(Math.floor(limits.overlap), characters - 1));
  const { starts, before } = graphemes(text);
  const count = starts.length - 1;
  const at = (i: number): number => before[i] ?? 0;
  const spans: ChunkSpan[] = [];
  let first = 0;
  let end = 0;
  while (end < count) {
    end = Math.max(end, first) + 1;
    while (end < count && at(end + 1) - at(first) <= characters) end++;
    const startOffset = starts[first] ?? 0;
    const endOffset = starts[end] ?? 0;
    const chunk = text.slice(startOffset, endOffset);
    if (/\S/u.test(chunk)) spans.push({ startOffset, endOffset, tokenCount: countTokens(chunk) });
    first++;
    // The next chunk must hold the next grapheme, so a long one leaves less to repeat.
    while (first < end && (at(end) - at(first) > overlap || at(end + 1) - at(first) > characters)) first++;
  }
  return spans;
}

/** Where each grapheme begins, the end of the text last, and the code points before it. */
function graphemes(text: string): { starts: number[]; before: number[] } {
  const starts: number[] = [];
  const before: number[] = [];
  let total = 0;
  let start = 0;
  while (start < text.length) {
    let end = start + 1;
    // Up to a place between two simple units, where a cut is allowed whatever stands around.
    while (end < text.length && !(isSimple(text, end - 1) && isSimple(text, end))) end++;
    if (end === start + 1) {
      starts.push(start);
      before.push(total++);
    } else {
      for (const { index, segment } of graphemeSegmenter().segment(text.slice(start, end))) {
        starts.push(start + index);
        before.push(total);
        total += segment.length === 1 ? 1 : Array.from(segment).length;
      }
    }
    start = end;
  }
  starts.push(text.length);
  before.push(total);
  return { starts, before };
}

function isSimple(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < COMBINING && code !== 0x0a && code !== 0x0d;
}
