/** Breaks a text into lines of at most some columns, as ranges of the text, so that offsets into it still hold. */

export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Breaks at line feeds and, if `width` is given, before words that would cross it; longer words stay whole. */
export function wrap(text: string, width: number | undefined): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const paragraph of text.split("\n")) {
    lines.push(
      ...wrapParagraph(paragraph, width).map((line) => ({ start: start + line.start, end: start + line.end })),
    );
    start += paragraph.length + 1;
  }
  return lines;
}

function wrapParagraph(text: string, width: number | undefined): Line[] {
  if (width === undefined || text.length <= width) return [{ start: 0, end: text.length }];
  const lines: Line[] = [];
  let line: { start: number; end: number } | undefined;
  for (const { index, 0: word } of text.matchAll(/\S+/g)) {
    const end = index + word.length;
    if (line && end - line.start <= width) line.end = end;
    else lines.push((line = { start: index, end }));
  }
  return lines.length > 0 ? lines : [{ start: 0, end: 0 }];
}
