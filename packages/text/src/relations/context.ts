/** What stands around a statement and takes from its certainty: conditions, reports, plans, limits in time. */

import type { Tense } from "../relations.ts";
import type { Token } from "./tokens.ts";
import { isAdverb } from "./verbs.ts";

export interface Surroundings {
  readonly tense: Tense | undefined;
  /** 0…1, a factor. */
  readonly confidence: number;
  readonly change: boolean;
  /** "side" for second homes, second jobs and the like. */
  readonly qualifier: string;
}

const HYPOTHETICAL = new Set(
  "if wherever whenever whatever dream dreams nightmare fantasy imagined rumour rumor novel suppose supposing imagine assume assuming pretend unless wish wished whether hypothetically dreamt dreamed dreaming perhaps maybe ojala quiza quizas imagina".split(
    " ",
  ),
);
const REPORTED = new Set(
  "says said say thinks think thought tells told claims claimed heard hears texted messaged posted tweeted mentioned joked jokes insists insisted swears reckons guesses suspects assumes according rereading rewatching binging humming singing titled entitled headline lyrics cuenta comenta escribio segun creen piensa wrote writes asked asks believes hopes hoped wants dice dijo cree contaba sings goes reads called playing watching listening song title".split(
    " ",
  ),
);
const FIRST = new Set(["i", "we", "you"]);
const CONJUNCTIONS = new Set(
  "and but so because since while although though plus y pero asi porque that que cause as e after".split(" "),
);
const SAFE = new Set(
  (
    "well ok okay oh hey hi hello yeah yes yep no these days as of last this week month year today yesterday morning at the moment in on since " +
    "turns out guess what know news update fyi btw reminder happy glad proud excited to say announce report can not believe it official just by way " +
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december " +
    "spring summer autumn winter right note please remember like for record yo ahora hoy ayer desde hace el la mes semana ano pasado pasada " +
    "they made board members team company elected chose promoted named appointed cambia change set update changed hoy still i told you tell hola bueno pues mira after all new chapter weekend long time past few years months two three four five first second"
  ).split(" "),
);

const TEMPORARY =
  /\b(?:for (?:the|a|an|one|two|three|four|five|six|some|these|\d+) (?:few |couple of |couple |next |coming )?(?:nights?|days?|weeks?|weekends?|months?|summer|winter|semester|term|while|moment|time being|interim|festival)|for now|until|till|til|temporar\w+|on (?:business|holiday|vacation|secondment|exchange|a trip)|seconded|por (?:unos|unas|ahora|el verano)|de momento|hasta|visiting|while|during|for an? (?:\w+ )?(?:project|internship|course|placement|residency|sabbatical|contract|season)|mientras|durante|then (?:back|home)|house ?sitting|traveling|travelling|esta semana|este (?:mes|verano|finde))\b/;
const THIS_TIME = /\b(?:this (?:week|weekend|month|summer|winter|semester|term))\b/;
const PAST =
  /\b(?:back then|back in the day|at the time|as an? (?:child|kid|teen\w*|student|boy|girl)|when (?:i|we|he|she|they) (?:was|were)|in (?:the )?(?:19|20)\d\d|years ago|another life|de (?:pequeno|pequena|nino|nina|joven)|antes)\b/;
const FUTURE =
  /\b(?:next (?:week|month|year|spring|summer|autumn|fall|winter|semester|monday|january|june|september)|tomorrow|soon|someday|some day|one day|eventually|manana|que viene|proxim[oa])\b/;
/** "accepted an offer from Acme, starting in June". */
const STARTS_LATER =
  /\b(?:start(?:ing|s)? (?:in|next|on|tomorrow|soon)|(?:from|as of) (?:next|tomorrow)|next (?:week|month|year)|empiezo (?:en|el)|que viene|proxim[oa]|manana)\b/;
/** "Living in Bergen would be nice". */
const SUBJECT_OF = /^(?:would|is|was|will|sounds?|seems?|has|can|could|must|costs?|feels?|makes?) /;
const SIDE =
  /\b(?:part ?-?time|on (?:the side|weekends|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekdays)|at weekends|weekends|weekend (?:house|home|place|job)|holiday (?:house|home|flat|place)|(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)\b|in my (?:spare|free) time|as well|too|also|second|another|one (?:day|evening|night|morning) a (?:week|month)|on top|half the (?:year|time)|de lunes a|entre semana|during the week|monday to|mon-fri|weekdays|(?:saturdays|sundays|evenings|nights|mornings) only|(?:once|twice) a (?:week|month)|few hours|moonlight\w*|evenings|as a hobby|volunteer\w*|clients?|customer|for fun|los (?:domingos|sabados|fines)|tambien|cliente|segund[oa])\b/;
