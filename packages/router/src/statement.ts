/** Does a text tell something, or only ask? `remember: "auto"` keeps the first kind. */

import { sentences, words } from "@nexus/text";
import { FILLERS, QUESTION_STARTS, REQUEST_STARTS } from "./cues.ts";

/**
 * True when at least one sentence says something and is neither a question nor a request: "I moved to Lisbon. What
 * should I pack?" tells something, "Hello!" and "…" do not.
 */
export function isStatement(text: string): boolean {
  return sentences(text)
    .map(({ start, end }) => text.slice(start, end).trim())
    .some((sentence) => {
      const first = firstWord(sentence);
      return first !== undefined && !asks(sentence, first);
    });
}

function asks(sentence: string, first: string): boolean {
  if (/[?？؟]["'”’)\]]*$/u.test(sentence) || sentence.startsWith("¿") || REQUEST_STARTS.has(first)) return true;
  // Without closing punctuation, as people type to assistants, the first word decides.
  return !/[.!。！]["'”’)\]]*$/u.test(sentence) && QUESTION_STARTS.has(first);
}

/** The first word that counts, lower case and bare: "what" of "so what's new". */
function firstWord(sentence: string): string | undefined {
  return words(sentence)
    .map(({ text }) => text.toLowerCase())
    .find((word) => !FILLERS.has(word))
    ?.replace(/['’](?:s|re|d|ll|ve)$/u, "");
}
