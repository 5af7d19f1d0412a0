/** What callers ask of explanations: why a memory was, or was not, in the answer to a query. */

import type { Subject, TenantScope } from "@nexus/core";
import type { Tier } from "../engines/accuracy.ts";
import type { Recall } from "../recall/recall.ts";
import type { Factors, RecallRequest, RecallResult, Skipped } from "../requests.ts";
import type { Evidence } from "./evidence.ts";
import { explanationOf, type ExplainDependencies } from "./explanation.ts";

/** Either an answer of the last day, or a search that is made now. */
export type ExplainRequest = (
  | { readonly queryId: string; readonly search?: undefined }
  | { readonly search: RecallRequest; readonly queryId?: undefined }
) & {
  readonly memoryId: string;
  /** All that the caller's user token may reach. */
  readonly subject?: Subject | undefined;
  /** The caller may hear of answers to the whole tenant. */
  readonly tenantWide: boolean;
};

/** Why a memory was not in an answer. */
export type Reason =
  | { readonly code: "notFound"; readonly sentence: string }
  /** It ranks behind the last result shown: `cut` results were, the last with the score `weakest`. */
  | {
      readonly code: "belowCut";
      readonly sentence: string;
      readonly rank: number;
      readonly score: number;
      readonly cut: number;
      readonly weakest: number;
    }
  | { readonly code: "belowMinScore"; readonly sentence: string; readonly score: number; readonly minScore: number }
  /** A condition of the request that it does not fit. */
  | { readonly code: "filtered"; readonly sentence: string; readonly clause: string }
  | { readonly code: "duplicateOf" | "supersededBy"; readonly sentence: string; readonly id: string | null }
  | { readonly code: "notValidAt"; readonly sentence: string; readonly at: Date }
  | { readonly code: "expired"; readonly sentence: string; readonly at: Date }
  | { readonly code: "sourceSkipped"; readonly sentence: string; readonly source: Skipped["source"] };

export interface Explanation {
  readonly included: boolean;
  /** From 1; of the answer where it was in it, else of the search made again. */
  readonly rank?: number | undefined;
  readonly score?: number | undefined;
  readonly confidence?: number | undefined;
  readonly sources: RecallResult["sources"];
  /** What the score is made of; absent for a memory that no source found. */
  readonly factors?: RecallResult["factors"] | undefined;
  readonly weights: Factors;
  readonly explanation: string;
  /** None for a memory that was in the answer. */
  readonly reasons: readonly Reason[];
  readonly evidence: Evidence;
  readonly accuracyTier: Tier;
}

export interface ExplainService {
  /**
   * Why a memory was in an answer, or why not: the search is made again with 1,000 results, and the request's conditions
   * are tried on the memory one by one.
   *
   * throws   query.not_found (also for an answer to somebody else), memory.not_found, and what `recall` throws
   */
  explain(scope: TenantScope, request: ExplainRequest): Promise<Explanation>;
}

export function explainService(recall: Recall, deps: ExplainDependencies): ExplainService {
  return { explain: (scope, request) => explanationOf(scope, request, recall, deps) };
}
