/** Words that can make two nearly equal texts say different things, in English and Spanish. */

import { isTypo } from "./variants.ts";

/** What a listed word is, and the form that all its variants share. */
export interface Entry {
  readonly kind:
    | "negation"
    | "preposition"
    | "date"
    | "unit"
    | "filler"
    | "opposite"
    | "modal"
    | "condition"
    | "function";
  readonly form: string;
}

/** The entry of a lower-case word without marks, or undefined. */
export function entryOf(word: string): Entry | undefined {
  return (entries ??= table()).get(word);
}

/** The entry of a weekday, month or "tomorrow" that a word misspells. Cost: nothing for short words. */
export function dateSlip(word: string): Entry | undefined {
  if (word.length < 6 || !SLIP_STARTS.has(word.slice(0, 1))) return undefined;
  const meant = LONG_DATES.find((date) => isTypo(word, date));
  return meant === undefined ? undefined : entryOf(meant);
}

const LONG_DATES =
  "tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february september october november december miercoles viernes septiembre".split(
    " ",
  );
const SLIP_STARTS = new Set("tymwfsjondvT".split(""));

let entries: Map<string, Entry> | undefined;

/** Members exclude one another: two texts of which each has another one differ. "|" parts the members, blanks their variants. */
const OPPOSITES = `
left | right izquierda izquierdo | derecha derecho
before | after antes | despues
inside dentro indoors adentro | outside fuera outdoors afuera
with con | against contra
always siempre | often usually normally frequently | sometimes occasionally veces | rarely seldom hardly raramente | never
more mas | less fewer menos
all every everyone everybody todo todos toda todas | some several algunos algunas alguien someone somebody | most mayoria | both ambos ambas | only solo solamente | none | any | few pocos pocas | many much lots muchos muchas | half
older elder mayor mayores | younger menor menores
old viejo vieja antiguo antigua | new nuevo nueva | young joven
up arriba upstairs | down abajo downstairs
above over encima | below under underneath debajo
front delante | back behind detras | middle
north northern norte | south southern sur | east eastern | west western oeste
early temprano earlier | late tarde later
increase increased raise raised increases aumentar aumento | decrease decreased lower lowered reduce reduced decreases reducir bajo
buy bought buying compro comprar compre | sell sold selling vender vendo vendi | rent rented renting alquilar alquilo
love loves loved adoro encanta | like likes liked gusta gusto | hate hates hated odio odia | dislike dislikes
open opens opened abierto abre | close closed closes shut cerrado cierra
start starts started begin begins began starting empieza empezar empezo | stop stops stopped end ends ended quit finish finished termina terminar dejo
hot caliente | cold frio | warm | cool
won win wins gano ganar | lost lose loses perdio perder | draw drew tied
mother mum mom mama madre | father dad papa padre | stepmother | stepfather
sister hermana | brother hermano | cousin primo prima
son hijo | daughter hija
husband marido esposo | wife mujer esposa | boyfriend novio | girlfriend novia | fiance | fiancee
grandmother grandma abuela | grandfather grandpa abuelo | uncle tio | aunt tia | nephew sobrino | niece sobrina
red rojo roja | blue azul | green verde | yellow amarillo amarilla | black negro negra | white blanco blanca | brown marron | grey gray gris | orange naranja | purple morado | pink rosa
accept accepted accepts acepto | reject rejected refuse refused declined decline rechazo
allow allowed allows permitido | forbid forbidden prohibited banned prohibido
remember | forget forgot forgets
arrive arrived arrives arriving llego llega | leave leaves leaving leave sale salio
lend lent | borrow borrowed
cheap cheaper barato | expensive pricey caro
easy facil | hard difficult dificil
safe seguro | dangerous unsafe peligroso
empty vacio | full lleno
big large huge grande | small little tiny pequeno | medium
long largo | short corto corta
high alto alta | low baja
good great bueno buena | bad awful terrible malo mala
better mejor | worse peor
best | worst
true | false
enable enabled enables | disable disabled disables
push | pull
input | output
import | export
minimum min minimo | maximum max maximo
public | private
internal | external
positive positivo | negative negativo
male | female
single soltero soltera | married casado casada | divorced divorciado divorciada | engaged prometido prometida | widowed viudo viuda
day | night
breakfast desayuno desayunar | lunch almuerzo comida | dinner cena cenar supper
sms | email | call
indoor | outdoor
hypertension | hypotension
hyperglycemia | hypoglycemia
oral orally | topical | intravenous iv
inhale | exhale
pre | post
upper | lower
acute | chronic
maternal | paternal
temporary | permanent
vegan vegano vegana | vegetarian vegetariano vegetariana
once | twice | thrice
top | bottom
today hoy | tomorrow | yesterday ayer
`;

