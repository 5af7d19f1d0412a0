/** One sentence per result, made of the factors that weighed most. */

import type { FactorName, Factors, SourceName, Span } from "../requests.ts";
import { FACTOR_NAMES, type Fused } from "./fuse.ts";

export interface ExplainContext {
  readonly weights: Factors;
  readonly spans: readonly Span[];
  readonly now: number;
  /** When its validity ended, if it has. */
  readonly closedAt?: Date | undefined;
}

const MAX_TERMS = 3;
const MAX_FACTORS = 3;
const MIN_SHARE = 0.02;
/** Semantic factor from which it is said. */
const CLOSE = 0.2;
/** Quality that a text reaches only by being confirmed or rated well. */
const CONFIRMED = 0.8;
/** Preference from which ratings speak for it: neutral is .5. */
const LIKED = 0.6;

/** The three factors that weigh most of those that say something, then how it was reached, then its state. */
export function explain({ candidate, factors }: Fused, context: ExplainContext): string {
  const { payload, sources, link, reason } = candidate;
  const parts = FACTOR_NAMES.map((name) => ({ name, share: context.weights[name] * factors[name] }))
    .filter(({ share }) => share >= MIN_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ name }) => phrases(name, candidate, factors, context))
    .filter((own) => own.length > 0)
    .slice(0, MAX_FACTORS)
    .flat();
  if (link !== undefined && !sources.has("sparse")) parts.push(`linked through ${link}`);
  if (reason !== undefined) parts.push(reason);
  const count = [...sources].filter((source) => source !== "cache").length;
  if (count > 1) parts.push(`found by ${count} sources`);
  if (context.closedAt) {
    const state = payload.status === "superseded" ? "replaced on" : "no longer valid since";
    parts.push(`${state} ${context.closedAt.toISOString().slice(0, 10)}`);
  }
  const sentence = parts.length > 0 ? parts.join("; ") : "weakly related to the query";
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function phrases(
  name: FactorName,
  { payload, sources }: Fused["candidate"],
  factors: Factors,
  context: ExplainContext,
): string[] {
  if (name === "keyword") return keywordPhrases(payload, sources, context);
  if (name === "recency") {
    const by = payload.speaker === undefined ? "remembered" : `said by ${payload.speaker}`;
    return [`${by} ${ageOf(payload.validFrom ?? payload.createdAt, context.now)}`];
  }
  if (name === "semantic") return factors.semantic >= CLOSE ? ["close in meaning"] : [];
  if (name === "quality") return factors.quality >= CONFIRMED ? ["often confirmed"] : [];
  if (name === "preference") return factors.preference >= LIKED ? ["like ones you rated well"] : [];
  return factors.domain === 1 && payload.domain !== undefined ? [`about ${payload.domain}`] : [];
}

function keywordPhrases(
  payload: Fused["candidate"]["payload"],
  sources: ReadonlySet<SourceName>,
  context: ExplainContext,
): string[] {
  const terms = distinctTerms(context.spans);
  if (terms.length > 0) return [`matches ${list(terms.slice(0, MAX_TERMS).map((term) => `“${term}”`))}`];
  return [
    // Found by its words, and none of them is in the text: then it was the name in front of it.
    ...(sources.has("sparse") && payload.speaker !== undefined ? [`said by ${payload.speaker}`] : []),
    ...(sources.has("session") ? ["part of a conversation that matches"] : []),
  ];
}

function distinctTerms(spans: readonly Span[]): string[] {
  const seen = new Map<string, string>();
  for (const { term } of spans) if (!seen.has(term.toLowerCase())) seen.set(term.toLowerCase(), term);
  return [...seen.values()];
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const UNITS: readonly [string, number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

function ageOf(then: number, now: number): string {
  for (const [unit, ms] of UNITS) {
    const count = Math.floor((now - then) / ms);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
