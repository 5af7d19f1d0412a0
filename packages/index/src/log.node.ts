/** The append-only log of one tenant's index: what was acknowledged is on disk, and is applied again when the log is opened. */

import { constants } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { NexusError } from "@nexus/core";
import { copyLive, copyRange } from "./compact.node.ts";
import { type LogHandle, type OpenFile, syncDirectoryOf, writeAt } from "./files.node.ts";
import { fileHeader, frameHeader, HEADER_BYTES } from "./frame.node.ts";
import type { LiveRecords } from "./live.ts";
import { appendFailure, unavailable } from "./log-errors.ts";
import { encodeRecord, type LogRecord } from "./record.ts";

export interface VectorLogOptions {
  readonly path: string;
  /** 32 bytes that stand for the tenant. */
  readonly owner: Uint8Array;
  /** Called for each record in log order: at opening for those on disk, later for each once it is on disk. Must not throw for a record that the writer has checked. */
  readonly apply: (record: LogRecord) => void;
  /** Bytes from which a log that is more than half dead is rewritten. */
  readonly compactBytes?: number | undefined;
  /** Node's `open` unless a test brings a disk that fails. */
  readonly openFile?: OpenFile | undefined;
}

type Options = Required<{ [K in keyof VectorLogOptions]: NonNullable<VectorLogOptions[K]> }>;

/** One call of `append` that has not been written yet. */
interface Waiting {
  readonly entries: readonly { readonly record: LogRecord; readonly frame: Uint8Array; readonly body: Uint8Array }[];
  readonly settle: (error?: NexusError) => void;
}

/** Made by `openVectorLog`. */
export class VectorLog {
  readonly #options: Options;
  readonly #live: LiveRecords;
  #handle: LogHandle;
  /** Where the next record goes. */
  #size: number;
  #compactFrom: number;
  #waiting: Waiting[] = [];
  /** Groups of appends and the last step of a compaction, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #compaction: Promise<void> | undefined;
  #closing = false;
  /** Why nothing more may be appended. */
  #ended: string | undefined;

  constructor(options: Options, handle: LogHandle, live: LiveRecords, size: number) {
    this.#options = options;
    this.#handle = handle;
    this.#live = live;
    this.#size = size;
    this.#compactFrom = options.compactBytes;
  }

  /**
   * Resolves once the records are on disk and applied. Appends that wait at the same time share one write and one sync.
   *
   * throws   `store.full` or `store.unavailable`: then nothing of it was applied, and nothing will be after a restart
   */
  append(records: readonly LogRecord[]): Promise<void> {
    const entries = records.map((record) => {
      const body = encodeRecord(record);
      return { record, frame: frameHeader(body), body };
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries, settle: (error) => (error ? reject(error) : resolve()) });
      void this.#inTurn(() => this.#flush());
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#inTurn(async () => {});
    await this.#compaction;
    await this.#inTurn(async () => {
      this.#ended ??= "it is closed";
      await this.#handle.close();
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Writes all that waits as one group, applies it in order and tells those who wait. Never throws. */
  async #flush(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    const error = await this.#write(
      Buffer.concat(group.flatMap(({ entries }) => entries.flatMap(({ frame, body }) => [frame, body]))),
    );
    for (const { entries, settle } of group) {
      if (!error) for (const entry of entries) this.#apply(entry);
      settle(error);
    }
    const dead = this.#size - HEADER_BYTES - this.#live.bytes;
    if (!this.#closing && this.#size > this.#compactFrom && dead > this.#size / 2) this.#startCompaction();
  }

  #apply({ record, frame, body }: Waiting["entries"][number]): void {
    const bytes = frame.length + body.length;
    this.#live.note(record, this.#size, bytes);
    this.#size += bytes;
    this.#options.apply(record);
  }

  /** Appends and syncs, or leaves the file as it was and says why. */
  async #write(bytes: Buffer): Promise<NexusError | undefined> {
    const { path } = this.#options;
    if (this.#ended !== undefined) return unavailable(path, this.#ended);
    try {
      await writeAt(this.#handle, bytes, this.#size);
      await this.#handle.datasync();
      return undefined;
    } catch (cause) {
      await this.#cutBack();
      return appendFailure(path, bytes.length, cause);
    }
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#size);
      await this.#handle.datasync();
    } catch {
      this.#ended = "a failed append could not be taken back; restart the server";
    }
  }

  #startCompaction(): void {
    this.#compaction ??= this.#compact()
      .catch(() => {
        // The old log is whole and stays in use; a full disk is reported by the next append. Tried again at twice the size.
        this.#compactFrom = 2 * this.#size;
      })
      .finally(() => {
        this.#compaction = undefined;
      });
  }

  /** Copies what is live beside the writers; then, in its turn, what was appended meanwhile, and takes the old log's place. */
  async #compact(): Promise<void> {
    const { path, owner, openFile } = this.#options;
    const temporary = `${path}.compacting`;
    const before = this.#size;
    const live = this.#live.inOrder();
    const handle = await openFile(temporary, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o600);
    try {
      await writeAt(handle, fileHeader(owner), 0);
      const { moved, end } = await copyLive(this.#handle, handle, live);
      await handle.datasync();
      await this.#inTurn(async () => {
        const size = await copyRange(this.#handle, handle, before, this.#size - before, end);
        await handle.datasync();
        await rename(temporary, path);
        const old = this.#handle;
        this.#handle = handle;
        for (const extent of this.#live.inOrder()) extent.offset = moved.get(extent) ?? extent.offset - before + end;
        this.#size = size;
        await syncDirectoryOf(path).catch(() => {
          this.#ended = "a compacted log could not be made durable; restart the server";
        });
        await old.close();
      });
    } catch (error) {
      if (this.#handle !== handle) {
        await handle.close();
        await rm(temporary, { force: true });
      }
      throw error;
    }
  }
}
