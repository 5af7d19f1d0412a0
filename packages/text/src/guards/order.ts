/** Whether the same words stand in an order that says something else: "Ana paid Ben", "Ben paid Ana". */

/** Texts of more words are compared up to here. */
const MOST_WORDS = 1200;
/** Words whose right neighbour tells what they are about. */
const LEADS =
  /^(?:because|before|after|than|to|into|from|towards|if|unless|when|while|until|with|without|for|against|by|over|under|porque|antes|despues|que|a|de|para|con|sin|not)$/;

export interface Ordered {
  readonly word: string;
  readonly kind: string;
}

/**
 * True when a word lost both of its neighbours, or a connecting word what it leads to: who did what to whom, or what came
 * before what, may have changed. Clauses that change places keep the neighbours inside them.
 *
 * cost     linear in the words; the first 1,200 count
 */
export function reordered(a: readonly Ordered[], b: readonly Ordered[]): boolean {
  const [left, right] = common(a, b);
  if (left.length === right.length && left.every((word, i) => word === right[i])) return false;
  const ours = contexts(left);
  const theirs = contexts(right);
  for (const [word, context] of ours) {
    const other = theirs.get(word);
    if (!other || other.count !== context.count) continue;
    if (LEADS.test(word) && context.leads !== other.leads && sameWords(context.leads, other.leads)) return true;
    if (context.before === other.before || context.after === other.after) continue;
    // Both sides of a joined pair may change places: "Ana and Ben".
    if (context.after.includes("&") && other.before.includes("&")) continue;
    if (context.before.includes("&") && other.after.includes("&")) continue;
    if (crossed(word, left, right)) return true;
  }
  return false;
}

/**
 * True when more than one piece changed its place: apart from their common begin and end, one text is no rotation of the
 * other. "After lunch Ana left" may become "Ana left after lunch"; two pieces that swap around a third say something else.
 */
export function movedApart(a: readonly Ordered[], b: readonly Ordered[]): boolean {
  const [left, right] = common(a, b);
  if (left.length !== right.length) return true;
  let from = 0;
  while (from < left.length && left[from] === right[from]) from++;
  let to = left.length;
  while (to > from && left[to - 1] === right[to - 1]) to--;
  const length = to - from;
  if (length === 0) return false;
  for (let shift = 1; shift < length; shift++) {
    let i = 0;
    while (i < length && left[from + ((i + shift) % length)] === right[from + i]) i++;
    if (i < length) continue;
    const blocks = [left.slice(from, from + shift), left.slice(from + shift, to)];
    // "Ben and I met Ana", "I met Ben and Ana": a pair was torn.
    if (blocks.some((block) => block[0] === "&" || block.at(-1) === "&")) continue;
    // A lone word that moves took another place in the sentence; a lone "today" did not.
    if (blocks.every((block) => block.length > 1)) return false;
    if (blocks.some((block) => block.length === 1 && kindOf(block[0], a) === "date")) return false;
  }
  return !(length === 3 && left[from + 1] === "&" && right[from + 1] === "&");
}

function kindOf(word: string | undefined, items: readonly Ordered[]): string | undefined {
  return items.find((item) => item.word === word)?.kind;
}

/** The words that both texts have, in the order of each. */
function common(a: readonly Ordered[], b: readonly Ordered[]): [string[], string[]] {
  const left = kept(a);
  const right = kept(b);
  const inLeft = new Set(left);
  const inRight = new Set(right);
  // "A, B and C", "A and B and C": how often they are joined says nothing.
  const joins = (words: readonly string[]): number => words.filter((word) => word === "&").length;
  const stays = joins(left) === joins(right);
  const shared = (words: readonly string[], other: ReadonlySet<string>): string[] =>
    words.filter((word) => other.has(word) && (stays || word !== "&"));
  return [shared(left, inRight), shared(right, inLeft)];
}

interface Context {
  readonly count: number;
  readonly before: string;
  readonly after: string;
  /** The next word that is no pronoun. */
  readonly leads: string;
}

function contexts(words: readonly string[]): Map<string, Context> {
  const found = new Map<string, { before: string[]; after: string[]; leads: string[] }>();
  for (const [i, word] of words.entries()) {
    if (word === "&") continue;
    let entry = found.get(word);
    if (!entry) found.set(word, (entry = { before: [], after: [], leads: [] }));
    entry.before.push(words[i - 1] ?? "");
    entry.after.push(words[i + 1] ?? "");
    entry.leads.push((PRONOUN.test(words[i + 1] ?? "") ? words[i + 2] : words[i + 1]) ?? "");
  }
  return new Map(
    [...found].map(([word, { before, after, leads }]) => [
      word,
      {
        count: before.length,
        before: before.sort().join(" "),
        after: after.sort().join(" "),
        leads: leads.sort().join(" "),
      },
    ]),
  );
}

const PRONOUN = /^(?:i|you|he|she|we|they|my|your|his|her|our|their|yo|tu|mi|su|me|te|se)$/;

function kept(items: readonly Ordered[]): string[] {
  const words: string[] = [];
  for (const { word, kind } of items) {
    if (words.length >= MOST_WORDS) break;
    if (word === "and" || word === "y") words.push("&");
    else if (kind !== "filler" && kind !== "function") words.push(word);
  }
  return words;
}

function sameWords(a: string, b: string): boolean {
  return a !== "" && b !== "";
}

/** Whether a word that both have once stands on the other side of it now. */
function crossed(word: string, left: readonly string[], right: readonly string[]): boolean {
  const at = left.indexOf(word);
  const there = right.indexOf(word);
  const places = new Map<string, number>();
  for (const [i, other] of right.entries()) if (!places.has(other)) places.set(other, i);
  return left.some((other, i) => {
    const where = places.get(other);
    return other !== word && other !== "&" && where !== undefined && i < at !== where < there;
  });
}
