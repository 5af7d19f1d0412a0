/** Which path a query takes, and where it may escalate to. Every path looks in the exact cache first. */

import type { Complexity } from "./analyse.ts";

export type Path = "cache_only" | "smart" | "full" | "maximum";
export type Mode = "auto" | "fast" | "balanced" | "maxAccuracy";

export interface Route {
  /** The first path that searches. */
  readonly first: "smart" | "full";
  /** The last one that low confidence may escalate to. */
  readonly last: "smart" | "full";
  /** The caller asked for more than this server has built (`maximum`), or for less than the query needs. */
  readonly capped: boolean;
}

/** fast = smart; balanced and auto = smart, or full for complex queries, up to full; maxAccuracy = full, capped until `maximum` is built. */
export function route(mode: Mode, complexity: Complexity): Route {
  if (mode === "fast") return { first: "smart", last: "smart", capped: complexity === "complex" };
  if (mode === "maxAccuracy") return { first: "full", last: "full", capped: true };
  return { first: complexity === "complex" ? "full" : "smart", last: "full", capped: false };
}
