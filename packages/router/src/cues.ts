/** Words that give a query's shape away. English and Spanish so far; other languages fall back to punctuation. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Point back at earlier talk. */
export const REFERENCE: ReadonlySet<string> = words(
  "that those previous previously same again last earlier before eso esa ese aquello anterior antes mismo misma último última",
);

/** What follows "that" where it joins a clause ("the book that Ana gave me", "that I read") and does not point back. */
export const AFTER_CONJUNCTION: ReadonlySet<string> = words("i you he she we they my your his her our their there");

/** "Last week" is a time, "the last thing you said" a reference: these behind a cue make it a time, "last name" neither. */
export const TIME_NOUNS: ReadonlySet<string> = words(
  "day week weekend month year night morning afternoon evening hour minute quarter time summer winter spring autumn fall " +
    "january february march april may june july august september october november december name " +
    "monday tuesday wednesday thursday friday saturday sunday día días semana semanas fin mes meses año años noche tarde mañana " +
    "hora verano invierno primavera otoño lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo " +
    "junio julio agosto septiembre octubre noviembre diciembre vez",
);

/** Ask for the same thing once more. */
export const REPETITION: ReadonlySet<string> = words("same again repeat mismo misma repite repetir nuevamente");

/** Days counted from today: an answer that used them is stale tomorrow. */
export const RELATIVE_TIME: ReadonlySet<string> = words(
  "today yesterday tomorrow tonight now currently recently lately ago hoy ayer anteayer mañana ahora anoche recientemente " +
    "últimamente actualmente",
);

/** Before a time noun these count from today: "next week", "el próximo martes". */
export const RELATIVE_ADJECTIVES: ReadonlySet<string> = words(
  "last next this past coming previous pasado pasada próximo próxima este esta último última",
);

/** Other words about time. */
export const TEMPORAL: ReadonlySet<string> = words(
  "when since until during before after date deadline birthday anniversary monday tuesday wednesday thursday friday saturday " +
    "sunday january february april june july august september october november december day week weekend month year cuándo " +
    "desde hasta durante antes después fecha plazo cumpleaños lunes martes miércoles jueves viernes sábado domingo enero febrero " +
    "abril junio julio agosto septiembre octubre noviembre diciembre día semana mes año",
);

/** Source: details.md, section 4, and their forms and Spanish words. */
export const TECHNICAL: ReadonlySet<string> = words(
  "debug debugging debugger error errors bug bugs crash crashes crashed leak leaks performance optimize optimise optimized " +
    "code algorithm algorithms database databases api apis depurar fallo fallos código algoritmo algoritmos rendimiento optimizar",
);

/** Words of the domains where a wrong answer may do harm. Source: details.md, section 4, and their Spanish words. */
export const CRITICAL: ReadonlySet<string> = words(
  "medical diagnosis treatment medication symptom symptoms patient lawsuit contract legal court attorney investment portfolio " +
    "trading financial banking médico médica diagnóstico tratamiento medicación síntoma síntomas paciente demanda contrato " +
    "juzgado abogado abogada inversión cartera bolsa financiero financiera",
);

export const NEGATION: ReadonlySet<string> = words(
  "not no never none nobody nothing nowhere neither nor without cannot nunca jamás nadie nada ningún ninguna ninguno tampoco sin",
);

/** Compare one thing with another. */
export const COMPARISON: ReadonlySet<string> = words(
  "than vs versus compare compared comparison difference differences differ better worse both whereas " +
    "mejor peor diferencia diferencias comparar comparado ambos ambas",
);

/** Tie a question to something that must be found first: "the city where Ana's brother works". */
export const BRIDGES: ReadonlySet<string> = words("who whom whose which where cuyo cuya cuyos cuyas donde quien");

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

/** Capitalised, but no names. */
export const NO_NAMES: ReadonlySet<string> = words(
  "i i'm i've i'll i'd monday tuesday wednesday thursday friday saturday sunday january february march april may june july " +
    "august september october november december",
);
