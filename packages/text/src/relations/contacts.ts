/** Phone numbers, e-mail addresses and time zones: the value is found first, then whose it is and which one. */

import type { Relation, Tense } from "../relations.ts";
import { OWN_LABEL, ownerOf } from "./contact-owner.ts";
import { contextBefore, wordsOf } from "./context.ts";
import type { Sentence, Token } from "./tokens.ts";
import { mayNameZone, zoneAt } from "./zones.ts";

const EMAIL = /(?<![\w.+-])[\w+-][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g;
const PHONE = /(?<![\p{L}\d@.,$€£])\+?\(?\d(?:[\s()./-]{0,2}\d){5,14}(?![\p{L}\d@])/gu;
const PHONE_CUE =
  /\b(?:phones?|number|mobile|cell|call|text|ring|reach\w*|whatsapp|sms|contact|line|sim|movil|telefono|tel|llam\w+|numero|celular|cel|landline|dial|me)\b/;
/** ISO dates and years are no phone numbers. */
const DATE = /^(?:19|20)\d\d[-/.\s]\d{1,2}[-/.\s]\d{1,2}$/;

const WHICH =
  /\b(?:(work|office|business|company|job|trabajo|oficina|extension|desk)|(landline|fijo)|(invoices?|billing|facturas)|(press|enquiries|inquiries)|(support)|(orders)|(emergency|emergencia)|(school|university|uni|college|student)|(newsletters?|spam|junk|shopping|throwaway|burner|disposable|alias|discounts|coupons|mailing lists?|marketing|sign ?ups)|(laptop|computer|server|calendar)|(other|another|second|spare|otro|otra|segund[oa]|backup|additional|as well|too|also|tambien))\b/;
const OLD =
  /\b(?:ahead of|behind|on from|forget|from|old|previous|former|very first|instead of|rather than|used to|was|were|do not (?:use|have)|no longer|ya no (?:uso|tengo)|not|viejo|antiguo|era|lost access to|in place of)\s*(?:\w+\s){0,2}$/;
const ENDED =
  /^(?:(?:does not|did not|is not|never) (?:belong|mine|my|was|work|exist|reach)|(?:is|was|got|has been|number|address|one|time)\s)*(?:applies|dead|gone|no longer|not|disconnected|old|bounc\w+|closed|invalid|was my|out of|any ?more|ya no)\b/;
const TEMPORARY =
  /\b(?:this week|this weekend|for now|for the moment|until|till|hasta|vacaciones|vacation|holiday|out of office|temporar\w+|for (?:the|this|a|one|two|three|\d+) (?:next |coming )?(?:\w+ )?(?:days?|weeks?|weekend|month)|next (?:two|three|few) days|while)\b/;
/** Before the value. */
const UNSURE =
  /\b(?:if|suppose|imagine|would|might|want to|wish|going to|plan(?:ning|s)? (?:to|on|for)|one day|some ?day|eventually|soon|(?<!you )will|next (?:week|month|year)|thinking (?:of|about)|considering|tempted|almost|nearly|could|maybe|perhaps|voy a|quiero|quizas?|si)\b/;
/** A wish that this be noted is a statement. */
const ASKED =
  /\b(?:would like|want|need|could you|can you|would you|will you) (?:to |please )?(?:change|update|switch|set|put|have|note|use|replace|(?:my|it|the) (?:\w+ ){1,3}(?:changed|updated|switched|set|replaced))\b/;
const UNSURE_ANYWHERE =
  /\b(?:in (?:19|20)\d\d|business card|kidding|just a joke|broma|ojala)\b|\b(?:a?ha(?:ha)+|(?:ja){2,}|lmao)\b/;
/** Numbers of things. */
const OTHER_NUMBER =
  /\b(?:locker|order|account|room|flight|case|ticket|invoice|reference|tracking|card|policy|student|serial|id|passport|license|licence|membership|pin|code|registration|booking|reservation|pedido|cuenta)\b[^,.]{0,20}$/;
/** Said of an address, these make it somebody else's. */
/** Zones of things that happen somewhere. */
const ELSEWHERE =
  /\b(?:servers?|webinars?|flight|standup|events?|show|match|interview|logs|cron|deadline|concert|launch|phone|watch|laptop|computer|app|oven|camera|game)\b|(?<!my )\bmeetings?\b|\d ?(?:am|pm)\b/;
const THIRD_PARTY =
  /\b(?:forward\w*|b?cc|(?:e-?mail|call|text|message) from|(?:call|ring|text|e-?mail|contact|ask|write to|phone) (?:the|an?|our|his|her|\w+ 's)|contact (?:at|for)|invited?)\b/;
const NEW =
  /\b(?:new|now|changed?|replac\w+|ported|swapp\w+|as of|starting|effective|correct(?:ion|ed)?|delet\w+|shut\w*|clos\w+|dead|gone|retired|deactivated|suspended|cancel\w*|bounc\w+|scrap\w*|drop(?:ped)?|ditch\w+|forget|lost|pulled|stopped|discontinued|hacked|compromised|stolen|permanently|for good|should (?:be|read)|out of service|actual(?:mente)?|switched|instead|from now on|these days|since|no longer|any ?more|only|moved|renamed|expired|update|nuev[oa]|ahora|cambi\w+|paso a|ya no|got a)\b/;

interface Value {
  readonly type: "phone" | "email" | "timezone";
  readonly object: string;
  readonly start: number;
  readonly end: number;
}

/** Relations of type phone and email. `people` = third persons that earlier sentences named, by sentence. */
export function contactsOf(text: string, sentences: readonly Sentence[]): Relation[] {
  const values = valuesOf(text, sentences);
  if (values.length === 0) return [];
  const found: Relation[] = [];
  for (const value of values) {
    const index = sentences.findIndex((sentence) => spanOf(sentence)[1] >= value.end);
    const sentence = sentences[index];
    if (!sentence || sentence.question) continue;
    const relation = contactOf(value, { text, sentences, index, values });
    if (relation) found.push(relation);
  }
  return found;
}

function valuesOf(text: string, sentences: readonly Sentence[]): Value[] {
  const values: Value[] = [];
  if (text.includes("@")) {
    for (const match of text.matchAll(EMAIL)) {
      const object = match[0].replace(/[.-]+$/, "");
      values.push({
        type: "email",
        object: object.toLowerCase(),
        start: match.index,
        end: match.index + object.length,
      });
    }
  }
  for (const match of text.matchAll(PHONE)) {
    const digits = match[0].replaceAll(/\D/g, "");
    const inside = values.some((value) => match.index < value.end && match.index + match[0].length > value.start);
    if (inside || digits.length < 7 || digits.length > 15 || DATE.test(match[0])) continue;
    values.push({
      type: "phone",
      object: match[0].startsWith("+") ? `+${digits}` : digits,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  for (const { tokens } of mayNameZone(text) ? sentences : []) {
    for (let i = 0; i < tokens.length; i++) {
      const zone = zoneAt(tokens, i);
      const last = zone && tokens[zone.to - 1];
      if (!zone || !last) continue;
      values.push({ type: "timezone", object: zone.value, start: tokens[i]?.start ?? 0, end: last.end });
      i = zone.to - 1;
    }
  }
  return values.sort((a, b) => a.start - b.start);
}

function contactOf(
  value: Value,
  {
    text,
    sentences,
    index,
    values,
  }: { text: string; sentences: readonly Sentence[]; index: number; values: readonly Value[] },
): Relation | undefined {
  const { tokens } = sentences[index] as Sentence;
  const all = sentences.map((sentence) => wordsOf(sentence.tokens, 0, sentence.tokens.length)).join(" . ");
  if (value.type === "phone" && !PHONE_CUE.test(all)) return undefined;
  const from = tokens.findIndex((token) => token.end > value.start);
  let to = from;
  while (to < tokens.length && (tokens[to] as Token).start < value.end) to++;
  const previous = values.findLast((other) => other.end <= value.start);
  const first = Math.max(
    0,
    tokens.findIndex((token) => token.start >= (previous?.end ?? 0)),
  );
  const before = wordsOf(tokens, first, from);
  const after = wordsOf(tokens, to, tokens.length);
  const whole = wordsOf(tokens, 0, tokens.length);
  if (value.type === "phone" && OTHER_NUMBER.test(before) && !/\b(?:phone|mobile|cell)\b/.test(before))
    return undefined;
  const owner = ownerOf(text, { sentences, index, from, to, zone: value.type === "timezone" });
  const ended = OLD.test(before) || ENDED.test(after);
  const doubtful =
    TEMPORARY.test(whole) ||
    UNSURE.test(before.replace(ASKED, "")) ||
    UNSURE_ANYWHERE.test(all) ||
    contextBefore(tokens, from).tense !== undefined;
  const tense: Tense = doubtful
    ? "unsure"
    : /\b(?:was|were|used to|era)\b/.test(before.slice(-30))
      ? "past"
      : "present";
  return {
    type: value.type,
    subject: owner.name,
    object: value.object,
    qualifier: whichOf(before, after),
    start: value.start,
    end: value.end,
    confidence:
      (value.type === "timezone" && (ELSEWHERE.test(whole) || /\d ?$/.test(before))) ||
      (THIRD_PARTY.test(whole) && !/\b(?:me|my|mi)\b/.test(whole))
        ? 0.5
        : owner.confidence,
    affirmative: !ended,
    tense,
    change: NEW.test(all),
  };
}

/** Which of several it is, from the words nearest to the value: those of its clause. */
function whichOf(before: string, after: string): string {
  const kind =
    /(?:^|\b(?:my|the|our|an?|new|his|her|is|this) )(\w+) (?:phone |mobile |cell |e-?mail )?(?:number|phone|mobile|line|sim|e-?mail|mail|address|inbox|account) (?:(?!and |but )\w+ ){0,3}:? ?$/.exec(
      `${before} `,
    );
  const named = kind?.[1] ?? "";
  const clauses = before.split(/ ?[,;—–(] ?/);
  const near = clauses.at(-1) ?? "";
  const around = `${near.split(" ").length < 3 ? (clauses.at(-2) ?? "") : ""} ${near} = ${after.split(/ ?[,;—–(] ?/)[0] ?? ""}`;
  const groups = WHICH.exec(around);
  if (groups) return WHICH_NAMES[groups.findIndex((group, i) => i > 0 && group !== undefined) - 1] ?? "";
  if (named !== "" && named !== "s" && (COUNTRY.test(named) || !OWN_LABEL.test(named))) return named;
  return PURPOSE.test(`${near} = ${after.split(/ ?[,;—–(] ?/)[0] ?? ""}`) ? "purpose" : "";
}

/** "for bank stuff": one of several. */
const PURPOSE =
  /\b(?:for|para) (?!(?:me|us|my|our|now|good|everything|all|any|anything|both|you|contact|contacting|mails?|e-?mails?|calls?|reference|it|that|the (?:record|future|time|account|moment)|mi|todo|siempre|contactar|some|a while|sure)\b)\w+/;

/** "UK number", "Spanish line": one of several. */
const COUNTRY =
  /^(?:uk|us|usa|eu|american|british|english|french|german|spanish|italian|portuguese|irish|dutch|polish|indian|mexican|brazilian|canadian|swiss|swedish|local|foreign|travel|holiday|roaming|tablet|business|company|shop|store|office|team|club|house|joint|shared|family)$/;

const WHICH_NAMES = [
  "work",
  "landline",
  "invoices",
  "press",
  "support",
  "orders",
  "emergency",
  "school",
  "purpose",
  "device",
  "other",
];

function spanOf({ tokens }: Sentence): [number, number] {
  return [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0];
}
