/** Chunks of whole sentences, and of paragraphs. */

import { type Boundaries, boundariesOf, PARAGRAPH, SENTENCE, WORD } from "./boundaries.ts";
import type { ChunkSpan } from "./chunk.ts";
import { countTokens } from "./tokens.ts";

/** As many whole sentences as fit into `maxTokens`; a longer sentence is cut between words. */
export function chunkSentences(text: string, maxTokens: number): ChunkSpan[] {
  const boundaries = split(text, maxTokens);
  return [...group(text, boundaries, { from: 0, to: boundaries.starts.length, maxTokens })];
}

/** What stands between blank lines, each on its own; one of more than `maxTokens` is cut at its sentences. */
export function chunkParagraphs(text: string, maxTokens: number): ChunkSpan[] {
  const boundaries = split(text, maxTokens);
  const units = boundaries.starts.length;
  const spans: ChunkSpan[] = [];
  let from = 0;
  for (let to = 1; to <= units; to++) {
    if (to < units && (boundaries.strength[to] ?? 0) < PARAGRAPH) continue;
    spans.push(...group(text, boundaries, { from, to, maxTokens }));
    from = to;
  }
  return spans;
}

function split(text: string, maxTokens: number): Boundaries {
  // No token is too few for sentences to be looked for.
  return boundariesOf(text, Math.max(1, maxTokens >> 2), 0);
}

function* group(
  text: string,
  { starts, ends, before, strength }: Boundaries,
  { from, to, maxTokens }: { from: number; to: number; maxTokens: number },
): Generator<ChunkSpan> {
  const count = (first: number, end: number): number => countTokens(text.slice(starts[first], ends[end - 1]));
  for (let first = from; first < to;) {
    let end = first + 1;
    while (end < to && (before[end + 1] ?? 0) - (before[first] ?? 0) <= maxTokens) end++;
    if (end < to) end = lastOf(strength, SENTENCE, first, end) ?? lastOf(strength, WORD, first, end) ?? end;
    let tokenCount = count(first, end);
    // Scripts without spaces may be cut into other words once they stand alone.
    while (tokenCount > maxTokens && end > first + 1) tokenCount = count(first, --end);
    yield { startOffset: starts[first] ?? 0, endOffset: ends[end - 1] ?? 0, tokenCount };
    first = end;
  }
}

/** The last unit after `first` and up to `end` that begins with a boundary of at least that strength. */
function lastOf(strength: Uint8Array, least: number, first: number, end: number): number | undefined {
  for (let unit = end; unit > first; unit--) if ((strength[unit] ?? 0) >= least) return unit;
  return undefined;
}
