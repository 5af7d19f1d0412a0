/** What the files of an index ask of the index in memory. */

import type { ColumnBatch } from "../column-batch.ts";

export interface BulkIndex {
  /** Adds memories that are not there yet, in order. It copies the numbers before it returns; another batch may come before it resolves. */
  load(batch: ColumnBatch): Promise<void>;
  /** The bytes of each named vector's graph, where there is one. They stay as they are. */
  graphs(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Takes a graph that `graphs` gave earlier; false where it does not fit the rows, and then nothing has changed. */
  adoptGraph(name: string, bytes: Uint8Array): boolean;
  /** Changes whenever `graphs` would give other bytes. */
  graphVersion(): number;
}
