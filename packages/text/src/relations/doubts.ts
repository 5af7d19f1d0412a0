/** What a text says anywhere that takes from the certainty of its statements: jokes, games, stays that end, denials. */

/** Not meant, or not about the world. */
const NOT_MEANT =
  /\b(?:kidding|jk|joking|just a joke|broma|in my dreams|i wish|if only|(?:alternate|parallel) universe|hypothetically|for the sake of argument|my character|in my (?:heart|head|mind)|in (?:the|this|my|our|a) (?:\w+ )?(?:game|play|novel|story|campaign|musical|movie|film|show|series|dream|sketch|script)|d&d|dnd|role ?-?play(?:ing)?|rpg|the sims|minecraft|videojuego|mi personaje|en (?:la obra|el juego)|charge me rent|pay rent|24\/7|all (?:day|night)|it feels like|feels like i)\b|😂|🤣|😜/iu;
/** A stay of hours is no home. */
const HOURS = /\b(?:for|llevo) (?:the (?:last|past) )?(?:\w+|\w+ and a half) (?:hours|minutes|horas|minutos)\b/iu;
const LAUGHTER = /\b(?:a?ha(?:ha)+h?|haha|(?:ja){2,}j?|(?:je){2,}|lol|lmao|rofl|xd)\b|😆|😹|😅|🙃|😉/iu;
/** Said of things that end. */
const PASSING =
  /\b(?:until|till|temporar\w+|for now|for the time being|just visiting|back home (?:in|on|by|next|after)|sublet\w*|couch ?surf\w*|crashing (?:at|with)|(?:house|dog|cat|pet)[- ]?sitting|on loan|stopgap|(?:maternity|sick|holiday|parental) (?:cover|leave)|covering for|filling in|secondment|renovat\w+|being (?:painted|fixed|repaired)|hasta|de momento|por ahora|provisional\w*|mientras|reformas?|roaming|trip|holidays?|vacation|vacaciones|de viaje|travell?ing|conference|business trip|trade fair)\b/iu;
const DENIED =
  /\b(?:not true|isn'?t true|untrue|made that up|made it up|false rumou?rs?|(?:just|only) a rumou?r|hoax|fake|wrong info|not the case|no es (?:cierto|verdad)|mentira|turned (?:it|them|him|her|that) down|said no|declined|for example|for instance|e\.g\.)/iu;

/** A factor of confidence, 0…1, for everything that a text states. Cost: five searches of the text. */
export function doubtOf(text: string): number {
  if (NOT_MEANT.test(text) || HOURS.test(text) || DENIED.test(text)) return 0.5;
  return PASSING.test(text) || LAUGHTER.test(text) ? 0.8 : 1;
}
