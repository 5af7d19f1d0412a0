/** Where the words of a text match a query, for highlights. */

import { segment, STRIDE } from "./segments.ts";
import { wordTerms } from "./terms.ts";

export interface MatchSpan {
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Id of the term. */
  readonly term: number;
}

/** Spans, in order, of the words whose term is among `ids`; `language` is the one that the text was indexed with. */
export function matchSpans(text: string, language: string, ids: ReadonlySet<number>): MatchSpan[] {
  const spans: MatchSpan[] = [];
  const segments = segment(text);
  for (let i = 0; i < segments.length; i += STRIDE) {
    if (segments[i + 2] === 0) continue;
    const start = segments[i] ?? 0;
    for (const term of wordTerms(text.slice(start, segments[i + 1]), language)) {
      if (ids.has(term.id)) spans.push({ start: start + term.start, end: start + term.end, term: term.id });
    }
  }
  return spans;
}
