/** Words that say nothing about a text's topic, English and Spanish. The classifier's weights were fitted without them: after a change train again. */

const EN =
  "a about above after again all also always am an and another any anyone are around as ask at be because been before being " +
  "below between both but by can cannot could did didn't do does doesn't doing don't done down during each else ever every " +
  "everyone few for from get gets getting give go goes going got had has hasn't have haven't having he he's her here hers " +
  "him his how i i'd i'll i'm i've if in into is isn't it it's its itself just kind know let let's like long made make many " +
  "may maybe me mean means might mine more most much must my myself need needs no nor not now of off often ok on once one " +
  "only or other our ours out over own people please put really related said same say says see she she's should show so some " +
  "someone something still such take tell than thanks that that's the their theirs them then there there's these they " +
  "they're thing things think this those though through to too under until up us use used using very want wants was wasn't " +
  "way we we're well were weren't what what's when where where's which while who who's whom whose why will with without " +
  "won't would yes yet you you're your yours";

const ES =
  "a al algo alguien algún alguna algunas alguno algunos allí ante antes aquel aquella aquello aquí así aún aunque bien cada " +
  "casi como cómo con contra cosa cosas cual cuál cuáles cuando cuándo cuánta cuántas cuánto cuántos de del desde después " +
  "dijo donde dónde dos el él ella ellas ellos en entonces entre era eran eres es esa esas ese eso esos esta ésta está están " +
  "estar estas este esto estos estoy fue fueron ha había hace hacer hacia han has hasta hay he hemos la las le les lo los " +
  "luego más me menos mi mí mía mientras mío mis misma mismo mucha muchas mucho muchos muy nada nadie ni no nos nosotros " +
  "nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para pero poco por porque pues que qué quien quién " +
  "quiénes se sé sea según ser si sí siempre sin sobre sois solo son su sus también tan tanto te tenemos tener tengo ti tiene " +
  "tienen toda todas todo todos tu tú tus u un una unas uno unos va vamos van voy y ya yo";

export const FUNCTION_WORDS: ReadonlySet<string> = new Set(`${EN} ${ES}`.split(" "));
