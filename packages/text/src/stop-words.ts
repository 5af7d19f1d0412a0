/** Stop words of the languages written in Latin letters, and of Russian. */

import * as lists from "stopword";

import { withoutMarks } from "./accents.ts";
import { LATIN_LANGUAGES } from "./languages.ts";

// Function words that the package's lists lack: question words, forms of to be and to have, contractions.
const MORE: Readonly<Record<string, string>> = {
  en:
    "when why whose whom does doing done didn't doesn't don't i'm i've i'd i'll he's she's it's that's what's who's " +
    "we're you're they're isn't aren't wasn't weren't can't couldn't won't wouldn't shouldn't hasn't haven't hadn't " +
    "she us its their theirs ours yours hers mine myself himself herself itself themselves am were so just too there's let's " +
    "will shall no nor own few yes when's during until upon else ever",
  es:
    "es son soy eres somos era eran fue fueron ser estar está están estoy estás estaba estaban estuvo ha han he has hemos " +
    "había hay haber tiene tienen tengo tenía e u qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas cómo " +
    "dónde adónde esta este estas estos esa esas esos eso esto aquel aquella ella ellos ellas nosotros nosotras vosotros usted " +
    "ustedes yo les os mis tus nuestro nuestra nuestros nuestras suyo suya todo toda todos todas tan tanto entre hacia " +
    "hace hizo ya también pues porque además aunque entonces ahora aquí allí ahí algo alguien alguna alguno algunos nada nadie " +
    "cada mismo misma otra otros otras mucho mucha muchos muchas si les van va voy vamos",
  fr:
    "est sont était étaient été suis es sommes êtes ont avait avoir eu ai as a j' l' d' qu' c' n' s' quand où comment " +
    "pourquoi quel quelle quels quelles cette cet y vous tu te toi lui leurs notre votre nos vos donc plus très aussi " +
    "j'ai c'est qu'il qu'elle n'est d'un d'une moi si sans sous entre",
  it:
    "è sono sei siamo era erano stato stata il lo la i gli le un uno una di che chi cosa come dove quando perché quale " +
    "quali quanto quanti non si mi ti ci vi ma se più anche questo questa quello quella per su tra fra e o ho hai ha " +
    "abbiamo avete hanno aveva c'è cos'è dell' nell' all'",
  pt: "o a os as um uma e é foi são está não que quem como onde quando porque qual quais eu tu você ele ela nós",
  de: "ist sind war waren bin bist hat habe haben wer was wann wo wie warum welche welcher welches",
};

const BY_LANGUAGE: Readonly<Record<string, readonly string[]>> = {
  en: lists.eng,
  es: lists.spa,
  fr: lists.fra,
  de: lists.deu,
  it: lists.ita,
  pt: lists.por,
  nl: lists.nld,
  da: lists.dan,
  sv: lists.swe,
  no: lists.nob,
  fi: lists.fin,
  hu: lists.hun,
  ro: lists.ron,
  tr: lists.tur,
  ca: lists.cat,
  eu: lists.eus,
  ga: lists.gle,
  cs: lists.ces,
  sl: lists.slv,
  ru: lists.rus,
};

let sets: Map<string, ReadonlySet<string>> | undefined;
let votes: Map<string, number> | undefined;

/** The stop words of a language, lower-case with their accents and without; none for a language without a list. */
export function stopWords(language: string): ReadonlySet<string> {
  sets ??= new Map(Object.keys(BY_LANGUAGE).map((name) => [name, listOf(name)]));
  return sets.get(language) ?? NONE;
}

/** For each stop word of the Latin languages the languages that have it, as bits in the order of `LATIN_LANGUAGES`. */
export function stopWordVotes(): ReadonlyMap<string, number> {
  if (votes) return votes;
  votes = new Map();
  for (const [bit, language] of LATIN_LANGUAGES.entries()) {
    for (const word of stopWords(language)) votes.set(word, (votes.get(word) ?? 0) | (1 << bit));
  }
  return votes;
}

const NONE: ReadonlySet<string> = new Set();

function listOf(language: string): Set<string> {
  const list = [...(BY_LANGUAGE[language] ?? []), ...(MORE[language] ?? "").split(" ")];
  const found = new Set<string>();
  for (const word of list) {
    if (word === "" || word.includes(" ")) continue;
    found.add(word);
    found.add(withoutMarks(word));
  }
  return found;
}
