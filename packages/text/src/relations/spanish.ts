/** Spanish patterns; the verb's ending says whether the speaker is meant. */

import type { Pattern } from "./patterns.ts";

const STUDIED = "(?:estoy |esta |sigo |llevo \\w+ \\w+ )";

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

export const SPANISH: readonly Pattern[] = [
  {
    type: "home",
    pattern: /^(?:vivo|vive|vivimos|viven|resido|reside|radico|radica|paro|(?:estoy|esta|estamos) (?:radicad|instalad|asentad|establecid)[oa]s?|tengo (?:mi|la) casa|tenemos (?:la|nuestra) casa) (?:aca |aqui |alli |sol[oa] |junt[oa]s |con \w+ (?:\w+ )?)?(?:en|cerca de) /,
    object: "place",
  },
  { type: "home", pattern: new RegExp(`^${STUDIED}viviendo (?:ahora )?en `), object: "place" },
  {
    type: "home",
    pattern:
      /^(?:(?:me|se|nos) (?:he |ha |hemos |han )?(?:mude|mudo|mudado|mudamos|traslade|traslado|trasladado|trasladamos|cambie de (?:casa|piso)|cambiamos de (?:casa|piso)|instale|instalo|instalado|instalamos|vine|vino|venido|fui a vivir|fue a vivir|fuimos a vivir|ido a vivir|vinimos) (?:de \w+ |del todo |hace poco |a vivir |de casa )?(?:a|en)) /,
    object: "place",
    event: true,
  },
  {
    type: "home",
    pattern: /^(?:me|se|nos) (?:mudo|mudare|mudaria|mudaremos|voy a mudar) a /,
    object: "place",
    tense: "future",
  },
  {
    type: "home",
    pattern: /^(?:(?:me|se|nos) (?:fui|fue|fuimos|marche|marcho|marchamos)|deje|dejo|dejamos|vendi|vendimos) (?:de|la casa de|el piso de|la casa en|el piso en) /,
    object: "named-place",
    event: true,
    affirmative: false,
    confidence: 0.9,
  },
  { type: "home", pattern: /^nos cambiamos a /, object: "named-place", event: true, confidence: 0.9 },
  { type: "home", pattern: /^(?:me|se) (?:he |ha )?(?:cambie|cambio|cambiado) a /, object: "named-place", event: true, confidence: 0.65 },
  { type: "home", pattern: /^(?:estoy|esta|estamos) en /, object: "named-place", confidence: 0.65 },
  { type: "home", pattern: /^(?:cambie|cambio|cambiamos|deje|dejo|dejamos) [^,]{2,30} por /, object: "named-place", event: true, confidence: 0.65 },
  { type: "employer", pattern: /^(?:cambie|cambio|deje|dejo) [^,]{2,30} por /, object: "company", event: true, confidence: 0.7 },
  { type: "home", pattern: /^(?:vivia|vivi|vivio) en /, object: "place", tense: "past" },
  { type: "employer", pattern: /^(?:me|lo|la) (?:ha |han )?(?:contrato|contratado|ficho|fichado|cogio) (?=\w)/, object: "company", event: true, confidence: 0.8 },
  { type: "employer", pattern: /^(?:me|se) (?:he )?(?:cambie|cambio|cambiado|fui|pase) de [^,]{2,24} a /, object: "company", event: true, confidence: 0.7 },
  { type: "age", pattern: /^(?:cumplo|cumple) (?=\w+ (?:$|[,.]|anos|hoy))/, object: "age", after: /^(?!(?:en|el|la|manana|pronto))/, confidence: 0.8 },
  { type: "employer", pattern: /^(?:trabajo|trabaja|trabajamos|curro|curra) (?:desde \w+ )?(?:de \w+ (?:\w+ )?)?(?:en|para|con) (?:la empresa |el grupo )?/, object: "organisation" },
  { type: "employer", pattern: new RegExp(`^${STUDIED}trabajando (?:en|para) `), object: "organisation" },
  {
    type: "employer",
    pattern: /^(?:empece|empezo|he empezado|ha empezado|entre|entro|arranque|arranco|comence|comenzo|me incorpore|se incorporo|fiche|ficho|me ficharon|me contrataron|lo contrataron|la contrataron|me contrato|consegui (?:un )?(?:trabajo|puesto)|encontre (?:un )?trabajo|me han (?:contratado|fichado|cogido))(?: a trabajar| a currar)? (?:en|con|para|por|a) (?:la empresa )?/,
    object: "organisation",
    event: true,
  },
  { type: "employer", pattern: /^(?:estoy|esta) en /, object: "company", confidence: 0.65 },
  { type: "employer", pattern: /^(?:soy|es) (?:empleado|empleada) (?:de|en) /, object: "organisation" },
  {
    type: "employer",
    pattern: /^(?:trabajaba|trabaje|trabajo antes) (?:en|para) /,
    object: "organisation",
    tense: "past",
  },
  {
    type: "employer",
    pattern: /^(?:deje|dejo|deje de trabajar en|dejo de trabajar en|renuncie a|renuncie en|renuncio a|me fui de|se fue de|me echaron de|me despidieron de|sali de|salio de) /,
    object: "company",
    affirmative: false,
    event: true,
  },
  { type: "jobTitle", pattern: /^(?:trabajo|trabaja|ejerzo|ejerce|estoy trabajando|esta trabajando|estoy|esta|empece|empezo|hago|me contrataron|paso a trabajar) (?:de|como) /, object: "title" },
  {
    type: "jobTitle",
    pattern:
      /^(?:(?:me|lo|la) (?:han |hicieron )?(?:ascendieron|ascendido|promovieron|promovido|nombraron|nombrado|hicieron|hecho|pasaron|subieron|pusieron)|ascendi|ascendio|pase|paso|he pasado) (?:a|como|de \w+ a|a ser|a trabajar de) (?:ser )?(?:(?:el|la|un|una) )?/,
    object: "title",
    event: true,
  },
  { type: "jobTitle", pattern: /^(?:soy|es) (?:(?:el|la|un|una) )?/, object: "job" },
  {
    type: "jobTitle",
    pattern: /^(?:(?:me|lo|la) (?:han |hicieron |ha )?(?:nombraron|nombrado|hicieron|hecho|eligieron|elegido)) (?:(?:el|la|un|una) )?/,
    object: "job",
    event: true,
  },
  { type: "age", pattern: /^(?:tengo|tiene) (?=\w+ (?:y \w+ )?anos)/, object: "age" },
  { type: "age", pattern: /^(?:tengo|tiene) (?=\d+ )/, object: "age", confidence: 0.8 },
  { type: "age", pattern: /^(?:acabo|acaba) de cumplir (?:los )?/, object: "age", event: true },
  { type: "age", pattern: /^(?:cumpli|cumplio|he cumplido|ha cumplido|llegue a|llego a) (?:los )?/, object: "age", event: true },
  {
    type: "maritalStatus",
    pattern: /^(?:estoy|esta|soy|es|estamos|sigo|me quede|se quedo|he quedado) (?=(?:casad|solter|divorciad|(?:com)?prometid|viud|separad)[oa]\b)/,
    object: "status",
  },
  {
    type: "maritalStatus",
    pattern:
      /^(?:me|se|nos) (?:he |ha |hemos )?(?=(?:case|caso|casado|casamos|divorcie|divorcio|divorciado|divorciamos|separe|separo|separamos|prometi|comprometi)\b)/,
    object: "status",
    event: true,
  },
  { type: "partner", pattern: /^(?:salgo|sale|ando|anda|estoy saliendo|esta saliendo|vivo en pareja|empece a salir|empezo a salir|me case|se caso|(?:estoy|esta) casad[oa]|(?:estoy|esta) prometid[oa]) con /, object: "person" },
  { type: "partner", pattern: /^(?:estoy|esta) con /, object: "person", confidence: 0.7 },
  {
    type: "partner",
    pattern: /^(?:rompi|rompio|corte|corto|lo deje|lo dejo|termine|termino|lo he dejado|he roto|ya no estoy) con /,
    object: "person",
    event: true,
    affirmative: false,
  },
  { type: "partner", pattern: /^(?:me|se) (?:case|caso|he casado) con /, object: "person", event: true },
  { type: "employer", pattern: /^(?:soy|es) (?:[\w]+ ){1,4}en /, object: "company", confidence: 0.85 },
  { type: "timezone", pattern: /^(?:estoy|esta) en (?:la )?(?:zona horaria de |(?=hora ))/, object: "zone" },
  { type: "likes", pattern: /^me (?:gusta|gustan|encanta|encantan) /, object: "phrase", confidence: 0.8 },
  { type: "dislikes", pattern: /^(?:odio|detesto) /, object: "phrase", confidence: 0.8 },
  { type: "studies", pattern: /^(?:estudio|estudia) /, object: "phrase", confidence: 0.75 },
  { type: "speaks", pattern: /^(?:hablo|habla) /, object: "phrase", confidence: 0.7 },
  { type: "from", pattern: /^(?:soy|es) de /, object: "named-place", confidence: 0.8 },
  { type: "visited", pattern: /^(?:visite|visito|he visitado|viaje a|fui a) /, object: "named-place", confidence: 0.7 },
];

