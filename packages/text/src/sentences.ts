/** Sentences of a text. */

import { sentenceSegmenter } from "./segmenters.ts";

export interface Span {
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
}

// Titles and initials, after which a full stop ends nothing. UAX 29 alone breaks before the capital that follows.
const ABBREVIATED =
  /(?:^|[\s(¿¡"“])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Drs|Prof|St|Sr|Sra|Dra|Srta|D|Dña|Mme|Mlle|Hr|Fr|Nr|No|vs)\.\s+$/u;
/** Longest abbreviation with what is around it. */
const TAIL = 12;

/** Sentence spans, in order, that cover the text exactly: white space belongs to the sentence before it. */
export function sentences(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const { index, segment } of sentenceSegmenter().segment(text)) {
    const end = index + segment.length;
    if (end < text.length && ABBREVIATED.test(text.slice(Math.max(start, end - TAIL), end))) continue;
    spans.push({ start, end });
    start = end;
  }
  return spans;
}
