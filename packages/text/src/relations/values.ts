/** Reads values of closed kinds: an age, a marital status, a time zone. */

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
const ZONES: Readonly<Record<string, string>> = {
  gmt: "utc+0",
  utc: "utc+0",
  wet: "utc+0",
  cet: "utc+1",
  eet: "utc+2",
  msk: "utc+3",
  ist: "utc+5:30",
  kst: "utc+9",
  jst: "utc+9",
  nzt: "utc+12",
  nzst: "utc+12",
  nzdt: "utc+12",
  bst: "utc+0",
  west: "utc+0",
  cest: "utc+1",
  wat: "utc+1",
  eest: "utc+2",
  sast: "utc+2",
  cat: "utc+2",
  trt: "utc+3",
  eat: "utc+3",
  pkt: "utc+5",
  ict: "utc+7",
  wib: "utc+7",
  hkt: "utc+8",
  sgt: "utc+8",
  pht: "utc+8",
  awst: "utc+8",
  acst: "utc+9:30",
  acdt: "utc+9:30",
  aest: "utc+10",
  aedt: "utc+10",
  brt: "utc-3",
  art: "utc-3",
  clt: "utc-4",
  cot: "utc-5",
  akst: "us-alaska",
  akdt: "us-alaska",
  hst: "us-hawaii",
  alaska: "us-alaska",
  hawaii: "us-hawaii",
  eastern: "us-eastern",
  est: "us-eastern",
  edt: "us-eastern",
  et: "us-eastern",
  este: "us-eastern",
  central: "us-central",
  cst: "us-central",
  cdt: "us-central",
  mountain: "us-mountain",
  mst: "us-mountain",
  mdt: "us-mountain",
  pacific: "us-pacific",
  pst: "us-pacific",
  pdt: "us-pacific",
  pt: "us-pacific",
  pacifico: "us-pacific",
};

const WORDS = new Set(
  "wet west art cat eat wat trt ict pet cot hst clt brt gst bst pht wib sast hkt sgt pkt aest aedt acst acdt awst nzst nzdt akst akdt eest".split(" "),
);
const NOT_ZONES = new Set(
  "family quality me free school work bed nap party game lunch alone tea showtime spare down half real first last next this that long full part free some any same dinner lunch bed play show story spend my the more no every each take tea big good great what time i since use all your our his her summer winter work reach".split(
    " ",
  ),
);

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
  if (/^(?:years?|yrs?|yr|y)$/.test(next?.word ?? "") && tokens[to + 1]?.word === "old") return { value: number.value, from: at, to: to + 2 };
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

/** A zone name as one canonical word; offsets as "utc+1". */
export function zoneAt(tokens: readonly Token[], at: number): Value | undefined {
  const first = tokens[at]?.word ?? "";
  const offset = /^(?:utc|gmt)([+-]\d{1,2})?$/.exec(first);
  if (offset) {
    if (offset[1] !== undefined) return { value: `utc${sign(Number(offset[1]))}`, from: at, to: at + 1 };
    const next = tokens[at + 1]?.word ?? "";
    const number = Number(tokens[at + 2]?.word);
    if (/^[+−-]$/.test(next) && Number.isFinite(number))
      return { value: `utc${sign(next === "+" ? number : -number)}`, from: at, to: at + 3 };
    return { value: "utc+0", from: at, to: at + 1 };
  }
  const next = tokens[at + 1]?.word ?? "";
  if (tokens[at]?.capital && next === "/" && tokens[at + 2]?.capital) {
    return { value: (tokens[at + 2]?.word ?? "").replaceAll("_", " "), from: at, to: at + 3 };
  }
  if (first === "hora") {
    const place = tokens[at + 1]?.word === "de" || tokens[at + 1]?.word === "del" ? at + 2 : at + 1;
    const word = tokens[place]?.word ?? "";
    const named = tokens[place]?.capital === true && !tokens[place]?.sign;
    return Object.hasOwn(ZONES, word) || named ? { value: ZONES[word] ?? word, from: at, to: place + 1 } : undefined;
  }
  if (Object.hasOwn(ZONES, first)) {
    const named = next === "time" || next === "zone" || tokens[at + 2]?.word === "time";
    // "art", "west", "cat" are words: as zones they are written in capitals.
    if (WORDS.has(first) && tokens[at]?.acronym !== true) return placeTimeAt(tokens, at);
    if (!named && (first.length < 3 || first.length > 4 || first === "este")) return undefined;
    return {
      value: ZONES[first] ?? first,
      from: at,
      to: named ? at + (next === "time" || next === "zone" ? 2 : 3) : at + 1,
    };
  }
  return placeTimeAt(tokens, at);
}

/** "Lisbon time", where a word beside it says that a zone is meant. */
function placeTimeAt(tokens: readonly Token[], at: number): Value | undefined {
  let to = at;
  while (to < at + 3 && tokens[to]?.capital && !NOT_ZONES.has(tokens[to]?.word ?? "")) to++;
  if (to === at || !/^(?:time|hours)$/.test(tokens[to]?.word ?? "")) return undefined;
  const before = tokens[at - 1]?.word ?? "";
  const after = tokens
    .slice(to + 1, to + 3)
    .map((token) => token.word)
    .join(" ");
  if (!ZONE_BEFORE.test(before) && !ZONE_AFTER.test(after)) return undefined;
  return {
    value: tokens
      .slice(at, to)
      .map((token) => token.word)
      .join(" "),
    from: at,
    to: to + 1,
  };
}

const ZONE_BEFORE = /^(?:on|in|to|use|using|keep|is|at|:|=|now|by|my|operate|same|'s|and)$/;
const ZONE_AFTER = /^(?:here|for me|for us|suits|is my|zone|no longer|applies|works)/;

function sign(hours: number): string {
  return hours < 0 ? String(hours) : `+${hours}`;
}