/** "mi marido es Tom", "mi zona horaria es GMT-5". */
export const SPANISH_NOUNS: readonly (readonly [RegExp, string, Pattern["object"]])[] = [
  [/^(?:nuev[oa] )?(?:casa|piso|domicilio|direccion|hogar|ciudad|departamento) (?:actual |nuev[oa] )?(?:es|esta|:|a) (?:en )?/, "home", "place"],
  [/^(?:nueva |nuevo )?(?:empresa|trabajo|empleo) (?:actual |nuevo )?(?:es|esta|:) (?:en |con )?/, "employer", "organisation"],
  [/^(?:nuevo )?(?:puesto|cargo|profesion|oficio|trabajo) (?:actual |nuevo )?(?:es|:|paso a ser) (?:el de |la de |de )?/, "jobTitle", "title"],
  [
    /^(?:nuev[oa] )?(?:marido|mujer|esposo|esposa|novio|novia|pareja|prometido|prometida) (?:actual |nuev[oa] )?(?:es|se llama|:) /,
    "partner",
    "person",
  ],
  [/^(?:nueva )?zona horaria (?:es|:|a) /, "timezone", "zone"],
  [/^estado civil (?:es |: |a )/, "maritalStatus", "status"],
  [/^edad (?:es |: )(?:de )?/, "age", "age"],
];
