/** What happens to a memory after it was remembered, short of forgetting it: its validity ends, a merge is undone. */

import type { Memory, PartitionSeq } from "@nexus/core";
import type { Writer } from "../requests.ts";

export interface InvalidateRequest {
  readonly reason: string;
  /** When it ceased to hold; now, when left out. */
  readonly validTo?: Date | undefined;
}

export interface Changed {
  readonly memory: Memory;
  readonly seqs: readonly PartitionSeq[];
}

export interface Undone {
  readonly memory: Memory;
  /** Memories that hold by themselves again. */
  readonly restored: readonly string[];
  readonly seqs: readonly PartitionSeq[];
}

export interface LifecycleService {
  /**
   * Ends a memory's validity and keeps its history: recall finds it only as of a moment at which it held.
   *
   * throws   memory.not_found, memory.time_invalid when it would end before it began, memory.version_conflict
   */
  invalidate(
    writer: Writer,
    id: string,
    request: InvalidateRequest,
    options: { readonly ifVersion?: number | undefined },
  ): Promise<Changed>;
  /**
   * Gives back what this memory took in (`merged`) or replaced (`superseded`); both then hold side by side.
   *
   * throws   memory.not_found, memory.merge_not_found when there is nothing to give back
   */
  undoMerges(writer: Writer, id: string): Promise<Undone>;
}
