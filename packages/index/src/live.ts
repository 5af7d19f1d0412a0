/** Where in the log the newest record of each memory lies, and how many of the log's bytes still count. */

/** Mutable: compaction moves it. `bytes` includes the frame. */
export interface Extent {
  offset: number;
  readonly bytes: number;
}

export class LiveRecords {
  readonly #extents = new Map<string, Extent>();
  /** Bytes of all live records. */
  bytes = 0;

  put(memoryId: string, extent: Extent): void {
    this.remove(memoryId);
    this.#extents.set(memoryId, extent);
    this.bytes += extent.bytes;
  }

  remove(memoryId: string): void {
    this.bytes -= this.#extents.get(memoryId)?.bytes ?? 0;
    this.#extents.delete(memoryId);
  }

  /** As they lie in the file, so that reading them is sequential. */
  inOrder(): Extent[] {
    return [...this.#extents.values()].sort((a, b) => a.offset - b.offset);
  }
}
