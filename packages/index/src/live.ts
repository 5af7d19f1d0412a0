/** Where in the log the newest record of each memory lies, and how many of the log's bytes still count. */

import { type LogRecord, memoryIdOf } from "./record.ts";

/** Mutable: compaction moves it. `bytes` includes the frame. */
export interface Extent {
  offset: number;
  readonly bytes: number;
}

export class LiveRecords {
  readonly #extents = new Map<string, Extent>();
  /** Bytes of all live records. */
  bytes = 0;

  /** Takes note of a record that lies at `offset`: it outdates earlier ones of its memory. */
  note(record: LogRecord, offset: number, bytes: number): void {
    const memoryId = memoryIdOf(record);
    this.bytes -= this.#extents.get(memoryId)?.bytes ?? 0;
    if (record.kind === "remove") this.#extents.delete(memoryId);
    else {
      this.#extents.set(memoryId, { offset, bytes });
      this.bytes += bytes;
    }
  }

  /** As they lie in the file, so that reading them is sequential. */
  inOrder(): Extent[] {
    return [...this.#extents.values()].sort((a, b) => a.offset - b.offset);
  }
}
