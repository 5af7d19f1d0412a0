/** The append-only log that an index is writing to: what was acknowledged is in it, and is applied again when the index is opened. */

import type { NexusError } from "@nexus/core";
import { type LogHandle, writeAt } from "./files.node.ts";
import { frameHeader } from "./frame.node.ts";
import { unavailable, writeFailure } from "./log-errors.ts";
import { encodeRecord, type LogRecord } from "./record.ts";

export interface LogFileInUse {
  readonly path: string;
  readonly handle: LogHandle;
  readonly size: number;
}

export interface LogWriterOptions {
  /** Called for each record in log order once it is written, and by the policy on disk. Must not throw for a record that the writer has checked. */
  readonly apply: (record: LogRecord) => void;
  /** Called after each group of records. */
  readonly written: () => void;
  /** Milliseconds between a write and its sync; 0: a write is acknowledged once it is synced. */
  readonly syncMs: number;
}

/** One call of `append` that has not been written yet. */
interface Waiting {
  readonly entries: readonly { readonly record: LogRecord; readonly frame: Uint8Array; readonly body: Uint8Array }[];
  readonly settle: (error?: NexusError) => void;
}

export class LogWriter {
  readonly #options: LogWriterOptions;
  #file: LogFileInUse;
  /** Where the next record goes, and how much of the file is known to be on disk. */
  #size: number;
  #synced: number;
  #waiting: Waiting[] = [];
  /** Groups of appends, syncs and changes of the file, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** Why nothing more may be appended. */
  #ended: string | undefined;

  /** All of the file must be on disk. */
  constructor(file: LogFileInUse, options: LogWriterOptions) {
    this.#options = options;
    this.#file = file;
    this.#size = file.size;
    this.#synced = file.size;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes of the file that are on disk for certain. */
  get synced(): number {
    return this.#synced;
  }

  /**
   * Resolves once the records are written and applied. Appends that wait at the same time share one write and one sync.
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
      // One turn for all that waits, so that a change of the file does not queue behind a turn for each of them.
      if (this.#waiting.length === 1) void this.inTurn(() => this.#flush());
    });
  }

  /** Runs `work` while nothing is being appended. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Brings what was written to disk. Only in turn. throws  `store.full` or `store.unavailable`, and the log has ended */
  async sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#synced === this.#size) return;
    try {
      await this.#file.handle.datasync();
      this.#synced = this.#size;
    } catch (cause) {
      this.end("what was written could not be brought to disk; restart the server");
      throw writeFailure(this.#file.path, "syncing", cause);
    }
  }

  /** Goes on in another file, all of which is on disk. Only in turn, after `sync`. returns  the handle of the last one */
  switchTo(file: LogFileInUse): LogHandle {
    const { handle } = this.#file;
    this.#file = file;
    this.#size = file.size;
    this.#synced = file.size;
    return handle;
  }

  /** Refuses everything from now on. */
  end(why: string): void {
    this.#ended ??= why;
  }

  /** throws  `store.unavailable` where `append` would: then what was refused earlier may be found after a restart, and even doing nothing must not be acknowledged */
  assertOpen(): void {
    if (this.#ended !== undefined) throw unavailable(this.#file.path, this.#ended);
  }

  /** Waits for what is under way. throws  as `sync` */
  async close(): Promise<void> {
    await this.inTurn(async () => {
      try {
        await this.sync();
      } finally {
        this.end("it is closed");
        await this.#file.handle.close();
      }
    });
  }

  /** Writes all that waits as one group, applies it in order and tells those who wait. Never throws. */
  async #flush(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    const error = await this.#write(
      Buffer.concat(group.flatMap(({ entries }) => entries.flatMap(({ frame, body }) => [frame, body]))),
    );
    for (const { entries, settle } of group) settle(error ?? this.#applied(entries));
    if (!error) this.#options.written();
  }

  /** A record that the index refuses although it was checked is on disk all the same: only another opening can tell what is true then. */
  #applied(entries: Waiting["entries"]): NexusError | undefined {
    try {
      for (const { record } of entries) this.#options.apply(record);
      return undefined;
    } catch (cause) {
      this.end("a record could not be applied; restart the server");
      return unavailable(this.#file.path, "a record could not be applied", cause);
    }
  }

  /** Appends, or leaves the file as it was and says why. */
  async #write(bytes: Buffer): Promise<NexusError | undefined> {
    const { path, handle } = this.#file;
    if (this.#ended !== undefined) return unavailable(path, this.#ended);
    try {
      await writeAt(handle, bytes, this.#size);
      if (this.#options.syncMs === 0) await handle.datasync();
    } catch (cause) {
      await this.#cutBack();
      return writeFailure(path, `appending ${bytes.length} bytes`, cause);
    }
    this.#size += bytes.length;
    if (this.#options.syncMs === 0) this.#synced = this.#size;
    else
      this.#timer ??= setTimeout(
        () => void this.inTurn(() => this.sync()).catch(() => undefined),
        this.#options.syncMs,
      ).unref();
    return undefined;
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#file.handle.truncate(this.#size);
      await this.#file.handle.datasync();
      this.#synced = this.#size;
    } catch {
      this.end("a failed append could not be taken back; restart the server");
    }
  }
}
