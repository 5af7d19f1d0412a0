/** Who a statement is about. */

import type { Token } from "./tokens.ts";

export interface Subject {
  /** "" the speaker, "we", a name, or a kin phrase. */
  readonly name: string;
  readonly person: 1 | 3;
  /** Token behind it. */
  readonly next: number;
  /** "'s" follows: what comes next belongs to it. */
  readonly owner: boolean;
  readonly confidence: number;
}

/** Kin and company, English and Spanish: the relation of the speaker to them. */
const KIN: Readonly<Record<string, string>> = {
  parentOf: "son daughter kid child baby boy girl stepson stepdaughter hijo hija nene bebe",
  childOf: "mother mom mum mama dad father papa parent parents stepmother stepfather madre padre",
  siblingOf: "sister brother twin sibling hermana hermano",
  partner:
    "husband wife partner boyfriend girlfriend fiance fiancee spouse marido mujer esposo esposa novio novia pareja prometido prometida",
  knows:
    "co-founder cofounder accountant friend bestie boss manager colleague coworker co-worker neighbour neighbor roommate flatmate housemate teacher doctor dentist " +
    "therapist landlord landlady mentor cousin uncle aunt grandmother grandma granny nan grandfather grandpa nephew niece mother-in-law father-in-law " +
    "brother-in-law sister-in-law ex ex-husband ex-wife ex-boyfriend ex-girlfriend classmate client assistant godmother godfather trainer coach " +
    "amigo amiga jefe jefa colega vecino vecina companero companera prima primo tia tio abuela abuelo sobrina sobrino suegra suegro cunada cunado",
  owns: "dog cat puppy kitten horse rabbit parrot hamster perro perra gato gata",
};
const RELATION_OF = new Map(
  Object.entries(KIN).flatMap(([type, list]) => list.split(" ").map((kin): [string, string] => [kin, type])),
);
const ADJECTIVES =
  /^(?:older|elder|eldest|oldest|younger|youngest|little|big|baby|twin|best|late|new|current|old|former|ex|dear|lovely|middle|only|first|second|mejor|menor|mayor|ex)$/;
const NOT_NAMES = new Set(
  (
    "ya i the a an my our your his her its their this that these those we you they he she it there here what who where when why how " +
    "yes no not so well ok okay hey hi hello oh ah and but or if then also just now today yesterday tomorrow everyone everybody " +
    "someone somebody nobody anyone people most some all many few both after before since because while although though once until in on at " +
    "for from with by as to of is are was were do does did have has had will would can could should may might must never always finally " +
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december " +
    "update news fyi ps btw good great happy sad sorry thanks thank please moved got turns living working started turned currently " +
    "el la los las un una mi tu su yo ella ellos nosotros que como cuando donde porque pero si no ya ahora hoy ayer me te se le nos en con desde " +
    "vivo trabajo tengo soy estoy hace por para este esta ese esa todo todos nadie alguien nos salgo cumpli deje cambie mi ojala asi " +
    "been sold took moving relocated live based work employed joined promoted seeing dating married divorced engaged single made left quit settled teaching " +
    "going recently officially newly happily still bought rented gave use set change changed please reach call whatsapp email current contact phone number " +
    "let lets guess save write send forget remove delete add use text ring mail shoot contacta llamame escribime apparently graduated actually honestly " +
    "mobile cell telephone whatsapp e-mail address home job title role position age status employer company work time timezone zone clock landline line " +
    "mobil movil telefono correo numero direccion edad estado trabajo empresa puesto correction hola bueno oye gracias casa piso celular " +
    "another same every first second next last each such very too only even as long soon once again maybe perhaps " +
    "boyfriend girlfriend husband wife partner fiance fiancee spouse novio novia marido mujer esposo esposa pareja"
  ).split(" "),
);
/** Tokens of a name. */
const NAME_TOKENS = 4;

/** The relation of the speaker to a kin word: "sister" → siblingOf. */
export function kinRelation(word: string): string | undefined {
  return RELATION_OF.get(word);
}

/** The subject that begins at a token, or undefined. */
export function subjectAt(tokens: readonly Token[], at: number, text: string): Subject | undefined {
  const token = tokens[at];
  if (!token || token.sign) return undefined;
  if (token.word === "i" || token.word === "yo")
    return { name: "", person: 1, next: at + 1, owner: false, confidence: 1 };
  if (token.word === "we" || token.word === "nosotros")
    return { name: "we", person: 1, next: at + 1, owner: false, confidence: 1 };
  if (token.word === "my" || token.word === "our" || token.word === "mi") return kinAt(tokens, at, text);
  return familyAt(tokens, at) ?? nameAt(tokens, at, text);
}

/** Whether what stands at a token is what its clause is about, not the object of a verb or preposition. */
export function leads(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return (
    before === undefined ||
    before.sign ||
    /^(?:and|but|so|because|since|that|y|pero|que|while|now|today|yesterday|ahora|hoy|btw)$/.test(before.word) ||
    /^(?:my|our|mi)$/.test(tokens[at]?.word ?? "")
  );
}

/** A kin phrase, an owner, a name inside a sentence, or a first word that something is said of. */
export function isPerson(tokens: readonly Token[], at: number, subject: Subject): boolean {
  if (subject.owner || subject.name.startsWith("my ")) return true;
  if (/\d|^[A-Z]{2,}$/.test(subject.name)) return false;
  if (at > 0 && !tokens[at - 1]?.sign) return true;
  return (
    /^(?:is|has|got|was|just|told|said|gave|left|took|became|began|found|went|met|made|lost|sold|bought|had|can|will|does|did|quit|now|finally|recently|never|still|and|,|\w+ed|\w+s)$/.test(
      tokens[subject.next]?.word ?? "",
    ) && !/^(?:this|us|was|his|as)$/.test(tokens[subject.next]?.word ?? "")
  );
}

