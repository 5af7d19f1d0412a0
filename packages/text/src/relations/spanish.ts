/** Spanish patterns; the verb's ending says whether the speaker is meant. */

import { type Pattern, type PatternSet, patternSet } from "./patterns.ts";
import { SPANISH_WORK } from "./spanish-work.ts";

/** First words of statements that need no pronoun. */
export const SPANISH_VERBS: ReadonlySet<string> = new Set(
  (
    "vivo resido estoy me trabajo curro tengo cumpli soy empece entre deje llevo salgo ando nos vivimos somos estamos trabajamos acabe pase paso deja dejamos cambie cambio nombraron ascendieron ascendi gane cobro figuro radico curramos hablo estudio odio adoro visite voy sigo ya ahora hoy " +
    "arranque arranco comence comenzo fiche ficho cumplo cumple hemos han consegui encontre radica cobra gana vive reside esta trabaja curra tiene cumplio es empezo entro dejo lleva sale anda se habla estudia lo la renuncie acabo he rompi corte termine"
  ).split(" "),
);

/** Verbs that say somebody else is meant. */
export const SPANISH_THIRD: RegExp =
  /^(?:vive|reside|radica|paso|cambio|acaba|deja|esta|trabaja|curra|tiene|cumplio|es|empezo|entro|lleva|sale|anda|se|habla|estudia|lo|la|ha) /;

export const SPANISH: PatternSet = patternSet([
  ...SPANISH_WORK,
  {
    type: "age",
    pattern: /^(?:cumplo|cumple) (?=\w+ (?:$|[,.]|anos|hoy))/,
    object: "age",
    after: /^(?!(?:en|el|la|manana|pronto))/,
    confidence: 0.8,
  },
  { type: "age", pattern: /^(?:tengo|tiene) (?=\w+ (?:y \w+ )?anos)/, object: "age" },
  { type: "age", pattern: /^(?:tengo|tiene) (?=\d+ )/, object: "age", confidence: 0.8 },
  { type: "age", pattern: /^(?:acabo|acaba) de cumplir (?:los )?/, object: "age", event: true },
  {
    type: "age",
    pattern: /^(?:cumpli|cumplio|he cumplido|ha cumplido|llegue a|llego a) (?:los )?/,
    object: "age",
    event: true,
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?:estoy|esta|soy|es|estamos|sigo|me quede|se quedo|he quedado) (?=(?:casad|solter|divorciad|(?:com)?prometid|viud|separad)[oa]\b)/,
    object: "status",
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?:me|se|nos) (?:he |ha |hemos )?(?=(?:case|caso|casado|casamos|divorcie|divorcio|divorciado|divorciamos|separe|separo|separamos|prometi|comprometi)\b)/,
    object: "status",
    event: true,
  },
  {
    type: "partner",
    pattern:
      /^(?:salgo|sale|ando|anda|estoy saliendo|esta saliendo|vivo en pareja|empece a salir|empezo a salir|me case|se caso|(?:estoy|esta) casad[oa]|(?:estoy|esta) prometid[oa]) con /,
    object: "person",
    after: /^(?!a )/,
  },
  { type: "partner", pattern: /^(?:estoy|esta) con /, object: "person", confidence: 0.7 },
  {
    type: "partner",
    pattern: /^(?:rompi|rompio|corte|corto|lo deje|lo dejo|termine|termino|lo he dejado|he roto|ya no estoy) con /,
    object: "person",
    event: true,
    affirmative: false,
  },
  { type: "partner", pattern: /^(?:me|se) (?:case|caso|he casado) con /, object: "person", event: true },
  { type: "timezone", pattern: /^(?:estoy|esta) en (?:la )?(?:zona horaria de |(?=hora ))/, object: "zone" },
  { type: "likes", pattern: /^me (?:gusta|gustan|encanta|encantan) /, object: "phrase", confidence: 0.8 },
  { type: "dislikes", pattern: /^(?:odio|detesto) /, object: "phrase", confidence: 0.8 },
  { type: "studies", pattern: /^(?:estudio|estudia) /, object: "phrase", confidence: 0.75 },
  { type: "speaks", pattern: /^(?:hablo|habla) /, object: "phrase", confidence: 0.7 },
  { type: "from", pattern: /^(?:soy|es) de /, object: "named-place", confidence: 0.8 },
  { type: "visited", pattern: /^(?:visite|visito|he visitado|viaje a|fui a) /, object: "named-place", confidence: 0.7 },
]);

/** "mi marido es Tom", "mi zona horaria es GMT-5". */
export const SPANISH_NOUNS: readonly (readonly [RegExp, string, Pattern["object"]])[] = [
  [
    /^(?:nuev[oa] )?(?:casa|piso|domicilio|direccion|hogar|ciudad|departamento) (?:actual |nuev[oa] )?(?:es|esta|:|a) (?:en )?/,
    "home",
    "place",
  ],
  [
    /^(?:nueva |nuevo )?(?:empresa|trabajo|empleo) (?:actual |nuevo )?(?:es|esta|:) (?:en |con )?/,
    "employer",
    "organisation",
  ],
  [
    /^(?:nuevo )?(?:puesto|cargo|profesion|oficio|trabajo) (?:actual |nuevo )?(?:es|:|paso a ser) (?:el de |la de |de )?/,
    "jobTitle",
    "title",
  ],
  [
    /^(?:nuev[oa] )?(?:marido|mujer|esposo|esposa|novio|novia|pareja|prometido|prometida) (?:actual |nuev[oa] )?(?:es|se llama|:) /,
    "partner",
    "person",
  ],
  [/^(?:nueva )?zona horaria (?:es|:|a) /, "timezone", "zone"],
  [/^estado civil (?:es |: |a )/, "maritalStatus", "status"],
  [/^edad (?:es |: )(?:de )?/, "age", "age"],
];

export const SPANISH_SOME_NOUN: RegExp = new RegExp(
  SPANISH_NOUNS.map(([pattern]) => `(?:${pattern.source})`).join("|"),
);
