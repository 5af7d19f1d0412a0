/** How much work a query asks for, by points: no labels exist on which a classifier could be trained. */

import type { DomainGuess } from "./domain.ts";
import type { Features } from "./features.ts";

export type Complexity = "simple" | "medium" | "complex" | "critical";

const LONG_WORDS = 6;

/**
 * Words ≤ 5 → 0, ≤ 15 → 1, ≤ 30 → 2, more 3; names ÷ 2 up to 2; technical 1; long words 1; several clauses 1. Up to 2 is
 * simple, 4 medium, 6 complex; 7 and critical domains are critical, several domains at least complex.
 *
 * source   details.md, section 4; the point for clauses is this project's own
 */
export function complexityOf(features: Features, { domain, critical }: DomainGuess): Complexity {
  const { wordCount, entityCount, meanWordLength, clauseCount, hasTechnical } = features;
  const points =
    (wordCount <= 5 ? 0 : wordCount <= 15 ? 1 : wordCount <= 30 ? 2 : 3) +
    Math.min(2, entityCount >> 1) +
    Number(hasTechnical) +
    Number(meanWordLength > LONG_WORDS) +
    Number(clauseCount > 1);
  if (critical || points >= 7) return "critical";
  if (points >= 5 || domain === "crossDomain") return "complex";
  return points <= 2 ? "simple" : "medium";
}
