/** A partition is (tenant, userId or `_`): the unit in which writes are ordered and answers are kept fresh. */

/** The partition of memories that belong to no user. Callers cannot name it: `_` is refused as a userId. */
export const SHARED_PARTITION = "_";

export function partitionOf(userId: string | undefined): string {
  return userId ?? SHARED_PARTITION;
}

/** Where a partition stood after a write: its change rows are numbered 1, 2, 3 … without gaps. */
export interface PartitionSeq {
  readonly partition: string;
  readonly seq: number;
}
