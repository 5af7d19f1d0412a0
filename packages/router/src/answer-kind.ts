/** What kind of answer a question asks for, from its question word and the noun behind it. */

export type AnswerKind = "person" | "place" | "time" | "number" | "yesno" | "reason" | "other";

export interface Asked {
  /** The first question word, bare and lower case: "what" of "so what's new". */
  readonly questionWord: string | undefined;
  readonly asks: AnswerKind;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Question words whose answer has one kind. Spanish ones without accent only open a question. */
const BY_WORD: ReadonlyMap<string, AnswerKind> = new Map([
  ...pairs("who whom whose quién quiénes", "person"),
  ...pairs("where dónde adónde", "place"),
  ...pairs("when cuándo", "time"),
  ...pairs("why", "reason"),
  ...pairs("cuánto cuánta cuántos cuántas", "number"),
  ...pairs("what which how qué cuál cuáles cómo", "other"),
]);
const UNACCENTED: ReadonlyMap<string, string> = new Map(
  "quien:quién quienes:quiénes donde:dónde adonde:adónde cuando:cuándo cuanto:cuánto cuanta:cuánta cuantos:cuántos cuantas:cuántas cual:cuál cuales:cuáles"
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

const AUXILIARIES = set(
  "is are was were am do does did has have had can could will would should may might isn't aren't wasn't weren't don't doesn't " +
    "didn't hasn't haven't can't won't",
);
/** Behind "how": a number; "how long ago" is a time. */
const DEGREES = set(
  "many much old far tall long high big large heavy often fast deep wide expensive hot cold big small loud strong",
);
const NOUNS: ReadonlyMap<string, AnswerKind> = new Map([
  ...pairs(
    "time day date year month week weekday season birthday anniversary deadline hora día fecha año mes semana época cumpleaños",
    "time",
  ),
  ...pairs(
    "city country town village place street address restaurant hotel cafe bar shop store school university airport station " +
      "museum park beach island state region hometown neighborhood neighbourhood ciudad país pueblo lugar calle dirección sitio " +
      "restaurante tienda escuela universidad aeropuerto estación playa isla",
    "place",
  ),
  ...pairs(
    "person people man woman friend colleague neighbour neighbor teacher doctor boss relative cousin brother sister author " +
      "actor actress singer artist writer director persona amigo amiga vecino vecina profesor profesora jefe primo prima hermano " +
      "hermana autor autora cantante",
    "person",
  ),
  ...pairs(
    "age price amount number percentage size height weight length distance temperature score total cost edad precio cantidad " +
      "número porcentaje tamaño altura peso distancia temperatura total",
    "number",
  ),
]);
/** Between a question word and its noun. */
const BETWEEN = set(
  "is are was were 's the a an my your his her our their of other exact es era fue son el la los las mi tu su un una de",
);
/** Whose name is asked for. */
const PEOPLE = set(
  "sister brother mother father mum mom dad son daughter wife husband girlfriend boyfriend friend cousin uncle aunt boss teacher " +
    "colleague neighbour neighbor doctor hermana hermano madre padre hijo hija esposa marido novia novio amigo amiga primo prima " +
    "tío tía jefe jefa profesora profesor vecino vecina",
);
/** Words after the question word in which its noun is looked for, and words before it that may open a question. */
const REACH = 4;

/**
 * The question word and the kind of answer; `other` for what is no question.
 *
 * shapes   words: lower case, in order; asking: whether the text ends or begins like a question
 * cost     under 1 µs
 */
export function expectedAnswer(words: readonly string[], asking: boolean): Asked {
  for (let i = 0; i < words.length; i++) {
    const found = questionWordAt(words, i);
    if (found === undefined) {
      if (i === 0 && AUXILIARIES.has(words[0] as string)) return { questionWord: undefined, asks: "yesno" };
      continue;
    }
    return { questionWord: found, asks: kindOf(words, i, found) };
  }
  return { questionWord: undefined, asks: asking ? "yesno" : "other" };
}

function questionWordAt(words: readonly string[], at: number): string | undefined {
  const word = bare(words[at] as string);
  if (BY_WORD.has(word)) return word;
  // "Cuando era niño" and "la casa donde vivo" are no questions.
  return at === 0 ? UNACCENTED.get(word) : undefined;
}

function kindOf(words: readonly string[], at: number, question: string): AnswerKind {
  const kind = BY_WORD.get(question) ?? "other";
  const next = words[at + 1] ?? "";
  if (question === "how") {
    if (next === "come") return "reason";
    if (!DEGREES.has(next)) return "other";
    return next === "long" && words[at + 2] === "ago" ? "time" : "number";
  }
  if (question === "qué" && words[at - 1] === "por") return "reason";
  if (question === "what" && words.at(-1) === "for") return "reason";
  if (question === "cómo" || kind !== "other") return nameOf(words, at) ? "person" : kind;
  for (let i = at + 1; i <= at + REACH && i < words.length; i++) {
    const word = words[i] as string;
    const noun = NOUNS.get(word) ?? NOUNS.get(word.replace(/s$/, ""));
    if (noun !== undefined) return noun;
    if (word === "name" || word === "nombre") return nameOf(words, at) ? "person" : "other";
    // "What did Ana do that day" asks for no day: only what stands right behind the question word does.
    if (!BETWEEN.has(word) && !word.endsWith("'s") && !word.endsWith("’s") && !PEOPLE.has(word)) return "other";
  }
  return "other";
}

/** "What is my sister's name", "cómo se llama mi hermana": a name of a person. */
function nameOf(words: readonly string[], at: number): boolean {
  let named = false;
  let person = false;
  for (let i = at + 1; i < words.length; i++) {
    const word = words[i] as string;
    named ||= word === "name" || word === "called" || word === "nombre" || word === "llama" || word === "llaman";
    person ||= PEOPLE.has(bare(word));
  }
  return named && person;
}

function bare(word: string): string {
  const mark = Math.max(word.lastIndexOf("'"), word.lastIndexOf("’"));
  return mark > 0 && word.length - mark <= 3 ? word.slice(0, mark) : word;
}

function pairs(words: string, kind: AnswerKind): [string, AnswerKind][] {
  return words.split(" ").map((word) => [word, kind]);
}
