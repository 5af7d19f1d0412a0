/** Reads the object of a pattern by its kind. */

import { isJob, mayBeJob } from "./jobs.ts";
import { organisationAt, personAt, phraseAt } from "./objects.ts";
import type { ObjectKind } from "./patterns.ts";
import type { Reading } from "./phrases.ts";
import { placeAt } from "./places.ts";
import type { Token } from "./tokens.ts";
import { ageAt, statusAt } from "./values.ts";
import { isAdverb } from "./verbs.ts";
import { zoneAt } from "./zones.ts";

export interface Read {
  readonly from: number;
  readonly to: number;
  readonly confidence: number;
  /** Only its ending says that it is an occupation. */
  readonly maybe?: boolean;
  /** Canonical, where the kind has one. */
  readonly value?: string;
}

/** The object that begins at a token, adverbs skipped; undefined where none of that kind does. */
export function readObject(tokens: readonly Token[], from: number, kind: ObjectKind, text: string): Read | undefined {
  let at = from;
  while (isAdverb(tokens[at]?.word ?? "")) at++;
  if (kind === "age" || kind === "status" || kind === "zone") {
    const value = kind === "age" ? ageAt(tokens, at) : kind === "status" ? statusAt(tokens, at) : zoneAt(tokens, at);
    return value && { ...value, confidence: 1 };
  }
  if (kind === "divorce") return { from: at - 1, to: at, confidence: 1, value: "divorced" };
  if (kind === "place") return placeAt(tokens, at);
  if (kind === "named-place") return tokens[at]?.capital ? placeAt(tokens, at) : undefined;
  if (kind === "organisation") return organisationAt(tokens, at);
  if (kind === "company") {
    const named =
      tokens[at]?.capital === true ||
      (/^(?:the|el|la|los|las)$/.test(tokens[at]?.word ?? "") && tokens[at + 1]?.capital === true);
    return named ? organisationAt(tokens, at) : undefined;
  }
  if (kind === "person" && isJob(tokens[at]?.word ?? "")) return undefined;
  if (kind === "person") return notDemonym(personAt(tokens, at), tokens, text);
  const phrase = phraseAt(tokens, at);
  if (!phrase || kind === "title" || kind === "phrase") return phrase;
  if (kind === "job") return jobIn(tokens, phrase);
  // "the night manager job": the noun behind it is no part of it.
  let to = phrase.from;
  while (to < phrase.to && !/^(?:job|position|role|post|title)$/.test(tokens[to]?.word ?? "")) to++;
  return jobIn(tokens, { ...phrase, to });
}

/** "night manager", "head of design", "ingeniero civil": the head of the phrase names an occupation. */
function jobIn(tokens: readonly Token[], phrase: Reading): Read | undefined {
  const word = (i: number): string => tokens[i]?.word ?? "";
  const of = tokens.findIndex((token, i) => i > phrase.from && i < phrase.to && /^(?:of|de|del|in)$/.test(token.word));
  const head = of < 0 ? phrase.to - 1 : of - 1;
  if (phrase.to <= phrase.from) return undefined;
  if (isJob(word(head)) || (phrase.to - phrase.from <= 2 && isJob(word(phrase.from)))) return phrase;
  return mayBeJob(word(head)) ? { ...phrase, confidence: phrase.confidence * 0.8, maybe: true } : undefined;
}

/** "My wife is Portuguese" names nobody. */
function notDemonym(read: Read | undefined, tokens: readonly Token[], text: string): Read | undefined {
  if (!read || read.to > read.from + 1) return read;
  const name = text.slice(tokens[read.from]?.start, tokens[read.from]?.end);
  return /(?:ish|ese|[^lr]ican|ench|erman|reek|utch|swiss|slim|holic|vegan|talian|razilian|ussian|ndian|ustralian|anadian|gyptian|ersian|ranian|weigian)$/i.test(
    name,
  )
    ? undefined
    : read;
}