const NEW =
  /\b(?:now|nowadays|these days|as of|no more|at last|for good|permanently|since (?:last|the|this|yesterday|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|christmas|easter|spring|summer|autumn|winter|a (?:week|month|year) ago)|effective|current(?:ly)?|actual|correction|from (?:today|yesterday) on|no longer|any ?more|instead|from now on|finally|new|switched|changed|promoted|ya no|ahora|desde (?:hoy|ayer)|nuev[oa])\b/;
/** What stands before the subject at `at`, in its sentence. */
export function surroundings(
  tokens: readonly Token[],
  { at, end, event, been, lasting }: { at: number; end: number; event: boolean; been: boolean; lasting: boolean },
): Surroundings {
  const before = contextBefore(tokens, at);
  const after = wordsOf(tokens, end, tokens.length);
  const whole = wordsOf(tokens, 0, tokens.length);
  let tense = before.tense;
  if (tense === undefined) {
    if (FUTURE.test(wordsOf(tokens, 0, at)) || (event && STARTS_LATER.test(after))) tense = "unsure";
    else if (PAST.test(after)) tense = event ? "unsure" : "past";
    else if ((tokens[at]?.word ?? "").endsWith("ing") && SUBJECT_OF.test(after)) tense = "unsure";
    else if (lasting) tense = undefined;
    else if (TEMPORARY.test(after) && !been) tense = "unsure";
    else if (!event && (THIS_TIME.test(after) || FUTURE.test(after))) tense = "unsure";
  }
  if (tense === undefined && UNTRUE.test(wordsOf(tokens, 0, at))) tense = "unsure";
  const clause = wordsOf(tokens, at, tokens.length);
  return {
    tense,
    confidence: before.confidence,
    change: event ? !/\b(?:years ago|in (?:19|20)\d\d)\b/.test(after) : NEW.test(whole),
    qualifier: !lasting && SIDE.test(clause) ? "side" : "",
  };
}

const UNTRUE =
  /\b(?:not (?:true|that|the case|as if|because|like)|false|wrong|untrue|contrary|far from|no es (?:cierto|verdad)|mentira|falso|deny|denies|as if)\b/;

export function contextBefore(tokens: readonly Token[], at: number): { tense: Tense | undefined; confidence: number } {
  let tense: Tense | undefined;
  let confidence = 1;
  for (let i = 0; i < at; i++) {
    const word = tokens[i]?.word ?? "";
    const sure = tokens[i + 1]?.word === "," && word === "si";
    if ((HYPOTHETICAL.has(word) || (word === "si" && i === 0)) && !sure) tense = "unsure";
    else if (word === "had" && FIRST.has(tokens[i + 1]?.word ?? "")) tense = "unsure";
    else if (word === "like" && /^(?:was|is|were|be)$/.test(tokens[i - 1]?.word ?? "")) tense = "unsure";
    else if (word === "when" || word === "cuando" || word === "before") confidence = Math.min(confidence, 0.5);
    else if (word === "signed" && tokens[i + 1]?.word === "off") tense = "unsure";
    else if (REPORTED.has(word) && !FIRST.has(tokens[i - 1]?.word ?? "") && tokens[i + 1]?.word !== "you")
      tense = "unsure";
  }
  for (let i = at - 1; i >= 0; i--) {
    const token = tokens[i];
    if (!token || token.sign || CONJUNCTIONS.has(token.word)) break;
    if (!SAFE.has(token.word) && !isAdverb(token.word) && !/\d/.test(token.word)) {
      confidence = Math.min(confidence, 0.8);
      break;
    }
  }
  return { tense, confidence };
}

export function wordsOf(tokens: readonly Token[], from: number, to: number): string {
  let joined = "";
  for (let i = from; i < to; i++) joined += i === from ? (tokens[i]?.word ?? "") : ` ${tokens[i]?.word ?? ""}`;
  return joined;
}
