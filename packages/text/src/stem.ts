/** Stems of words: the word's script chooses the stemmer, and the text's language among those written in Latin letters. */

import snowball from "snowball-stemmers";

import { DEFAULT_LANGUAGE, scriptLanguage } from "./languages.ts";

/** Names of the Snowball algorithms by language. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  en: "english",
  es: "spanish",
  fr: "french",
  de: "german",
  it: "italian",
  pt: "portuguese",
  nl: "dutch",
  da: "danish",
  sv: "swedish",
  no: "norwegian",
  fi: "finnish",
  hu: "hungarian",
  ro: "romanian",
  tr: "turkish",
  ca: "catalan",
  eu: "basque",
  ga: "irish",
  cs: "czech",
  sl: "slovene",
  ru: "russian",
  ar: "arabic",
  hy: "armenian",
  ta: "tamil",
};

/** Longer words are codes or noise, and some stemmers are quadratic. */
const LONGEST = 64;

const stemmers = new Map<string, { stem(word: string): string }>();

/** The Snowball stem of a lower-case word; the word itself where no stemmer knows its script. */
export function stem(word: string, language: string): string {
  const chosen = word.length > LONGEST ? undefined : stemLanguage(word, language);
  if (chosen === undefined) return word;
  let stemmer = stemmers.get(chosen);
  if (!stemmer) {
    stemmer = snowball.newStemmer(ALGORITHMS[chosen] ?? "english");
    stemmers.set(chosen, stemmer);
  }
  return stemmer.stem(word);
}

/** The language whose stemmer a word gets in a text of `language`, or undefined when its script has none. */
function stemLanguage(word: string, language: string): string | undefined {
  const script = scriptLanguage(word.charCodeAt(0));
  if (script === undefined) return undefined;
  if (script !== "latin") return script in ALGORITHMS ? script : undefined;
  const other = language === "ru" || language === "ar" || language === "hy" || language === "ta";
  return !other && language in ALGORITHMS ? language : DEFAULT_LANGUAGE;
}
