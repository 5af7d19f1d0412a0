/** Words of a text and where they stand. */

import { segment, STRIDE } from "./segments.ts";

export interface Word {
  readonly text: string;
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Words by UAX 29, as written; punctuation and white space are between them. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  const segments = segment(text);
  for (let i = 0; i < segments.length; i += STRIDE) {
    const start = segments[i] ?? 0;
    const end = segments[i + 1] ?? 0;
    if (segments[i + 2] === 1) found.push({ text: text.slice(start, end), start, end });
  }
  return found;
}