/** End of a run of capitalised words that can be somebody's name. */
export function nameRun(tokens: readonly Token[], at: number): number {
  let to = at;
  while (to < at + NAME_TOKENS) {
    const token = tokens[to];
    if (!token || token.sign || !token.capital || NOT_NAMES.has(token.word) || /\d/.test(token.word)) break;
    to++;
  }
  return to;
}

function kinAt(tokens: readonly Token[], at: number, text: string): Subject | undefined {
  let i = at + 1;
  while (i < at + 4 && ADJECTIVES.test(tokens[i]?.word ?? "")) i++;
  if (!RELATION_OF.has(tokens[i]?.word ?? "")) i = RELATION_OF.has(tokens[i - 1]?.word ?? "") && i > at + 1 ? i - 1 : i;
  const kin = RELATION_OF.has(tokens[i]?.word ?? "") && nounsAt(tokens, i) !== i + 2;
  if (!kin) {
    const nouns = nounsAt(tokens, i);
    if (nouns === i) return undefined;
    i = nouns - 1;
  }
  i++;
  const comma = tokens[i]?.word === "," && tokens[nameRun(tokens, i + 1)]?.word === ",";
  const from = comma ? i + 1 : i;
  const named = nameRun(tokens, from);
  const phrase = tokens.slice(at + 1, i).map((token) => token.word);
  const name = named > from ? ` ${written(tokens, from, named, text)}` : "";
  const next = named > from ? named + (comma ? 1 : 0) : i;
  return { ...owned(tokens, next), name: `my ${phrase.join(" ")}${name}`, person: 3, confidence: 1 };
}

/** "mum", "grandpa" without "my" are the speaker's. */
function familyAt(tokens: readonly Token[], at: number): Subject | undefined {
  const before = tokens[at - 1]?.word ?? "";
  if (
    !FAMILY.test(tokens[at]?.word ?? "") ||
    /^(?:the|an?|your|his|her|their|our|my|mi|la|el|tu|su|single|new|as)$/.test(before)
  ) {
    if (!/^(?:a|la|el)$/.test(before) || !SPANISH_FAMILY.test(tokens[at]?.word ?? "")) return undefined;
  }
  return { ...owned(tokens, at + 1), name: `my ${tokens[at]?.word ?? ""}`, person: 3, confidence: 1 };
}

/** "a mamá" is an object; "a mum" is any. */
const SPANISH_FAMILY = /^(?:mama|papa|abuela|abuelo)$/;
const FAMILY =
  /^(?:mum|mom|mummy|mama|dad|daddy|papa|grandma|grandpa|granny|nan|nana|nonna|nonno|abuela|abuelo|auntie)$/;

/** What somebody has, and is not. */
const CHANNEL =
  /^(?:phones?|mobile|cell|number|telephone|email|e-mail|mail|address|timezone|zone|clocks?|hours|job|title|role|position|post|age|name|home|flat|house|apartment|place|room|city|town|base|employer|company|firm|status|life|work|day|days|time|divorce|marriage|wedding|birthday|calendar|profile|account|laptop|computer|watch|schedule|contract|lease|new|current|car|bike|number|line|sim|inbox|domain|provider|relationship|engagement|numero|telefono|movil|correo|direccion|edad|estado|zona|casa|piso|trabajo|puesto|cargo|empresa|horario|reloj)$/;

/** End of one or two nouns of which something is said: "dog walker, Finn, is", "accountant's". */
function nounsAt(tokens: readonly Token[], from: number): number {
  for (let to = from; to < from + 2; to++) {
    const token = tokens[to];
    if (!token || token.sign || token.capital || NOT_NAMES.has(token.word) || CHANNEL.test(token.word)) return from;
    // "my sister dumped Kyle": a verb.
    if (
      to > from &&
      /(?:ed|ing)$|^(?:met|left|saw|told|gave|made|took|sent|knows?|loves?|likes?|hates?|misses|wed|calls?|sees|visits)$/.test(
        token.word,
      )
    )
      return from;
    const next = tokens[to + 1];
    const said = /^(?:'s|is|was|has|works|lives|moved|turned|got|,)$/.test(next?.word ?? "") || next?.capital === true;
    if (said && (next?.word !== "," || tokens[to + 2]?.capital === true)) return to + 1;
  }
  return from;
}

function nameAt(tokens: readonly Token[], at: number, text: string): Subject | undefined {
  const to = nameRun(tokens, at);
  if (to === at) return undefined;
  // One capitalised word at the start of a sentence may be any word.
  const confidence = at === 0 && to === 1 && !/s$|^[^aeiou]*$/.test(tokens[0]?.word ?? "") ? 0.96 : 1;
  return { ...owned(tokens, to), name: written(tokens, at, to, text), person: 3, confidence };
}

function owned(tokens: readonly Token[], next: number): { next: number; owner: boolean } {
  return { next, owner: tokens[next]?.word === "'s" };
}

function written(tokens: readonly Token[], from: number, to: number, text: string): string {
  return text
    .slice(tokens[from]?.start, tokens[to - 1]?.end)
    .normalize("NFC")
    .replaceAll(/\s+/g, " ");
}
