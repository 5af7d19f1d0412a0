/** Reads a place: "Lisbon", "a flat in Alfama", "12 Baker Street". */

import { ARTICLES, capitals, nameEnd, phraseEnd, type Reading, STOP } from "./phrases.ts";
import type { Token } from "./tokens.ts";

const DIRECTIONS =
  /^(?:north|south|east|west|central|downtown|inner|upper|lower|greater|northern|southern|eastern|western|north-?east|north-?west|south-?east|south-?west|midtown|old)$/;
const PLACE_PREPOSITIONS = new Set(["in", "at", "near", "on", "outside", "en", "cerca"]);
const NOT_PLACES = new Set(
  "person general fact denial fear peace pain love danger hell heaven bed luxury touch case order time mind spirit theory sin debt there here hospital jail prison town abroad".split(
    " ",
  ),
);

/** People also move to Android, to Thursday, to plan B. */
const NO_PLACE_NAMES = new Set(
  (
    "android iphone ios linux windows mac macos ubuntu gmail outlook slack teams notion spotify netflix github gitlab python rust typescript javascript " +
    "java kubernetes aws azure gcp postgres vim vscode whatsapp telegram signal zoom discord instagram tiktok twitter plan phase step level chapter " +
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december " +
    "english spanish french german italian portuguese i lego minecraft duolingo strava monzo vodafone firefox chrome safari chatgpt claude gemini evernote obsidian dropbox onedrive icloud threads bluesky mastodon substack disney hulu reddit facebook linkedin excel word powerpoint photoshop figma jira trello youtube google fortnite pajamas pyjamas sweatpants leggings crocs sneakers hogwarts narnia mordor"
  ).split(" "),
);

const PLACE_ACRONYMS = new Set("us usa uk uae la nyc dc sf nz sg hk pdx bcn cdmx".split(" "));

/** What may stand behind a place beside the words that end it. */
const BESIDE =
  /^(?:alone|together|again|full|permanently|proper|city|side|area|region|based|after|over|earlier|last|several|two|three|every|year|up|out|down|temporarily|happily|ok|yay|btw|actually|de|con|hace|del|la|el|al|este|esta|ayer|tras|sometime|right|late|early|yay|recently|then)$/;

/** A place: "Lisbon", "Lisbon, Portugal", "a flat in Alfama". */
export function placeAt(tokens: readonly Token[], at: number): Reading | undefined {
  let from = at;
  const first = tokens[from];
  if (!first || first.sign || first.word.includes("@")) return undefined;
  if (ARTICLES.has(first.word) && !tokens[from + 1]?.capital) {
    const inner = innerPlace(tokens, from + 1);
    return inner === undefined ? undefined : placeAt(tokens, inner);
  }
  while (DIRECTIONS.test(tokens[from]?.word ?? "") && !tokens[from]?.capital) from++;
  if (ARTICLES.has(tokens[from]?.word ?? "") && tokens[from + 1]?.capital && tokens[from]?.capital === false) from++;
  if (/^\d/.test(first.word)) while (from < at + 3 && /^\d/.test(tokens[from]?.word ?? "")) from++;
  if (NO_PLACE_NAMES.has(tokens[from]?.word ?? "")) return undefined;
  if (
    tokens[from]?.acronym &&
    !PLACE_ACRONYMS.has(tokens[from]?.word ?? "") &&
    !tokens.every((token) => token.acronym || !token.capital || token.word === "i")
  )
    return undefined;
  const named = nameEnd(tokens, from);
  if (named > from) {
    const next = tokens[named];
    // "moved to York Street stage" is no place.
    const noun = next !== undefined && !next.sign && !STOP.has(next.word) && !BESIDE.test(next.word);
    return { from: at, to: withCommas(tokens, named), confidence: noun ? 0.75 : 1 };
  }
  const to = phraseEnd(tokens, at, 3);
  if (to === at || NOT_PLACES.has(tokens[at]?.word ?? "")) return undefined;
  // "i live in leggings": things stand in the plural.
  const plural = /[^s]s$/.test(tokens[to - 1]?.word ?? "");
  return { from: at, to, confidence: capitals(tokens) || plural ? 0.6 : 0.8 };
}

/** "Lisbon, Portugal": a capitalised word after the comma belongs to the place. */
function withCommas(tokens: readonly Token[], at: number): number {
  let to = at;
  for (let i = 0; i < 2; i++) {
    const after = tokens[to]?.word === "," ? nameEnd(tokens, to + 1) : to;
    const next = tokens[after];
    if (after <= to + 1 || (next !== undefined && !next.sign && !STOP.has(next.word))) break;
    to = after;
  }
  return to;
}

/** Where the place inside "a flat in Lisbon" begins. */
function innerPlace(tokens: readonly Token[], from: number): number | undefined {
  for (let i = from; i < from + 7 && i < tokens.length; i++) {
    const token = tokens[i];
    if (
      !token ||
      token.sign ||
      /^(?:office|offices|hq|headquarters|building|warehouse|desk|floor|team|school|hotel|hostel|airbnb|hospital|clinic|branch)$/.test(
        token.word,
      )
    )
      return undefined;
    if (PLACE_PREPOSITIONS.has(token.word) && (tokens[i + 1]?.capital || tokens[i + 2]?.capital)) return i + 1;
  }
  return undefined;
}
