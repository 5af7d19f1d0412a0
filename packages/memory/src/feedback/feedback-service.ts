/** What callers ask of feedback: to rate an answer or a memory in it, and to begin anew. */

import type { PartitionSeq, Subject, TenantScope } from "@nexus/core";
import type { Writer } from "../requests.ts";
import { type FeedbackDependencies, rate } from "./rate.ts";
import { resetProfile, resetWeights } from "./reset.ts";

export interface FeedbackRequest {
  readonly queryId: string;
  /** Left out, the rating is of the answer as a whole: it is kept, and moves no memory. */
  readonly memoryId?: string | undefined;
  /** −1…1. */
  readonly rating: number;
  readonly comment?: string | undefined;
  /** Whose answers alone may be rated: what a user token is for. */
  readonly subject?: Subject | undefined;
}

export interface Rating {
  readonly id: string;
  readonly seqs: readonly PartitionSeq[];
}

export interface FeedbackService {
  /**
   * Rates an answer of the last day, or one memory in it: the memory's quality and what its user is taken to prefer
   * follow in the same transaction, and cached answers end. The same key rating the same again replaces its rating; 0 takes it back.
   *
   * throws   query.not_found, body.invalid for a memory that was not in the answer, memory.not_found for one that is
   *          gone, idempotency.mismatch, store.*
   */
  rate(writer: Writer, request: FeedbackRequest): Promise<Rating>;
  /** Forgets what was learnt of a user's preferences; ratings before now no longer count towards them. */
  resetProfile(writer: Writer, userId: string | undefined): Promise<Rating["seqs"]>;
  /** Goes back to the default fusion weights until ratings from now on teach others. */
  resetWeights(scope: TenantScope): Promise<void>;
}

export function feedbackService(deps: FeedbackDependencies): FeedbackService {
  return {
    rate: (writer, request) => rate(writer, request, deps),
    resetProfile: (writer, userId) => resetProfile(writer, userId, deps),
    resetWeights: (scope) => resetWeights(scope, deps),
  };
}
