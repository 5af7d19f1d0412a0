/** Solutions: memories that were rated good for questions of one kind, ready for the next question of that kind. */

import { type FoundPattern, MIN_MEMORIES, sharedTerms, type Told } from "./patterns.ts";

/** A rating of a memory with the question that it was an answer to. */
export interface RatedQuestion {
  readonly memoryId: string;
  /** −1…1, not 0. */
  readonly rating: number;
  /** The question's vector, of unit length. */
  readonly question: Float32Array;
  readonly at: number;
}

export interface Solution extends FoundPattern {
  /** Mean of the questions, of unit length: a solution is known by what it solved, since what solved it is of another domain and has other words. */
  readonly centroid: Float32Array;
  /** Tells it from other solutions of the user. */
  readonly key: string;
  /** Good ratings of its memories for such questions, and all of them. */
  readonly successCount: number;
  readonly usageCount: number;
}

const MAX_SOLUTIONS = 200;
/** Topics that memories must share for one to be taken along with another: one word is often chance. */
const MIN_TERMS = 2;
/** Calibrated cosine of two questions that are the same but for a word or two: less, and kinds grow into each other. */
const SAME_QUESTION = 0.6;

/**
 * Groups good ratings by their questions where those are nearly the same, and takes the memories that answered one kind of question for a solution,
 * together with those that a topical pattern puts beside them; three memories make one.
 *
 * likeness   calibrated cosine from which a badly rated question counts against those of a kind
 */
export function solutionsOf(
  ratings: readonly RatedQuestion[],
  told: readonly Told[],
  topical: readonly FoundPattern[],
  { likeness, unrelatedCosine }: { likeness: number; unrelatedCosine: number },
): Solution[] {
  const known = new Map(told.map((one) => [one.id, one]));
  const inOrder = ratings.filter(({ memoryId }) => known.has(memoryId)).sort((a, b) => a.at - b.at);
  const kinds: { mean: Float32Array; ratings: RatedQuestion[] }[] = [];
  for (const rated of inOrder.filter(({ rating }) => rating > 0)) {
    const kind = kinds.find(({ mean }) => calibrated(mean, rated.question, unrelatedCosine) >= SAME_QUESTION);
    if (!kind) kinds.push({ mean: rated.question, ratings: [rated] });
    else {
      kind.ratings.push(rated);
      kind.mean = meanOf(kind.ratings.map(({ question }) => question));
    }
  }
  const bad = inOrder.filter(({ rating }) => rating < 0);
  return kinds
    .flatMap(({ mean, ratings: good }) => {
      const against = bad.filter(({ question }) => calibrated(mean, question, unrelatedCosine) >= likeness);
      return helpedBy([...good, ...against], known, topical).map(({ domain, members, rated }) => ({
        key: `${good[0]?.at ?? 0}:${good[0]?.memoryId ?? ""}`,
        type: "solution" as const,
        domain,
        terms: sharedTerms(members),
        memoryIds: members.toSorted((a, b) => a.at - b.at).map(({ id }) => id),
        centroid: mean,
        successCount: rated.filter(({ rating }) => rating > 0).length,
        usageCount: rated.length,
      }));
    })
    .slice(-MAX_SOLUTIONS);
}

/** (cos − c₀)/(1 − c₀), c₀ the model's cosine of unrelated texts. */
export function calibrated(a: Float32Array, b: Float32Array, unrelated: number): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += (a[i] ?? 0) * (b[i] ?? 0);
  return (dot - unrelated) / (1 - unrelated);
}

interface Helped {
  readonly domain: string;
  readonly members: readonly Told[];
  readonly rated: readonly RatedQuestion[];
}

/** What helped with one kind of question; its domain is that of most of it, since that of one short text is a guess. */
function helpedBy(
  ratings: readonly RatedQuestion[],
  known: ReadonlyMap<string, Told>,
  topical: readonly FoundPattern[],
): Helped[] {
  const sums = new Map<string, number>();
  for (const { memoryId, rating } of ratings) sums.set(memoryId, (sums.get(memoryId) ?? 0) + rating);
  const helped = new Set([...sums].flatMap(([id, sum]) => (sum > 0 ? [id] : [])));
  const beside = topical.filter(
    ({ terms, memoryIds }) => terms.length >= MIN_TERMS && memoryIds.some((id) => helped.has(id)),
  );
  const members = [...new Set([...helped, ...beside.flatMap(({ memoryIds }) => memoryIds)])]
    .filter((id) => (sums.get(id) ?? 0) >= 0)
    .flatMap((id) => known.get(id) ?? []);
  if (members.length < MIN_MEMORIES) return [];
  const ids = new Set(members.map(({ id }) => id));
  return [{ domain: mostFrequent(members), members, rated: ratings.filter(({ memoryId }) => ids.has(memoryId)) }];
}

function mostFrequent(members: readonly Told[]): string {
  const counts = new Map<string, number>();
  for (const { domain } of members) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? "general";
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value));
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}
