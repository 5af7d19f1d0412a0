/** Greetings, fillers and remarks that say nothing: a text means the same without them. */

const PHRASES = [
  // Greetings and thanks
  "(?:good|happy) (?:morning|afternoon|evening|day)(?: (?:everyone|everybody|all|team|folks|guys|again))?",
  "(?:hi|hey|hello|hiya|dear) (?:there|all|everyone|everybody|team|folks|guys|again|hey)",
  "buen[oa]s (?:dias|tardes|noches)(?: a tod[oa]s)?",
  "hola (?:a tod[oa]s|que tal|equipo)",
  "thank(?:s| you)(?: again| in advance| a lot| so much| everyone| all| very much)?",
  "(?:muchas )?gracias(?: a tod[oa]s| de antemano)?",
  // Announcements
  "(?:just )?(?:so|for) (?:you|u|everyone|we all) know(?:s)?",
  "(?:just )?for (?:your information|the record|what it is worth|reference)",
  "(?:i )?(?:just )?(?:wanted|want) to (?:say|mention|tell you|tell you all|let you know|share|add|note)(?: that| this)?",
  "(?:i )?(?:just )?(?:thought|figured|think) i (?:would|should)(?: just)? (?:say|mention|tell you|let you know|share|add)(?: that| this| it)?",
  "(?:just )?(?:a )?(?:quick|small|little|friendly|gentle) (?:reminder|note|update|one|thing|heads up)(?: that)?",
  "just (?:a )?(?:reminder|note|heads up)(?: that)?",
  "(?:please )?note that",
  "(?:as|like) i (?:said|mentioned|told you|was saying|say)(?: before| earlier| already)?",
  "(?:as )?mentioned (?:before|earlier)",
  "did i mention(?: that)?|did i tell you(?: that)?",
  "in case (?:i (?:forgot|did not) ?(?:say|to say|mention|tell you)?|it got lost|you (?:missed|did not see|forgot)(?: it)?|that was not clear)",
  "(?:re sending|resending|sending again|re sent|resent|edit|typos? fixed|fixed typos?|corrected)(?: this| it)?",
  "oh (?:right|yeah|well|yes)(?: yeah)?|by the way|guess what|fun fact|long story short|let me tell you|believe it or not|no joke",
  // Hedges that claim nothing
  "(?:if|hope) (?:that|this|it) (?:makes (?:any )?sense|helps)",
  "you know(?: what i mean)?|i mean|to be (?:honest|fair|clear|frank)|tbh|i guess you know|or whatever|kind of|(?:so )?(?:the )?(?:thing|point) is(?: that)?|sort of|a ver|and all that|that kind of thing",
  // Endings
  "(?:anyway )?that is (?:that|it|all|about it)(?: for now| from me| really)?",
  "nothing (?:else|more) to (?:add|say|report)(?: here| for now)?",
  "end of story|over and out|that is the news|no need to (?:reply|answer)|there you go|(?:just )?leaving this here|just saying|long story|so there|end of message|y bueno asi es la cosa|asi es(?: la cosa)?|asi es la vida|que se le va a hacer|y ya(?: esta)?|y punto|it is what it is|what can i say|what can you do|go figure|over to you|fwiw|talk soon|see you|speak soon|cheers|take care",
  // Spanish
  "la verdad(?: es que)?|por cierto|que conste(?: que)?|(?:te|os|les) (?:cuento|comento|aviso|recuerdo|digo)(?: que)?|para que (?:lo )?sepas|solo (?:para )?(?:decir|avisar)(?: que)?|como (?:ya )?(?:te |os |les )?(?:dije|decia|comente)(?: antes)?|(?:perdon |perdona )?(?:te |os |les )?(?:lo )?reenvio|o sea|ya sabes|ya lo sab(?:es|en|eis)|en fin|eso es todo|nada mas|un saludo|saludos|por favor",
];
const EMPTY = new RegExp(`(?<= )(?:${PHRASES.join("|")})(?= )`, "g");

/** Whether each word stays. Cost: one pass of one pattern over the words. */
export function withoutEmptyPhrases(words: readonly string[]): boolean[] {
  const kept = words.map(() => true);
  const joined = ` ${words.join(" ")} `;
  let at = 0;
  let offset = 1;
  for (const match of joined.matchAll(EMPTY)) {
    while (offset < match.index) offset += (words[at++]?.length ?? 0) + 1;
    const end = match.index + match[0].length;
    for (let i = at, from = offset; i < words.length && from < end; from += (words[i++]?.length ?? 0) + 1)
      kept[i] = false;
  }
  // A text that is nothing but a greeting keeps it.
  return kept.includes(true) ? kept : kept.map(() => true);
}
