/** Reads a time zone: "CET", "UTC+2", "Europe/Madrid", "Lisbon time". */

import type { Token } from "./tokens.ts";
import type { Value } from "./values.ts";

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
  "wet west art cat eat wat trt ict pet cot hst clt brt gst bst pht wib sast hkt sgt pkt aest aedt acst acdt awst nzst nzdt akst akdt eest".split(
    " ",
  ),
);
const NOT_ZONES = new Set(
  "family quality me free school work bed nap party game lunch alone tea showtime spare down half real first last next this that long full part free some any same dinner lunch bed play show story spend my the more no every each take tea big good great what time i since use all your our his her summer winter work reach".split(
    " ",
  ),
);

/** What a text must hold to name a zone. Cost: one search; spares the look at every word. */
export function mayNameZone(text: string): boolean {
  return ZONE_CUE.test(text);
}

const ZONE_CUE =
  /[Tt]ime|TIME|[Hh]ours|[Hh]ora|[Hh]uso|[Uu][Tt][Cc]|[Gg][Mm][Tt]|\/|\b[A-Z]{2,4}\b|\b(?:w?cet|e[es]t|edt|[pcm][sd]t|[bijk]st|msk|west|cest)\b/;

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
