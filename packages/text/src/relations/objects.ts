/** Reads what a relation points at: an organisation, a person, a title. */

import { ARTICLES, capitals, isConnector, MOST_TOKENS, nameEnd, phraseEnd, type Reading, STOP } from "./phrases.ts";
import type { Token } from "./tokens.ts";

/** An organisation: capitalised words, or "a bakery". */
export function organisationAt(tokens: readonly Token[], at: number): Reading | undefined {
  const first = tokens[at];
  if (!first || first.sign) return undefined;
  if (
    /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|august|september|october|november|december|android|iphone|ios|linux|windows|mac|gmail|slack|teams|english|spanish|french|german)$/.test(
      first.word,
    )
  )
    return undefined;
  const from = ARTICLES.has(first.word) && tokens[at + 1]?.capital === true ? at + 1 : at;
  const named = nameEnd(tokens, from);
  if (named > from) return { from, to: nounsAfter(tokens, named), confidence: 1 };
  const to = phraseEnd(tokens, at, 6);
  if (tokens.slice(at, to).some((token) => token.word === "'s")) return undefined;
  const bare = !ARTICLES.has(first.word);
  if (to === at || (to === at + 1 && !bare)) return undefined;
  if (
    /^(?:home|night|nights|school|myself|yourself|free|fun|least|it|all|days|once|first|someone|people|hours|weekends|peanuts)$/.test(
      first.word,
    )
  )
    return undefined;
  return { from: at, to, confidence: bare && capitals(tokens) ? 0.7 : 0.95 };
}

/** A person's name: capitalised words. */
export function personAt(tokens: readonly Token[], at: number): Reading | undefined {
  const first = tokens[at];
  if (!first || first.sign || first.word === "i" || NO_PERSON.test(first.word)) return undefined;
  let to = at;
  while (
    to < at + 4 &&
    (tokens[to]?.capital === true || (to > at && isConnector(tokens, to))) &&
    tokens[to]?.word !== "i"
  )
    to++;
  if (to > at) return { from: at, to, confidence: 1 };
  if (capitals(tokens) || STOP.has(first.word) || ARTICLES.has(first.word) || !/^\p{L}+$/u.test(first.word))
    return undefined;
  return { from: at, to: at + 1, confidence: 0.6 };
}

const NO_PERSON =
  /^(?:dr|doctor|mr|mrs|ms|prof|(?:some|any|every|no)(?:one|body)|how|what|their|your|his|her|its|people|them|each|more|other|others|many|him|us|me|all|good|new|old|results|things)$/;

/** A title or a thing, without its article: "senior engineer", "head of design". */
export function phraseAt(tokens: readonly Token[], at: number): Reading | undefined {
  const from = ARTICLES.has(tokens[at]?.word ?? "") ? at + 1 : at;
  let to = phraseEnd(tokens, from, MOST_TOKENS);
  // "coach of my kid's team" is not the trade of a coach.
  const open = to > from + 1 && /^(?:of|de)$/.test(tokens[to - 1]?.word ?? "");
  if (open) to--;
  return to > from ? { from, to, confidence: open ? 0.7 : 1 } : undefined;
}

/** "Acme bakery": nouns behind the name. */
function nounsAfter(tokens: readonly Token[], at: number): number {
  return /^(?:university|hospital|bank|bakery|school|college|labs?|studios?|group|café|cafe|hotel|airport|clinic)$/.test(
    tokens[at]?.word ?? "",
  )
    ? at + 1
    : at;
}
