/** Reads values of closed kinds: an age, a marital status. */

import { numberAt } from "../guards/numbers.ts";
import type { Token } from "./tokens.ts";

export interface Value {
  /** Canonical: "35", "5 months", "married", "utc+1". */
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const STATUS: readonly (readonly [RegExp, string])[] = [
  [/^(?:married|remarried|newlyweds?|hitched|casad[oa]s?|case|caso|casamos)$/, "married"],
  [/^(?:divorced|divorcee|divorciad[oa]s?|divorcie|divorcio|divorciamos)$/, "divorced"],
  [/^(?:engaged|betrothed|(?:com)?prometid[oa]s?|comprometi|prometi)$/, "engaged"],
  [/^(?:single|unmarried|unattached|solter[oa]|bachelor)$/, "single"],
  [/^(?:widowed|widow|widower|viud[oa])$/, "widowed"],
  [/^(?:separated|separad[oa]|separe|separo|separamos)$/, "separated"],
  [/^civil$/, "civil partnership"],
];
/** Behind an age: anything else makes it another number. */
const AFTER_AGE =
  /^(?:years?|yrs?|yo|y\.o|anos|and|but|so|now|today|this|last|on|in|over|since|already|old|with|for|if|then|though|according|lol|haha|y|pero|ayer|hoy|ahora|recien|yesterday|at|by|as|birthday|next|going|or|let|what|write|gracias|while|because)$/;
/** "35", "5 months"; undefined unless it can be somebody's age. Bound: 0 to 120. */
export function ageAt(tokens: readonly Token[], at: number): Value | undefined {
  const words = tokens
    .slice(at, at + 4)
    .map((token) => token.word.replace("-", " "))
    .join(" ")
    .split(" ");
  const whole = /^(\d{1,3})-(?:year|yr)s?-olds?$/.exec(tokens[at]?.word ?? "");
  if (whole) return { value: String(Number(whole[1])), from: at, to: at + 1 };
  const number = numberAt(words, 0, "en");
  if (!number || !/^\d+$/.test(number.value) || Number(number.value) > 120) return undefined;
  let to = at + (tokens[at]?.word.includes("-") ? 1 : number.length);
  const unit = tokens[to]?.word ?? "";
  if (/^(?:months?|weeks?|meses|semanas)$/.test(unit)) {
    const old = /^(?:old)$/.test(tokens[to + 1]?.word ?? "");
    return old ? { value: `${number.value} ${unit.replace(/s$/, "")}s`, from: at, to: to + 2 } : undefined;
  }
  const next = tokens[to];
  if (/^(?:years?|yrs?|yr|y)$/.test(next?.word ?? "") && tokens[to + 1]?.word === "old")
    return { value: number.value, from: at, to: to + 2 };
  if (next && !next.sign && !AFTER_AGE.test(next.word)) return undefined;
  if (next && /^[%$€£°/+-]$/.test(next.word)) return undefined;
  if (/^(?:years?|yrs?|anos)$/.test(next?.word ?? "")) to += tokens[to + 1]?.word === "old" ? 2 : 1;
  if (tokens[to]?.word === "de" && tokens[to + 1]?.word !== "edad") return undefined;
  // "I'm 5 years into it", "for 3 years": only years alone or "years old" are an age.
  if (/^(?:into|in|away|from|behind|ahead|late)$/.test(tokens[to]?.word ?? "") && to > at + 1) return undefined;
  return { value: number.value, from: at, to };
}

/** Behind a status: another word makes it a quality of something, "married guests". */
const AFTER_STATUS =
  /^(?:to|in|on|at|last|this|next|now|and|but|so|since|for|yesterday|today|again|with|by|after|because|as|a|an|the|over|under|during|when|while|finally|twice|too|recently|just|here|there|back|quietly|early|young|officially|legally|woman|man|person|i|we|he|she|it|from|or|though|although|until|not|no|then|before|these|all|still|only|these|once|years|months|some|very|y|e|pero|con|en|por|desde|hace|ya|ayer|hoy|el|la|oficialmente|otra|de|del|ahora|que|lol|yay|btw|if|according|is|was|partnership|my|mi|status|please|also|if|like|instead|any|off|through|two|three|four|five|six|seven|eight|nine|ten|\d+)$/;
const SPOUSE = /^(?:husband|wife|partner|spouse|ex|ex-husband|ex-wife|first|second|girlfriend|boyfriend)$/;

export function statusAt(tokens: readonly Token[], at: number): Value | undefined {
  const word = tokens[at]?.word ?? "";
  for (const [pattern, value] of STATUS) {
    if (!pattern.test(word)) continue;
    if (value === "civil partnership" && tokens[at + 1]?.word !== "partnership") return undefined;
    const next = tokens[at + 1];
    // "single mum", "single file", "engaged in", "separated from the group": another meaning.
    if (
      value === "single" &&
      next &&
      !next.sign &&
      !/^(?:and|but|so|now|again|since|for|at|i|though|as|y|still|until|these|this|after)$/.test(next.word)
    )
      return undefined;
    if (value === "married" && next?.word === "to" && /^(?:my|the|a)$/.test(tokens[at + 2]?.word ?? ""))
      return undefined;
    if (/^(?:couples?|people|friends|folks|life|names?|women|men|bliss)$/.test(next?.word ?? "")) return undefined;
    if (next && !next.sign && !next.capital && !AFTER_STATUS.test(next.word)) return undefined;
    const whom = tokens[at + 2];
    if (next?.word === "from" && /^(?:my|her|his)$/.test(whom?.word ?? "") && !SPOUSE.test(tokens[at + 3]?.word ?? ""))
      return undefined;
    if (
      value !== "single" &&
      next?.word === "from" &&
      whom &&
      !whom.capital &&
      !/^(?:my|her|his|him|mi)$/.test(whom.word)
    )
      return undefined;
    if (value === "engaged" && next?.word === "in") return undefined;
    return { value, from: at, to: at + 1 };
  }
  return undefined;
}
