/** Does a text tell something, or only ask? `remember: "auto"` keeps the first kind. */

import { sentences, words } from "@nexus/text";
import { QUESTION_STARTS, REQUEST_STARTS } from "./cues.ts";

/** True when at least one sentence is neither a question nor a request. "I moved to Lisbon. What should I pack?" tells something. */
export function isStatement(text: string): boolean {
  return sentences(text)
    .map(({ start, end }) => text.slice(start, end).trim())
    .some((sentence) => sentence !== "" && !asks(sentence));
}

function asks(sentence: string): boolean {
  if (/[?？؟]["'”’)\]]*$/u.test(sentence) || sentence.startsWith("¿")) return true;
  if (/[.!。！]["'”’)\]]*$/u.test(sentence)) return startsWith(sentence, REQUEST_STARTS);
  // Without closing punctuation, as people type to assistants, the first word decides.
  return startsWith(sentence, QUESTION_STARTS) || startsWith(sentence, REQUEST_STARTS);
}

function startsWith(sentence: string, starts: ReadonlySet<string>): boolean {
  const first = words(sentence)[0];
  return first !== undefined && starts.has(sentence.slice(first.start, first.end).toLowerCase());
}
