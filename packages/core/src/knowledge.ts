/** What memories say together: who and what they name, what they state of them, and how one bears on another. */

import type { EntityType } from "./memory.ts";

/** Somebody or something that a user's memories name. Its id is a UUIDv5 of user, type and `nameKey`, so that writers agree on it without asking. */
export interface Entity {
  readonly partition: string;
  readonly id: string;
  readonly type: EntityType;
  readonly name: string;
  /** The name in NFKC, case-folded, with single spaces. */
  readonly nameKey: string;
  /** Other spellings seen. */
  readonly aliases: readonly string[];
  /** Memories that name it. */
  readonly frequency: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}

/** What one memory says of how two entities relate. */
export interface Relation {
  readonly partition: string;
  readonly subjectId: string;
  readonly type: string;
  readonly objectId: string;
  readonly memoryId: string;
  readonly subjectName: string;
  readonly objectName: string;
  readonly confidence: number;
  readonly validFrom: Date;
  readonly validTo?: Date | undefined;
}

export type ReferenceType = "mergedInto" | "supersedes" | "possiblySupersedes";

/** How one memory bears on an older one. */
export interface Reference {
  readonly memoryId: string;
  readonly type: ReferenceType;
  readonly targetId: string;
  readonly partition: string;
  readonly reason: string;
  readonly similarity?: number | undefined;
  /** The target's end of validity before this reference closed it, to be put back by an undo. */
  readonly formerValidTo?: Date | undefined;
  readonly createdAt: Date;
  readonly undoneAt?: Date | undefined;
}
