/** Cues: what kind of answer a text may hold, and what kind a question asks for. English and Spanish; digits and capitals in any language. */

import { termId } from "./terms.ts";

/** It asks something; it speaks of a time, a number, or somebody or something by name. */
export type Cue = "question" | "time" | "number" | "name";

export const CUES: readonly Cue[] = ["question", "time", "number", "name"];

/** The cues that a text shows. Cost: 2 to 10 µs for a turn of 24 words. */
export function cuesOf(text: string): Cue[] {
  return CUES.filter((cue) => SHOWN[cue].test(text));
}

/** The cues that an answer to this question shows; none for most questions, and for what is no question. */
export function answerCues(question: string): Cue[] {
  return ASKING.test(question) ? CUES.filter((cue) => ASKED[cue]?.test(question)) : [];
}

/** The id under which texts with a cue are listed, beside those of words: no word holds a NUL. */
export function cueTermId(cue: Cue): number {
  return termId(`cue\0${cue}`);
}

const word = (alternatives: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "iu");

const TIME = [
  "yesterday|today|tonight|tomorrow|recently|just|since|(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
  "(?:last|next|this|past|previous) (?:week|month|year|night|weekend|summer|winter|spring|fall|autumn|mon|tue|wed|thu|fri|sat|sun)\\p{L}*",
  "\\S+ (?:days?|weeks?|months?|years?) (?:ago|later|from now)|for \\S+ (?:days|weeks|months|years)",
  "january|february|march|april|june|july|august|september|october|november|december|(?:19|20)\\d\\d",
  "ayer|anteayer|anoche|hoy|mañana|desde|lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|hace \\S+ (?:días|semanas|meses|años)",
  "(?:semana|mes|año) (?:pasad|que viene)\\p{L}*|(?:próxim|pasad)\\p{L}+ (?:semana|mes|año)",
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
].join("|");

const NUMBER =
  "\\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|dozen|couple|once|twice|" +
  "dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|veinte|treinta|cien|mil";

const SHOWN: Readonly<Record<Cue, RegExp>> = {
  // At the end: a turn that asks and goes on to tell is no mere question.
  question: /[?？؟](?=.{0,40}$)/su,
  time: word(TIME),
  number: word(NUMBER),
  // A capital inside a sentence.
  name: /(?<=[\p{Ll},;] )\p{Lu}\p{L}+/u,
};

/** A question mark, or the words that questions begin with, a preposition before them. */
const ASKING =
  /[?？؟]|^\s*(?:(?:in|on|at|by|since|until|for|from|with|to|of|en|de|desde|hasta|por|para|con|a) )?(?:when|how|what|which|who|whom|whose|where|cuándo|cuando|qué|cuál|cuáles|quién|quiénes|dónde|adónde|cuánt[oa]s?)(?!\p{L})/iu;

/** Things that are told apart by name. */
const NAMED =
  "cit(?:y|ies)|countr(?:y|ies)|towns?|states?|places?|locations?|compan(?:y|ies)|brands?|teams?|bands?|artists?|authors?|singers?|" +
  "actors?|songs?|albums?|books?|series|movies?|films?|shows?|games?|schools?|universit(?:y|ies)|restaurants?|names?|nicknames?|" +
  "ciudad(?:es)?|pa[ií]s(?:es)?|pueblos?|lugar(?:es)?|empresas?|marcas?|equipos?|grupos?|cantantes?|actor(?:es)?|canci[oó]n(?:es)?|" +
  "libros?|pel[ií]culas?|series?|juegos?|escuelas?|universidad(?:es)?|restaurantes?|nombres?";

const ASKED: Partial<Readonly<Record<Cue, RegExp>>> = {
  time: word(
    "when|how long|(?:what|which) (?:year|month|date|day|time)|cuándo|cuando|desde cuándo|qué (?:año|mes|fecha|día)",
  ),
  number: word("how (?:many|much|old|often|far|big|tall|long)|cuánt[oa]s?"),
  name: word(
    `who|whom|whose|where|quién|quiénes|dónde|adónde|(?:what|which|qué|cuál|cuáles) (?:\\p{L}+ ){0,2}(?:${NAMED})`,
  ),
};
