/** The six factors of a score, each 0…1. Formulas and their sources: details.md, section 5. */

import type { FusionSettings } from "../defaults.ts";
import type { Factors } from "../requests.ts";
import type { Candidate } from "./join.ts";

export interface FactorContext {
  /** BM25 of a perfect match of the query. */
  readonly ceiling: number;
  /** Its words, lower case, to see whether it names a speaker. */
  readonly words: ReadonlySet<string>;
  /** Zero of the semantic factor: the model's cosine of unrelated texts. */
  readonly unrelatedCosine: number;
  /** Moment that ages are measured from, milliseconds. */
  readonly at: number;
  readonly halfLifeMs: number;
  readonly settings: FusionSettings;
}

/** The value of a factor whose engine is not built yet; its weight is 0. */
const NEUTRAL = 0.5;

export function factorsOf(candidates: readonly Candidate[], context: FactorContext): Factors[] {
  const keyword = keywordFactors(candidates, context);
  return candidates.map((candidate, i) => ({
    semantic: semanticFactor(candidate.cosine, context.unrelatedCosine),
    keyword: keyword[i] ?? 0,
    recency: recencyFactor(candidate, context),
    quality: NEUTRAL,
    domain: NEUTRAL,
    preference: NEUTRAL,
  }));
}

function semanticFactor(cosine: number, unrelated: number): number {
  return Math.min(1, Math.max(0, (cosine - unrelated) / (1 - unrelated)));
}

/** E over max(1, max E), E = the memory's BM25 and shares of its session's, its neighbours' and of its speaker being named. */
function keywordFactors(candidates: readonly Candidate[], { ceiling, words, settings }: FactorContext): number[] {
  // A weak best match must not count as 1: at least half of what a perfect one would reach.
  const bm25Top = Math.max(ceiling / 2, ...candidates.map(({ bm25 }) => bm25), Number.MIN_VALUE);
  const sessionTop = Math.max(...candidates.map(({ session }) => session), Number.MIN_VALUE);
  const raw = candidates.map(
    ({ bm25, session, beside, payload }) =>
      bm25 / bm25Top +
      (settings.sessionShare * session) / sessionTop +
      (settings.besideShare * beside) / bm25Top +
      settings.speakerShare * Number(isNamed(payload.speaker, words)),
  );
  const top = Math.max(1, ...raw);
  return raw.map((value) => value / top);
}

function isNamed(speaker: string | undefined, words: ReadonlySet<string>): boolean {
  return (
    speaker !== undefined &&
    speaker
      .toLowerCase()
      .split(/\s+/u)
      .some((name) => words.has(name))
  );
}

/** 1/(1 + age/h); 0 for a fact whose validity has ended. */
function recencyFactor({ payload }: Candidate, { at, halfLifeMs }: FactorContext): number {
  if (payload.validTo !== undefined && payload.validTo <= at) return 0;
  const age = Math.max(0, at - (payload.validFrom ?? payload.createdAt));
  return 1 / (1 + age / halfLifeMs);
}

const DAY_MS = 86_400_000;

/** The candidates' median age, within a day and a year: a scale that fits what is being compared. */
export function halfLifeOf(candidates: readonly Candidate[], at: number): number {
  const ages = candidates
    .map(({ payload }) => Math.max(0, at - (payload.validFrom ?? payload.createdAt)))
    .sort((a, b) => a - b);
  return Math.min(365 * DAY_MS, Math.max(DAY_MS, ages[ages.length >> 1] ?? DAY_MS));
}
