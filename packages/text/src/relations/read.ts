/** Reads the relations of a text sentence by sentence: a subject, what stands between, a pattern, an object. */

import type { Relation, RelationOptions } from "../relations.ts";
import { readBirthday, readFragment, readKin } from "./asides.ts";
import { contactsOf } from "./contacts.ts";
import { doubtOf } from "./doubts.ts";
import { ENGLISH, ENGLISH_NOUNS, ENGLISH_SOME_NOUN } from "./english.ts";
import { readInverse } from "./inverse.ts";
import { NOWHERE, type Scan, SPEAKER } from "./scan.ts";
import { SPANISH, SPANISH_NOUNS, SPANISH_SOME_NOUN, SPANISH_VERBS } from "./spanish.ts";
import { readNoun, readStatement } from "./statements.ts";
import { isPerson, leads } from "./subjects.ts";
import { type Sentence, sentencesOf } from "./tokens.ts";
import { subjectHere } from "./who.ts";

/** UTF-16 units that are read. */
const READ_UNITS = 4096;
/** Relations of one text. */
const MOST_RELATIONS = 64;
const SPANISH_WORDS = new Set(
  "el la los las mi mis en que es de del y vivo trabajo tengo soy estoy ahora con un una se su ya por para al lo le muy como pero desde anos hija hijo".split(
    " ",
  ),
);
/** English words too. */
const BOTH = new Set("me he sale lo la ya es se salgo entre hoy".split(" "));
/** Spanish and of no other language that is read here; other languages share some. */
const SPANISH_HINTS = new Set(
  "vine vino vivir viviendo mude mudado mudamos casado casada case divorcie divorciado divorciada cumplo cumpli cumplido fiche contrato novia novio mujer marido cambie trasladado hermano hermana hijo hija trabajando correo numero anos".split(
    " ",
  ),
);
const ENGLISH_WORDS = new Set(
  "i the my and is am at to of she it was for with have are this that on you we so be but not".split(" "),
);

export function readRelations(full: string, { language, speaker }: RelationOptions): Relation[] {
  const text = full.length > READ_UNITS ? full.slice(0, READ_UNITS) : full;
  const sentences = sentencesOf(text);
  const spanish = isSpanish(sentences, language);
  const scan: Scan = {
    text,
    spanish,
    patterns: spanish ? SPANISH : ENGLISH,
    nouns: spanish ? SPANISH_NOUNS : ENGLISH_NOUNS,
    someNoun: spanish ? SPANISH_SOME_NOUN : ENGLISH_SOME_NOUN,
    found: contactsOf(text, sentences),
    people: new Map(),
    last: undefined,
    asking: false,
  };
  for (const sentence of sentences) if (scan.found.length < MOST_RELATIONS) readSentence(scan, sentence);
  const name = (speaker ?? "").normalize("NFC").toLowerCase();
  if (scan.found.length === 0) return [];
  const doubt = doubtOf(text);
  return scan.found
    .map((relation) => ({
      ...relation,
      confidence: relation.confidence * doubt,
      ...(isSpeaker(relation.subject, name) && { subject: "" }),
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .slice(0, MOST_RELATIONS);
}

function isSpeaker(subject: string, speaker: string): boolean {
  return speaker !== "" && subject.toLowerCase() === speaker;
}

/** Function words decide: a short text may have been taken for another language. */
function isSpanish(sentences: readonly Sentence[], language: string | undefined): boolean {
  let votes = 0;
  for (const { tokens } of sentences.slice(0, 6)) {
    for (const token of tokens.slice(0, 40)) {
      if (
        SPANISH_WORDS.has(token.word) ||
        SPANISH_HINTS.has(token.word) ||
        (SPANISH_VERBS.has(token.word) && !BOTH.has(token.word))
      )
        votes++;
      else if (ENGLISH_WORDS.has(token.word)) votes--;
    }
  }
  return votes > 0 || (votes === 0 && language === "es");
}

function readSentence(scan: Scan, { tokens, question }: Sentence): void {
  scan.last = undefined;
  scan.asking = question;
  // "Current city: Austin", "Change my city to Denver".
  const from = /^(?:change|set|update|changed)$/.test(tokens[0]?.word ?? "") ? 2 : 0;
  if (!question) {
    readNoun(scan, { tokens, at: 0, from, subject: SPEAKER });
    readFragment(scan, tokens);
  }
  for (let i = 0; i < tokens.length; i++) {
    const subject = subjectHere(scan, tokens, i);
    if (!subject) continue;
    const leading = leads(tokens, i) && (subject.person === 1 || isPerson(tokens, i, subject));
    if (leading && subject.person === 3) scan.people.set(subject.name, subject.confidence);
    if (question) continue;
    readKin(scan, tokens, i, subject);
    readBirthday(scan, { tokens, at: i, subject });
    readStatement(scan, { tokens, at: i, subject });
    if (subject.owner) readNoun(scan, { tokens, at: i, from: subject.next + 1, subject });
    if (subject.person === 3) readInverse(scan, { tokens, at: i, subject });
    if (/^(?:his|her|their)$/.test(tokens[i]?.word ?? "")) readNoun(scan, { tokens, at: i, from: i + 1, subject });
    if (/^(?:my|our|mi)$/.test(tokens[i]?.word ?? "")) {
      readNoun(scan, { tokens, at: i, from: i + 1, subject: { ...SPEAKER, next: i + 1 } });
    }
    if (leading && (subject.next > i || i === 0) && subject.next !== NOWHERE) scan.last = subject;
    if (subject.person === 3 && subject.next > i + 1 && subject.next !== NOWHERE) i = Math.max(i, subject.next - 1);
  }
}
