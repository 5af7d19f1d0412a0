/** Whose number, address or time zone a value is, from the words around it. */

import { wordsOf } from "./context.ts";
import { isPerson, leads, nameRun, type Subject, subjectAt } from "./subjects.ts";
import type { Sentence } from "./tokens.ts";

const CONTACT_NOUN =
  /^(?:phone|mobile|cell|number|telephone|whatsapp|email|e-mail|mail|address|contact|personal|private|new|movil|telefono|correo|numero|tel|celular|email-address)$/;

/** "The pharmacy moved, number …". */
const OTHERS =
  /^(?:the|an?|his|their|el|la) (?!(?:new|old|number|phone|email|e-mail|address|mail|mobile|cell|line|sim|best|right|correct|current|only|numero|correo|telefono)\b)(?:\w+ ){1,2}(?:moved|changed|has|have|got|switched|updated|is|opened|cambio)\b/;
/** "The Delhi team is on …": whose clock it is is said, and it is not the speaker's. */
const OTHERS_CLOCK =
  /^(?:the|our|their|his|her|its|an?|el|la|los|las|nuestr[oa]s?) (?!(?:(?:new|time|home|work|local|default|only|laptop|computer) )*(?:zone|timezone|time|tz|clock|calendar|laptop|computer|watch|phone|hours|schedule|shift|zona|hora|horario|reloj)\b)(?:[\p{L}'’-]+ ){1,4}(?:is|are|was|were|runs?|works?|lives?|sits?|stays?|moved|switched|changed|has|have|esta|estan)\b/u;
/** What may follow a value that stands first and is the speaker's own. */
const OWN_AFTER =
  /^(?:$|[^\p{L}]|(?:is|works?|now|for|from|instead|as|at|please|and|until|since|has|will|should|if|es|ahora|desde|only|use|here)\b)/u;
/** What labels of the speaker's own values are made of. */
export const OWN_LABEL: RegExp =
  /^(?:|my|our|me|mine|new|current|main|primary|only|best|updated?|correct(?:ion|ed)?|the|is|are|was|now|to|for|at|on|in|via|by|please|pls|btw|fyi|note|from|on|contact|phone|mobile|cell|number|no|tel|telephone|whatsapp|signal|telegram|sms|e-?mail|mail|address|inbox|line|sim|direct|work|personal|private|office|home|business|school|university|zone|time|timezone|tz|clock|reach|call|ring|text|write|send|use|change|changed|set|switch|switched|replace|old|dead|gone|it|and|so|that|this|has|have|been|be|here|there|ok|hi|hey|hello|nuev[oa]|mi|el|la|es|ahora|numero|telefono|movil|celular|correo|actual|a|de|hola|landline|extension|uk|us|spare|backup|other|second|emergency|apple|google|gmail|outlook|hotmail|proton|protonmail|icloud|i|number's|as|of|today|tomorrow|monday|effective|immediately|starting|after|before|since|account|username|contacto|llamame|escribime|escribeme|details?|info|latest|registered|preferred|usual|regular|permanent|real|own|'s|s|since|move|por|favor|anota|apunta|cambiado|he|usa|usad|escribe|llama|llamad|movil|ya|everything|anything|meine|sorry|zona|horaria|huso|horario|hora|telegrama|un|una|me|you|can|will|reached|find|replace|number|with|always|please|add|save|got|get|his|her|their|your|su|tu|anymore|any|more|instead|again|just|only|not|no|longer)$/;

/** The owner of the value at tokens `from` to `to` of a sentence; "" = the speaker. */
export function ownerOf(
  text: string,
  {
    sentences,
    index,
    from,
    to,
    zone,
  }: { sentences: readonly Sentence[]; index: number; from: number; to: number; zone: boolean },
): { name: string; confidence: number } {
  const tokens = sentences[index]?.tokens ?? [];
  let person: Subject | undefined;
  let speaker = false;
  for (let i = 0; i < tokens.length; i++) {
    if (i >= from && i < to) continue;
    const word = tokens[i]?.word ?? "";
    if (/^(?:my|our|mi)$/.test(word) && CONTACT_NOUN.test(tokens[i + 1]?.word ?? "")) speaker = true;
    if (/^(?:me|mine|i|llamame|escribime|escribeme|llamarme)$/.test(word)) speaker ||= i < from || word !== "i";
    const subject = subjectAt(tokens, i, text);
    const placed =
      !subject?.owner && !leads(tokens, i) && /^(?:in|at|from|to|near|with|on|of)$/.test(tokens[i - 1]?.word ?? "");
    if (
      subject &&
      !placed &&
      !(zone && !leads(tokens, i) && !subject.owner) &&
      subject.person === 3 &&
      (subject.owner || i < from) &&
      isPerson(tokens, i, subject)
    ) {
      if (subject.owner && CONTACT_NOUN.test(tokens[subject.next + 1]?.word ?? ""))
        return { name: subject.name, confidence: 1 };
      person ??= subject;
      i = subject.next - 1;
    }
    if (/^(?:de|del)$/.test(word) && i < from && CONTACT_NOUN.test(tokens[i - 1]?.word ?? "")) {
      const whose = subjectAt(tokens, i + 1, text);
      if (whose && whose.person === 3) return { name: whose.name, confidence: 1 };
      if (/^\p{L}+$/u.test(tokens[i + 1]?.word ?? ""))
        return { name: text.slice(tokens[i + 1]?.start, tokens[i + 1]?.end).toLowerCase(), confidence: 0.9 };
    }
    if (/^(?:his|her|their|su)$/.test(word) && CONTACT_NOUN.test(tokens[i + 1]?.word ?? "") && !person) {
      person = earlierPerson(text, sentences, index);
      if (person === undefined) return { name: word, confidence: 0.3 };
    }
  }
  if (person) return { name: person.name, confidence: speaker ? 0.5 : 0.95 };
  if (speaker) return { name: "", confidence: 1 };
  const before = wordsOf(tokens, 0, from);
  if (/\b\w+ 's (?:\w+ ){0,2}(?:number|phone|cell|mobile|email|address|mail)\b/.test(before))
    return { name: "", confidence: 0.5 };
  if (
    /\b(?:the|an?|its|their|el|la) (?:(?!it |i |my |new |current |only |best |main |right |correct |number |phone |email |address |mail |mobile |cell |line |sim |zone |time |numero |correo |telefono )\w+ ){1,3}(?:(?:'s|is|:|number|phone|email|address|es) )+$|\b(?:number|phone|email|address|mail) (?:for|of) /.test(
      `${before} `,
    )
  )
    return { name: "", confidence: 0.6 };
  // "Alex in Finance: …", "Bookings: …": a label that is no word for the speaker's own.
  if (OTHERS.test(before)) return { name: "", confidence: 0.5 };
  const label = clauseOf(before);
  const unknown = !/\b(?:you|us)\b/.test(label) && label.split(/[ :]+/).some((word) => !OWN_LABEL.test(word));
  const named = tokens[0]?.capital === true && nameRun(tokens, 0) > 0;
  if (unknown && !named && tokens[from - 1]?.word !== ":" && zone) {
    return { name: "", confidence: OTHERS_CLOCK.test(label) ? 0.5 : 0.9 };
  }
  if (unknown || (from === 0 && !OWN_AFTER.test(wordsOf(tokens, to, tokens.length))))
    return { name: "", confidence: FIRST_PERSON.test(text) ? 0.6 : 0.5 };
  const earlier = earlierPerson(text, sentences, index);
  return earlier ? { name: earlier.name, confidence: 0.8 } : { name: "", confidence: 0.95 };
}

/** The last clause of some words, or the one before when it says nothing. */
function clauseOf(before: string): string {
  const clauses = before.replace(/[: ]+$/, "").split(/ ?[,;—–(] ?| (?:so|but|and|because) /);
  const last = clauses.at(-1) ?? "";
  return last === "" ? (clauses.at(-2) ?? "") : last;
}

const FIRST_PERSON = /\b(?:i|i'm|i've|im|ive|my|me|we|our|mi|he cambiado|cambi[eé]|tengo|perdí)\b/iu;

/** The third person that earlier sentences speak of, when it is one. */
function earlierPerson(text: string, sentences: readonly Sentence[], before: number): Subject | undefined {
  let found: Subject | undefined;
  for (const { tokens } of sentences.slice(0, before)) {
    for (let i = 0; i < tokens.length; i++) {
      const subject = subjectAt(tokens, i, text);
      if (!subject || subject.person !== 3 || !isPerson(tokens, i, subject)) continue;
      i = subject.next - 1;
      if (!leads(tokens, i) && !subject.name.startsWith("my ") && found) continue;
      if (found && found.name !== subject.name) return undefined;
      found = subject;
    }
  }
  return found;
}
