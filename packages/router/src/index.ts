/** Query analysis, the domain of a text, and the choice of path. */

export { analyse, type QueryAnalysis } from "./analyse.ts";
export type { AnswerKind } from "./answer-kind.ts";
export { cacheProbability } from "./cache-probability.ts";
export type { Complexity } from "./complexity.ts";
export { classifyDomain, type Domain, type DomainGuess } from "./domain.ts";
export { DOMAIN_CLASSES, type DomainClass } from "./domain-classes.ts";
export { choosePath, type Mode, type Path, type PathChoice, type PathHints } from "./path.ts";
export { isStatement } from "./statement.ts";
