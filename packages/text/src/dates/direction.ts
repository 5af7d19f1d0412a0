/** Whether a sentence speaks of what was or of what will be, which decides what "on Friday" means in it. */

/** −1 for the past, 1 for the future. */
export type Direction = -1 | 1;

interface Tenses {
  readonly past: RegExp;
  readonly future: RegExp;
  /** Weaker: words of the present, which with a day named speak of a plan. */
  readonly plan: RegExp;
}

const ENGLISH: Tenses = {
  past: new RegExp(
    String.raw`\b(?:was|were|had|did|didn['’]t|wasn['’]t|weren['’]t|ago|last|yesterday|previous|earlier|went|saw|met|came|took|got|gave|made|said|told|left|ate|` +
      "bought|brought|began|became|broke|built|caught|chose|drove|fell|felt|found|flew|forgot|heard|kept|knew|led|lost|" +
      "meant|paid|ran|rode|sang|sat|sent|shot|slept|sold|spent|spoke|spent|started|stood|swam|taught|thought|threw|" +
      "understood|woke|won|wore|wrote|drank|drew|grew|held|hung|" +
      String.raw`(?!(?:need|speed|feed|seed|weed|bleed|breed|indeed|embed|exceed|proceed|succeed|red|bed|shed|sled|hundred|wed)\b)\p{Ll}{2,}ed)\b`,
    "giu",
  ),
  future: new RegExp(
    String.raw`\b(?:will|won['’]t|shall|going to|gonna|(?:\p{L}+)['’]ll|plan(?:s|ning)? (?:to|on)|hop(?:e|es|ing) to|want(?:s)? to|` +
      String.raw`need(?:s)? to|have to|has to|(?:would|['’]d) (?:like|love) to|let['’]s|(?:can|could) (?:we|you)|looking forward|can['’]t wait|see you|remind|` +
      String.raw`(?:am|is|are|['’]m|['’]s|['’]re)(?: (?:not|also|still|both|all|really|finally|just))? \p{Ll}{2,}ing|tomorrow|upcoming|next|soon)\b`,
    "giu",
  ),
  plan: /\b(?:am|is|are|i['’]m|it['’]s|we['’]re|they['’]re|do|does|can|could|should|might|must|have|has|starts?|begins?|leaves?|arrives?)\b|\?\s*$/iu,
};

const SPANISH: Tenses = {
  past: /(?<!\p{L})(?:fui|fue|fuimos|fueron|era|eran|estaba|estaban|estuve|estuvo|hice|hizo|hicimos|tuve|tuvo|tuvimos|vi|vio|vimos|vine|vino|dije|dijo|puse|puso|pude|pudo|di|dio|dimos|hemos|he|ha|han|había|ayer|anoche|hace|pasad[oa]s?|últim[oa]s?|quedamos en|\p{Ll}{2,}(?:é|ó|aste|iste|aron|ieron|aba|aban|ía|ían))(?!\p{L})/giu,
  future:
    /(?<!\p{L})(?:v(?:oy|as|a|amos|an) a|quiero|queremos|quiere|tengo que|tenemos que|tiene que|hay que|próxim[oa]s?|que viene|mañana|pienso|planeo|espero|nos vemos|\p{Ll}{3,}(?:aré|eré|iré|ará|erá|irá|aremos|eremos|iremos|arán|erán|irán))(?!\p{L})/giu,
  plan: /(?<!\p{L})(?:es|son|soy|estoy|está|están|tengo|tiene|tenemos|hay|puedo|puedes|podemos|salgo|salimos|sale|llega|llegan|viene|vienen)(?!\p{L})|\?\s*$/iu,
};

// What began lies behind, what something is due by lies ahead.
const LIMIT = /(?<!\p{L})(since|until|till|by|desde|hasta)\s+$/iu;

/**
 * The direction of the sentence around a place in a text.
 *
 * The nearest verb or cue decides. Where there is none, `otherwise` does, or else a sentence in the present tense or a question
 * speaks of a plan, and any other of the past: what is remembered has mostly happened.
 */
export function direction(text: string, at: number, language: string | undefined, otherwise?: Direction): Direction {
  const limit = LIMIT.exec(text.slice(Math.max(0, at - 12), at))?.[1];
  if (limit !== undefined) return /^(?:since|desde)$/iu.test(limit) ? -1 : 1;
  const tenses = language === "es" ? SPANISH : ENGLISH;
  const from = boundary(text, at, -1);
  const sentence = text.slice(from, boundary(text, at, 1));
  const past = distance(sentence, at - from, tenses.past);
  const future = distance(sentence, at - from, tenses.future);
  if (past !== future) return past < future ? -1 : 1;
  return otherwise ?? (tenses.plan.test(sentence) ? 1 : -1);
}

/** Units looked at on either side of a place; longer sentences are rare and their ends say little. */
const REACH = 160;

function boundary(text: string, at: number, step: -1 | 1): number {
  let index = at;
  for (let i = 0; i < REACH && (step < 0 ? index > 0 : index < text.length); i++) {
    const mark = text[step < 0 ? index - 1 : index] ?? "";
    if (mark === "\n" || mark === "!" || mark === "¿" || mark === "¡" || mark === ";") break;
    if (mark === "?") return step > 0 ? index + 1 : index;
    if (mark === "." && (text[step < 0 ? index : index + 1] ?? " ") === " ") break;
    index += step;
  }
  return index;
}

function distance(sentence: string, at: number, cues: RegExp): number {
  let nearest = Infinity;
  for (const { index, 0: cue } of sentence.matchAll(cues)) {
    // What comes after a place counts as further away: the verb mostly stands before the day.
    const gap = index < at ? at - index - cue.length : 2 * (index - at);
    if (gap >= 0 && gap < nearest) nearest = gap;
  }
  return nearest;
}