const NEGATIONS =
  "no not never nobody nothing none nowhere neither nor cannot without cant dont wont isnt didnt doesnt wasnt havent hasnt nunca jamas sin nadie nada ninguno ninguna ningun tampoco ni";

/** Members differ in what is claimed: a fact, a duty, a wish, a guess. Canonical form first. */
const MODALS = `
must debo debe deber | should ought deberia | may might podria quiza quizas perhaps maybe possibly probably probablemente acaso | can could puedo puede | will shall ll going voy va | would d wish hope hoping quisiera | want wants wanna quiero quiere | planning plan plans planeo planning thinking considering pensando | used soliamos solia | almost nearly casi | try tried trying intentar
`;

const CONDITIONS = "if unless whether si except excepto provided although though aunque until hasta";

const DATES = `
jan january enero | feb february febrero | mar march marzo | apr april abril | mayo | jun june junio | jul july julio | aug august agosto | sep sept september septiembre setiembre | oct october octubre | nov november noviembre | dec december diciembre | mon monday lunes lun | tue tues tuesday martes | wed weds wednesday miercoles mie | thu thur thurs thursday jueves jue | fri friday viernes vie | saturday sabado | sunday domingo dom | today hoy | tonight | tomorrow tmrw tmr tomoz | manana | yesterday ayer | anteayer | weekend finde | weekday weekdays | morning mornings | noon midday mediodia | afternoon afternoons | evening evenings noche noches tonight | midnight medianoche | spring primavera | summer verano | autumn fall otono | winter invierno | last previous pasado pasada | next proximo proxima following siguiente | ago hace | christmas xmas navidad | easter
`;

const UNITS = `
second sec secs seconds segundo segundos | minute min mins minutes minuto minutos | hour hr hrs hours h hora horas | day days dia dias | week weeks wk wks semana semanas | month months mes meses | year yr yrs years ano anos yo | mm millimetre millimeter millimetres millimeters milimetros | cm centimetre centimeter centimetres centimeters centimetros | metre meter metres meters metro metros | km kms kilometre kilometer kilometres kilometers kilometro kilometros k | mile mi miles milla millas | foot ft feet pies | inch inches pulgadas | g gram gr grams gramo gramos | kg kgs kilo kilos kilogram kilograms kilogramo kilogramos | mg milligram milligrams miligramo miligramos | mcg microgram micrograms | lb lbs pound pounds libra libras | oz ounce ounces | ml millilitre milliliter millilitres milliliters | l litre liter litres liters litro litros | cup cups taza tazas | tsp teaspoon teaspoons | tbsp tablespoon tablespoons | percent pct % porciento | dollar usd dollars bucks buck $ dolar dolares | euro eur euros € | gbp quid £ | degree degrees grados grado celsius | fahrenheit | mph | kmh kph | kb | mb | gb | tb | ms | euro
`;

const FILLERS =
  "um uh uhm er erm hmm like just really so please hey hi hello hola btw lol haha hahaha jaja jajaja ok okay oki thanks thank thx ty cheers gracias actually basically honestly literally quite kinda very super anyway anyways oh ah wow yeah yes yep fyi note reminder perdon also too simply essentially definitely certainly indeed obviously lol lmao omg eh mhm pues bueno oye mira vale vaya muy bastante tambien porfa favor simplemente realmente entonces guys folks dear este";

/** Carry grammar only: their coming and going alone changes nothing. */
const FUNCTIONS =
  "the a an that this these those which is are am be been being it its do does did have has s el la los las lo un una unos unas que es son se y and ha han he";

/** One may come or go: "on Fridays", "Fridays". None may become another. */
const PREPOSITIONS =
  "of for at as in on to from into by with over through during within w de del al a en por para con desde";

function table(): Map<string, Entry> {
  const found = new Map<string, Entry>();
  const groups = (text: string, kind: Entry["kind"], prefix: string): void => {
    for (const member of text.split("|")) {
      const variants = member.trim().split(/\s+/);
      for (const word of variants) if (!found.has(word)) found.set(word, { kind, form: `${prefix}${variants[0]}` });
    }
  };
  for (const word of NEGATIONS.split(" ")) found.set(word, { kind: "negation", form: "not" });
  groups(DATES.trim(), "date", "@");
  groups(UNITS.trim(), "unit", "");
  for (const word of CONDITIONS.split(" ")) found.set(word, { kind: "condition", form: word });
  groups(MODALS.trim(), "modal", "");
  for (const [n, line] of OPPOSITES.trim().split("\n").entries()) groups(line, "opposite", `${n}:`);
  for (const word of FILLERS.split(" ")) if (!found.has(word)) found.set(word, { kind: "filler", form: word });
  for (const word of PREPOSITIONS.split(" "))
    if (!found.has(word)) found.set(word, { kind: "preposition", form: word });
  for (const word of FUNCTIONS.split(" ")) if (!found.has(word)) found.set(word, { kind: "function", form: word });
  return found;
}
