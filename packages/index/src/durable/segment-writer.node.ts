/** Writes segments: immutable files of columns. A block is a catalog (JSON) and behind it the numbers of some thousands of points. */

import { catalogJson } from "./catalog.ts";
import { gather, numberBytes, type Part } from "./columns.ts";
import { writeAt } from "./files.node.ts";
import { fileHeader, frameHeader } from "./frame.node.ts";
import type { SegmentFile } from "./segment-reader.node.ts";

/** Numbers of a block: large enough that a block's costs are spread over thousands of points, small enough to be read between two turns of the event loop. */
const BLOCK_BYTES = 4_194_304;
const REMOVED_PER_BLOCK = 16_384;

/** Writes one segment from its beginning; nothing counts before `finish`. */
export class SegmentWriter {
  readonly #file: SegmentFile;
  #at = 0;
  #parts: Part[] = [];
  #bytes = 0;
  memories = 0;
  removed = 0;

  constructor(file: SegmentFile) {
    this.#file = file;
  }

  /** The batch must not change until its block is written. */
  async add(part: Part): Promise<void> {
    const batch = gather([part]);
    if (batch.memories.length === 0) return;
    this.#parts.push({ batch });
    this.#bytes += numberBytes(batch);
    this.memories += batch.memories.length;
    if (this.#bytes >= BLOCK_BYTES) await this.#flush([]);
  }

  /** returns  the file's length, once all of it is on disk */
  async finish(removed: readonly string[]): Promise<number> {
    this.removed = removed.length;
    if (this.#parts.length > 0) await this.#flush([]);
    for (let i = 0; i < removed.length; i += REMOVED_PER_BLOCK) {
      await this.#flush(removed.slice(i, i + REMOVED_PER_BLOCK));
    }
    await this.#file.handle.datasync();
    return this.#at;
  }

  async #flush(removed: readonly string[]): Promise<void> {
    const batch = gather(this.#parts);
    const catalog = Buffer.from(catalogJson(batch, removed));
    const padding = Buffer.alloc(-catalog.length & 3, " ");
    const body = Buffer.concat([catalog, padding]);
    const numbers = Buffer.concat(
      [
        ...batch.vectors.flatMap(({ points, values }) => [points, values]),
        batch.sparse.offsets,
        batch.sparse.ids,
        batch.sparse.weights,
      ].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    );
    const start = this.#at === 0 ? [fileHeader({ ...this.#file, kind: "segment" })] : [];
    const bytes = Buffer.concat([...start, frameHeader(body), body, frameHeader(numbers), numbers]);
    await writeAt(this.#file.handle, bytes, this.#at);
    this.#at += bytes.length;
    this.#parts = [];
    this.#bytes = 0;
  }
}
