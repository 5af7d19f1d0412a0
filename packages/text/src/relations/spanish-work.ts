/** Spanish patterns of home, employer and job. */

import type { Pattern } from "./patterns.ts";

const STUDIED = "(?:estoy |esta |sigo |llevo \\w+ \\w+ )";

export const SPANISH_WORK: readonly Pattern[] = [
  {
    type: "home",
    pattern:
      /^(?:vivo|vive|vivimos|viven|resido|reside|radico|radica|paro|(?:estoy|esta|estamos) (?:radicad|instalad|asentad|establecid)[oa]s?|tengo (?:mi|la) casa|tenemos (?:la|nuestra) casa) (?:aca |aqui |alli |sol[oa] |junt[oa]s |con \w+ (?:\w+ )?)?(?:en|cerca de) /,
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
    pattern:
      /^(?:(?:me|se|nos) (?:fui|fue|fuimos|marche|marcho|marchamos)|deje|dejo|dejamos|vendi|vendimos) (?:de|la casa de|el piso de|la casa en|el piso en) /,
    object: "named-place",
    event: true,
    affirmative: false,
    confidence: 0.9,
  },
  { type: "home", pattern: /^nos cambiamos a /, object: "named-place", event: true, confidence: 0.9 },
  {
    type: "home",
    pattern: /^(?:me|se) (?:he |ha )?(?:cambie|cambio|cambiado) a /,
    object: "named-place",
    event: true,
    confidence: 0.65,
  },
  { type: "home", pattern: /^(?:estoy|esta|estamos) en /, object: "named-place", confidence: 0.65 },
  {
    type: "home",
    pattern: /^(?:cambie|cambio|cambiamos|deje|dejo|dejamos) [^,]{2,30} por /,
    object: "named-place",
    event: true,
    confidence: 0.65,
  },
  {
    type: "employer",
    pattern: /^(?:cambie|cambio|deje|dejo) [^,]{2,30} por /,
    object: "company",
    event: true,
    confidence: 0.7,
  },
  { type: "home", pattern: /^(?:vivia|vivi|vivio) en /, object: "place", tense: "past" },
  {
    type: "employer",
    pattern: /^(?:me|lo|la) (?:ha |han )?(?:contrato|contratado|ficho|fichado|cogio) (?=\w)/,
    object: "company",
    event: true,
    confidence: 0.8,
  },
  {
    type: "employer",
    pattern: /^(?:me|se) (?:he )?(?:cambie|cambio|cambiado|fui|pase) de [^,]{2,24} a /,
    object: "company",
    event: true,
    confidence: 0.7,
  },
  {
    type: "employer",
    pattern:
      /^(?:trabajo|trabaja|trabajamos|curro|curra) (?:desde \w+ )?(?:de \w+ (?:\w+ )?)?(?:en|para|con) (?:la empresa |el grupo )?/,
    object: "organisation",
  },
  { type: "employer", pattern: new RegExp(`^${STUDIED}trabajando (?:en|para) `), object: "organisation" },
  {
    type: "employer",
    pattern:
      /^(?:empece|empezo|he empezado|ha empezado|entre|entro|arranque|arranco|comence|comenzo|me incorpore|se incorporo|fiche|ficho|me ficharon|me contrataron|lo contrataron|la contrataron|me contrato|consegui (?:un )?(?:trabajo|puesto)|encontre (?:un )?trabajo|me han (?:contratado|fichado|cogido))(?: a trabajar| a currar)? (?:en|con|para|por|a) (?:la empresa )?/,
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
    pattern:
      /^(?:deje|dejo|deje de trabajar en|dejo de trabajar en|renuncie a|renuncie en|renuncio a|me fui de|se fue de|me echaron de|me despidieron de|sali de|salio de) /,
    object: "company",
    affirmative: false,
    event: true,
  },
  {
    type: "jobTitle",
    pattern:
      /^(?:trabajo|trabaja|ejerzo|ejerce|estoy trabajando|esta trabajando|estoy|esta|empece|empezo|hago|me contrataron|paso a trabajar) (?:de|como) /,
    object: "title",
  },
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
    pattern:
      /^(?:(?:me|lo|la) (?:han |hicieron |ha )?(?:nombraron|nombrado|hicieron|hecho|eligieron|elegido)) (?:(?:el|la|un|una) )?/,
    object: "job",
    event: true,
  },
  { type: "employer", pattern: /^(?:soy|es) (?:[\w]+ ){1,4}en /, object: "company", confidence: 0.85 },
];
