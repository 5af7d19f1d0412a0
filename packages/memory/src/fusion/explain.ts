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
const MIN_SHARE = 0.02;

export function explain({ candidate, factors }: Fused, context: ExplainContext): string {
  const largest = FACTOR_NAMES.map((name) => ({ name, share: context.weights[name] * factors[name] }))
    .filter(({ share }) => share >= MIN_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  const parts = largest.flatMap(({ name }) => phrase(name, candidate.payload, candidate.sources, factors, context));
  const count = [...candidate.sources].filter((source) => source !== "cache").length;
  if (count > 1) parts.push(`found by ${count} sources`);
  if (context.closedAt) parts.push(`no longer valid since ${context.closedAt.toISOString().slice(0, 10)}`);
  const sentence = parts.length > 0 ? parts.join("; ") : "weakly related to the query";
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function phrase(
  name: FactorName,
  payload: Fused["candidate"]["payload"],
  sources: ReadonlySet<SourceName>,
  factors: Factors,
  context: ExplainContext,
): string[] {
  if (name === "semantic") return factors.semantic >= 0.2 ? ["close in meaning"] : [];
  if (name === "recency")
    return [
      `${payload.speaker === undefined ? "remembered" : `${payload.speaker} said it`} ${ageOf(payload.validFrom ?? payload.createdAt, context.now)}`,
    ];
  if (name !== "keyword") return [];
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
