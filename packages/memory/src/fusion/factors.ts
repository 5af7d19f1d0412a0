/** The six factors of a score, each 0…1. Formulas and their sources: details.md, section 5. */

import type { PointPayload } from "@nexus/core";
import type { FusionSettings } from "../defaults.ts";
import type { Factors } from "../requests.ts";
import type { Candidate } from "./join.ts";
import { keywordFactors } from "./keyword.ts";
import type { Interval } from "./moment.ts";

export interface FactorContext {
  /** BM25 of a perfect match of the query. */
  readonly ceiling: number;
  /** Its words, lower case, to see whether it names a speaker. */
  readonly words: ReadonlySet<string>;
  /** Cues that an answer to it shows, as bits in the order of `CUES`. */
  readonly asks: number;
  /** Dates that it names. */
  readonly dates: readonly Interval[];
  /** Zero of the semantic factor: each model's cosine of unrelated texts. */
  readonly unrelatedCosine: number;
  readonly deepUnrelatedCosine?: number | undefined;
  /** Moment that ages are measured from, milliseconds. */
  readonly at: number;
  readonly halfLifeMs: number;
  /** What the query is about, each domain it may be of; undefined when that was not asked. */
  readonly domains?: ReadonlySet<string> | undefined;
  /** What the user's ratings say of a memory, 0…1. */
  readonly preference?: ((payload: PointPayload) => number) | undefined;
  readonly settings: FusionSettings;
}

/** Where nothing is known. */
const NEUTRAL = 0.5;
/**
 * What an engine learnt of a memory is worth beside its words, which are of another domain. On the even half of
 * test/eval/engines/data/cross-domain.txt NDCG@10 rises with it: .47 at .3, .73 at .5, .90 at .8.
 */
const LEARNT_SHARE = 0.8;
const GENERAL = "general";

export function factorsOf(candidates: readonly Candidate[], context: FactorContext): Factors[] {
  const keyword = keywordFactors(candidates, context);
  return candidates.map((candidate, i) => ({
    semantic: semanticFactor(candidate, context),
    keyword: Math.min(1, (keyword[i] ?? 0) + LEARNT_SHARE * (candidate.learnt ?? 0)),
    recency: recencyFactor(candidate, context),
    quality: qualityFactor(candidate, context),
    domain: domainFactor(candidate, context),
    preference: context.preference?.(candidate.payload) ?? NEUTRAL,
  }));
}

/** Of both models where both have told; a memory that has no deep vector yet is judged by the built-in one. */
function semanticFactor(
  { cosine, deepCosine }: Candidate,
  { unrelatedCosine, deepUnrelatedCosine = 0, settings }: FactorContext,
): number {
  const own = likeness(cosine, unrelatedCosine);
  if (deepCosine === undefined) return own;
  const { share } = settings.deep;
  return (1 - share) * own + share * likeness(deepCosine, deepUnrelatedCosine);
}

/** 0 for unrelated texts, 1 for equal ones. */
function likeness(cosine: number, unrelated: number): number {
  return Math.min(1, Math.max(0, (cosine - unrelated) / (1 - unrelated)));
}

/** 1/(1 + age/h); 0 for what has been replaced. */
function recencyFactor({ payload }: Candidate, { at, halfLifeMs }: FactorContext): number {
  if (isReplaced(payload, at)) return 0;
  const age = Math.max(0, at - (payload.validFrom ?? payload.createdAt));
  return 1 / (1 + age / halfLifeMs);
}

function qualityFactor({ payload }: Candidate, { at }: FactorContext): number {
  return isReplaced(payload, at) ? 0 : (payload.quality ?? NEUTRAL);
}

/** Superseded by the moment asked about: its validity has ended then, whatever its status is now. */
function isReplaced({ status, validTo }: PointPayload, at: number): boolean {
  return validTo === undefined ? status === "superseded" : validTo <= at;
}

/** 1 for the query's domain, ½ when either is general or unknown, else 0. */
function domainFactor({ payload: { domain = GENERAL } }: Candidate, { domains }: FactorContext): number {
  if (!domains || domains.has(GENERAL) || domain === GENERAL) return NEUTRAL;
  return domains.has(domain) ? 1 : 0;
}

const DAY_MS = 86_400_000;

/** The candidates' median age, within a day and a year: a scale that fits what is being compared. */
export function halfLifeOf(candidates: readonly Candidate[], at: number): number {
  const ages = candidates
    .map(({ payload }) => Math.max(0, at - (payload.validFrom ?? payload.createdAt)))
    .sort((a, b) => a - b);
  return Math.min(365 * DAY_MS, Math.max(DAY_MS, ages[ages.length >> 1] ?? DAY_MS));
}
