/** Words that give a query's shape away. English and Spanish so far; other languages fall back to punctuation. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Point back at earlier talk. */
export const REFERENCE: ReadonlySet<string> = words(
  "that those previous previously same again earlier before eso esa ese aquello anterior antes mismo misma",
);

/** "Last week" is a time, "the last thing you said" a reference: these behind a cue make it a time. */
export const TIME_NOUNS: ReadonlySet<string> = words(
  "day week weekend month year night morning evening summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday día semana mes año noche verano invierno lunes martes miércoles jueves viernes sábado domingo",
);

/** First words of a question. Spanish ones without their accent too, as people type, unless they also begin statements. */
export const QUESTION_STARTS: ReadonlySet<string> = words(
  "who whom whose what which when where why how is are was were do does did has have had can could will would should may might am quién quiénes qué cuál cuáles cuándo dónde cómo cuánto cuánta cuántos cuántas quien quienes cual cuales donde cuanto cuanta cuantos cuantas",
);

/** Words in front of a sentence that do not decide what it is. */
export const FILLERS: ReadonlySet<string> = words(
  "please hey hi hello ok okay well so and but then also y e pero por favor oye hola bueno entonces",
);

/** A verb that asks to be told something: a question without a question mark. */
export const REQUEST_STARTS: ReadonlySet<string> = words(
  "tell show find list give recall search explain dime busca muéstrame cuéntame",
);

/** Join clauses or compare: the question has more than one part. */
export const CONJUNCTIONS: ReadonlySet<string> = words("and or but while whereas versus vs than y o pero mientras");
