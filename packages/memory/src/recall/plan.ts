/** What a request is about, as the steps of the read path need it: scope and time as a filter, terms, limits by path. */

import { allOf, equals, type Filter, type SparseVector, type TermStatistics } from "@nexus/core";
import { classifyDomain } from "@nexus/router";
import { answerCues, findDates, guessLanguage, nameKey, type QueryTerm, stopWords, words } from "@nexus/text";
import type { FactorContext } from "../fusion/factors.ts";
import type { RecallRequest } from "../requests.ts";
import { cueBits } from "../sources/cues.ts";
import type { SourceLimits } from "../sources/source.ts";

/** The paths that search. */
export type SearchPath = "smart" | "full" | "maximum";

/** Candidates asked of each source. */
export const LIMITS_BY_PATH: Readonly<Record<SearchPath, SourceLimits>> = {
  smart: { dense: 50, sparse: 50, session: 150, beside: 70, graph: 25, hops: 1 },
  full: { dense: 100, sparse: 100, session: 400, beside: 200, graph: 50, hops: 2 },
  maximum: { dense: 150, sparse: 150, session: 600, beside: 300, graph: 50, hops: 2 },
};

/** The request's scope, filters and moment as one filter. `agentId` and `sessionId` narrow a search only when named. */
export function filterOf({ userId, agentId, sessionId, filter, asOf }: RecallRequest, now: number): Filter {
  return allOf(
    userId === undefined ? undefined : equals("userId", userId),
    agentId === undefined ? undefined : equals("agentId", agentId),
    sessionId === undefined ? undefined : equals("sessionId", sessionId),
    asOf ? validAt(asOf.getTime()) : present(now),
    "all" in filter && filter.all.length === 0 ? undefined : filter,
  );
}

/** Without a moment: what was merged into another memory is found there, and what was declared invalid is not to be found once it has ended. What was superseded stays, further down. */
export function present(now: number): Filter {
  return {
    any: [
      { field: "status", operator: "nin", value: ["merged", "invalidated"] },
      { all: [equals("status", "invalidated"), { field: "validTo", operator: "gt", value: now }] },
    ],
  };
}

/** True at `time`: begun, and not ended. */
function validAt(time: number): Filter {
  const begunBy = (field: string): Filter => ({ field, operator: "lte", value: time });
  return {
    all: [
      { any: [begunBy("validFrom"), { all: [equals("validFrom", null), begunBy("createdAt")] }] },
      { any: [equals("validTo", null), { field: "validTo", operator: "gt", value: time }] },
    ],
  };
}

/** What kind of answer the query asks for, and the dates that it names, as seen from the moment it is asked at. */
export function askedOf(query: string, at: number): Pick<FactorContext, "asks" | "dates"> {
  const dates = findDates(query, new Date(at), { language: guessLanguage(query).language });
  return {
    asks: cueBits(answerCues(query)),
    dates: dates.map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() })),
  };
}

/** What the query is about: one domain, or each that it is of when it is of several. */
export function domainsOf(query: string): ReadonlySet<string> {
  const { domain, domains } = classifyDomain(words(query).map(({ text }) => text.toLowerCase()));
  if (domain !== "crossDomain") return new Set([domain]);
  const [first = "general", second = "general"] = Object.entries(domains)
    .filter(([name]) => name !== "general")
    .sort((a, b) => b[1] - a[1])
    .map(([name]) => name);
  return new Set([first, second]);
}

const CAPITAL = /^\p{Lu}/u;
/** Words that a name may have. */
const NAME_WORDS = 4;

/**
 * Name keys of all runs of up to four words that neither begin nor end with a stop word: what of them names an entity, the
 * index knows. Who writes capitals at all has written those of names.
 */
export function namesIn(query: string): string[] {
  const found = words(query).map(({ text }) => text.replace(/['’]s$/u, ""));
  const stops = stopWords(guessLanguage(query).language);
  const isStop = (word: string | undefined): boolean => stops.has((word ?? "").toLowerCase());
  const isCased = found.slice(1).some((word) => CAPITAL.test(word));
  const names = new Set<string>();
  for (const from of found.keys()) {
    for (let to = from + 1; to <= Math.min(found.length, from + NAME_WORDS); to++) {
      const run = found.slice(from, to);
      if (isCased && !run.some((word) => CAPITAL.test(word))) continue;
      if (!isStop(run[0]) && !isStop(run.at(-1))) names.add(nameKey(run.join(" ")));
    }
  }
  return [...names];
}

export interface WeighedTerms {
  /** The terms that occur in the tenant, each weighted by its inverse document frequency. */
  readonly sparse: SparseVector;
  /** BM25 of a text that has every word of the query, many times: what a score is out of. Words that no memory has count too. */
  readonly ceiling: number;
}

/** k₁ + 1 of BM25: what one term can weigh at most. */
const TERM_CEILING = 2.2;

/**
 * Weighs the query's terms by how rare they are: idf = ln(1 + (N − df + ½)/(df + ½)).
 * A word's stems in other languages than the query's own are dropped where the own one occurs: they are there for
 * texts that were indexed under another language, and elsewhere only add noise.
 */
export function weigh(terms: readonly QueryTerm[], { points, frequencies }: TermStatistics): WeighedTerms {
  const idf = (frequency: number): number => Math.log(1 + (points - frequency + 0.5) / (frequency + 0.5));
  const counted = terms.map((term, i) => ({ ...term, frequency: frequencies[i] ?? 0 }));
  const own = counted.filter(({ weight }) => weight === 1);
  const settled = new Set(own.filter(({ frequency }) => frequency > 0).map(({ word }) => word));
  const used = counted.filter(({ word, weight, frequency }) => frequency > 0 && (weight === 1 || !settled.has(word)));
  return {
    sparse: {
      ids: Uint32Array.from(used, ({ id }) => id),
      weights: Float32Array.from(used, ({ weight, frequency }) => weight * idf(frequency)),
    },
    ceiling: own.reduce((sum, { frequency }) => sum + idf(frequency) * TERM_CEILING, 0),
  };
}
