/** The numbered files of the embedding cache: the last one is appended to, the others only read. */

import { type FileHandle, mkdir, open, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type CacheRecord, MAGIC, readCacheRecords } from "./cache-record.node.ts";

export interface Segment {
  readonly number: number;
  bytes: number;
}

type Visit = (record: CacheRecord, bytes: Buffer) => void;

const NAME = /^vectors-(\d{8})$/;

export class CacheSegments {
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #segments: Segment[] = [];
  #last: { readonly handle: FileHandle; readonly segment: Segment } | undefined;

  /** A segment of this size is full; a larger record makes a larger segment. */
  constructor(directory: string, segmentBytes: number) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  /** The oldest first. */
  get all(): readonly Segment[] {
    return this.#segments;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Reads all that is there, once and first, and cuts off what is damaged: nothing may lie on disk that nobody knows of. A last segment with room is gone on with. */
  async open(visit: (record: CacheRecord, segment: number) => void): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const number of await this.#numbers()) {
      const segment = { number, bytes: 0 };
      const path = this.#pathOf(segment);
      const file = await readFile(path);
      segment.bytes = readCacheRecords(file, (record) => visit(record, number));
      if (segment.bytes === 0) await rm(path, { force: true });
      else this.#segments.push(segment);
      if (segment.bytes > 0 && segment.bytes < file.length) await truncate(path, segment.bytes);
    }
    const last = this.#segments.at(-1);
    if (!last || last.bytes >= this.#segmentBytes) return;
    this.#last = { handle: await open(this.#pathOf(last), "r+"), segment: last };
  }

  /** Where the segment's good part ends; 0 where it is none. */
  async read(segment: Segment, visit: Visit): Promise<number> {
    return readCacheRecords(await readFile(this.#pathOf(segment)), visit);
  }

  /** The number of the segment that the records are in, handed to the operating system. */
  async append(records: Buffer): Promise<number> {
    if (this.#last && this.#last.segment.bytes >= this.#segmentBytes) await this.seal();
    this.#last ??= await this.#begin();
    const { handle, segment } = this.#last;
    for (let done = 0; done < records.length;)
      done += (await handle.write(records, done, records.length - done, segment.bytes + done)).bytesWritten;
    segment.bytes += records.length;
    return segment.number;
  }

  /** Brings the last segment to disk and appends to a new one from then on. */
  async seal(): Promise<void> {
    const last = this.#last;
    this.#last = undefined;
    try {
      await last?.handle.datasync();
    } finally {
      await last?.handle.close();
    }
  }

  /** Not the one that is appended to. */
  async remove(segment: Segment): Promise<void> {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    await rm(this.#pathOf(segment), { force: true });
  }

  /** Everything, whatever is in it. Nothing is appended before the next `open`. */
  async removeAll(): Promise<void> {
    const last = this.#last;
    this.#last = undefined;
    this.#segments.length = 0;
    await last?.handle.close().catch(() => undefined);
    const numbers = await this.#numbers().catch((error: unknown) => {
      // Where there is no folder there are no files.
      if (["ENOENT", "ENOTDIR"].includes(String((error as NodeJS.ErrnoException).code))) return [];
      throw error;
    });
    for (const number of numbers) await rm(this.#pathOf({ number, bytes: 0 }), { force: true });
  }

  async #begin(): Promise<{ handle: FileHandle; segment: Segment }> {
    const segment = { number: (this.#segments.at(-1)?.number ?? 0) + 1, bytes: MAGIC.length };
    const handle = await open(this.#pathOf(segment), "wx", 0o600);
    await handle.write(MAGIC, 0, MAGIC.length, 0);
    this.#segments.push(segment);
    return { handle, segment };
  }

  async #numbers(): Promise<number[]> {
    const names = await readdir(this.#directory);
    return names.flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
  }

  #pathOf({ number }: Segment): string {
    return join(this.#directory, `vectors-${String(number).padStart(8, "0")}`);
  }
}
