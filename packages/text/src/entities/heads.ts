/** Words inside or before a name that give its type away: "Lake", "Street", "Hospital", "Dr." */

import type { Token } from "./tokens.ts";

type HeadType = "person" | "location" | "organization";

const TITLE = /^(?:dr|mr|mrs|ms|prof|sr|sra|srta|dra|doctora|señora?|profesora)$/u;
const PLACE_FIRST = /^(?:lake|lago|mount|mt|río|cabo|isla|playa|calle|avenida|plaza)$/u;
const PLACE_LAST =
  /^(?:lake|river|street|avenue|road|lane|row|beach|islands?|valley|bay|bridge|square|airport|county|boulevard|blvd)$/u;
const BODY_FIRST = /^(?:university|universidad|hospital|instituto|banco|museo)$/u;
const BODY_LAST = /^(?:university|college|hospital|clinic|institute|foundation|inc|corp|ltd|llc|railway|airlines)$/u;

/** The type that a name of tokens `start` to `end` shows, or undefined. */
export function headType(tokens: readonly Token[], start: number, end: number): HeadType | undefined {
  const before = tokens[start - 1]?.text === "." ? tokens[start - 2] : tokens[start - 1];
  if (before && TITLE.test(before.lower)) return "person";
  if (end - start < 2) return undefined;
  const first = tokens[start]?.lower ?? "";
  const last = tokens[end - 1]?.lower ?? "";
  if (PLACE_FIRST.test(first) || PLACE_LAST.test(last)) return "location";
  return BODY_FIRST.test(first) || BODY_LAST.test(last) ? "organization" : undefined;
}

/** Names that nobody can overlook: a capital after a title. Token indices, end exclusive. */
export function titledNames(tokens: readonly Token[]): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!TITLE.test(tokens[i]?.lower ?? "")) continue;
    const start = tokens[i + 1]?.text === "." ? i + 2 : i + 1;
    let end = start;
    while (end < start + 3 && /^\p{Lu}\p{Ll}/u.test(tokens[end]?.text ?? "")) end++;
    if (end > start) found.push({ start, end });
  }
  return found;
}
