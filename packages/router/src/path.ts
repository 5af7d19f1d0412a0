/** Which path a query takes, and where it may escalate to. Every path looks in the exact cache first. */

import type { QueryAnalysis } from "./analyse.ts";
import { cacheProbability } from "./cache-probability.ts";

export type Path = "cache_only" | "smart" | "full" | "maximum";
export type Mode = "auto" | "fast" | "balanced" | "maxAccuracy";

export interface PathChoice {
  readonly first: Path;
  /** The last one that low confidence may escalate to, one step at a time. */
  readonly last: Path;
  /** The mode bounds the path below what the query calls for. */
  readonly capped: boolean;
}

export interface PathHints {
  /** The same query was asked before (a Bloom filter's answer). */
  readonly seenBefore?: boolean;
  /** The tenant's share of cache hits in the last 24 hours, 0…1. */
  readonly hitRate?: number;
}

/** What the choice reads of an analysis. */
export type Routable = Pick<QueryAnalysis, "complexity" | "critical" | "hasReference" | "isRepetition" | "wordCount">;

const ORDER: readonly Path[] = ["cache_only", "smart", "full", "maximum"];
/** Lowest and highest path of each mode; `auto` gets to `maximum` only by the query itself. */
const BOUNDS: Readonly<Record<Mode, readonly [Path, Path]>> = {
  auto: ["cache_only", "maximum"],
  fast: ["cache_only", "smart"],
  balanced: ["smart", "full"],
  maxAccuracy: ["maximum", "maximum"],
};
const LIKELY = 0.5;

/**
 * Critical → maximum, complex → full, others → smart, but a simple one that is likely cached → cache_only; then the mode's
 * bounds.
 *
 * source   details.md, section 4; api.md, POST /api/process
 */
export function choosePath(analysis: Routable, mode: Mode, hints: PathHints = {}): PathChoice {
  const wanted = wantedPath(analysis, hints);
  const [lowest, highest] = BOUNDS[mode];
  const first = ORDER[Math.min(rank(highest), Math.max(rank(lowest), rank(wanted)))] as Path;
  const climb = mode === "auto" && first !== "maximum" ? "full" : highest;
  return { first, last: climb, capped: rank(wanted) > rank(highest) };
}

function wantedPath(analysis: Routable, { seenBefore = false, hitRate = 0 }: PathHints): Path {
  const { complexity, critical } = analysis;
  if (critical || complexity === "critical") return "maximum";
  if (complexity === "complex") return "full";
  const cached = seenBefore || cacheProbability(analysis, hitRate) > LIKELY;
  return complexity === "simple" && cached ? "cache_only" : "smart";
}

function rank(path: Path): number {
  return ORDER.indexOf(path);
}
