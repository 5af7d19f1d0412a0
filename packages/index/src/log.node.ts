/** The append-only log of one tenant's index: what was acknowledged is on disk, and is applied again when the log is opened. */

import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { NexusError } from "@nexus/core";
import { copyLive, copyRange, writeAt } from "./compact.node.ts";
import { fileHeader, frameHeader, HEADER_BYTES } from "./frame.node.ts";
import { LiveRecords } from "./live.ts";
import { corrupt, type LogHandle, readLog } from "./log-reader.node.ts";
import { decodeRecord, encodeRecord, type LogRecord, memoryIdOf } from "./record.ts";

/** Below this size a log is not worth rewriting. */
const COMPACT_BYTES = 4_194_304;

export interface VectorLogOptions {
  readonly path: string;
  /** 32 bytes that stand for the tenant. */
  readonly owner: Uint8Array;
  /** Called for each record in log order: at opening for those on disk, later for each once it is on disk. Must not throw for a record that the writer has checked. */
  readonly apply: (record: LogRecord) => void;
  /** Bytes from which a log that is more than half dead is rewritten. */
  readonly compactBytes?: number | undefined;
  /** Opens files: Node's `open` unless a test brings a disk that fails. */
  readonly openFile?: ((path: string, flags: number, mode: number) => Promise<LogHandle>) | undefined;
}

interface Waiting {
  readonly records: readonly LogRecord[];
  readonly frames: readonly Uint8Array[];
  readonly settle: (error?: NexusError) => void;
}

/**
 * Opens the log, creating it if need be, and applies what it holds. A tail torn by a crash is cut off.
 *
 * throws   `index.corrupt` for any other damage, with the file named
 */
export async function openVectorLog(options: VectorLogOptions): Promise<VectorLog> {
  const { path, owner, apply, openFile = open } = options;
  await rm(`${path}.compacting`, { force: true });
  const handle = await openFile(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const live = new LiveRecords();
    const end = await readLog({ path, handle, owner }, ({ body, offset, bytes }) => {
      try {
        const record = decodeRecord(body);
        note(live, record, offset, bytes);
        apply(record);
      } catch (cause) {
        throw corrupt(path, `the record at byte ${offset} makes no sense`, cause);
      }
    });
    await handle.truncate(end);
    if (end < HEADER_BYTES) await writeAt(handle, fileHeader(owner), 0);
    await handle.datasync();
    await syncDirectory(path);
    return new VectorLog({ ...options, openFile }, handle, live, Math.max(end, HEADER_BYTES));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Made by `openVectorLog`. */
export class VectorLog {
  readonly #options: VectorLogOptions & { readonly openFile: NonNullable<VectorLogOptions["openFile"]> };
  readonly #live: LiveRecords;
  #handle: LogHandle;
  /** Where the next record goes. */
  #size: number;
  #compactFrom: number;
  #waiting: Waiting[] = [];
  /** Groups of appends and the last step of a compaction, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #compaction: Promise<void> | undefined;
  /** Why nothing more may be appended. */
  #ended: string | undefined;

  constructor(
    options: VectorLogOptions & { readonly openFile: NonNullable<VectorLogOptions["openFile"]> },
    handle: LogHandle,
    live: LiveRecords,
    size: number,
  ) {
    this.#options = options;
    this.#handle = handle;
    this.#live = live;
    this.#size = size;
    this.#compactFrom = options.compactBytes ?? COMPACT_BYTES;
  }

  /** Bytes of the file, and those of them that a compaction would keep. */
  get bytes(): { readonly total: number; readonly live: number } {
    return { total: this.#size, live: HEADER_BYTES + this.#live.bytes };
  }

  /**
   * Resolves once the records are on disk and applied. Appends that wait at the same time share one write and one sync.
   *
   * throws   `store.full` or `store.unavailable`: then nothing of it was applied, and nothing will be after a restart
   */
  append(records: readonly LogRecord[]): Promise<void> {
    const frames = records.flatMap((record) => {
      const body = encodeRecord(record);
      return [frameHeader(body), body];
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, frames, settle: (error) => (error ? reject(error) : resolve()) });
      void this.#inTurn(() => this.#flush());
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
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

  async #flush(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    const bytes = Buffer.concat(group.flatMap(({ frames }) => frames));
    const error = await this.#write(bytes);
    if (error) {
      for (const { settle } of group) settle(error);
      return;
    }
    for (const { records, frames, settle } of group) {
      for (const [i, record] of records.entries()) {
        const length = frames[2 * i]!.length + frames[2 * i + 1]!.length;
        note(this.#live, record, this.#size, length);
        this.#size += length;
        this.#options.apply(record);
      }
      settle();
    }
    if (this.#size > this.#compactFrom && this.#size > 2 * this.bytes.live) this.#startCompaction();
  }

  /** Appends and syncs, or leaves the file as it was and says why. */
  async #write(bytes: Buffer): Promise<NexusError | undefined> {
    if (this.#ended !== undefined) return this.#unavailable(this.#ended);
    try {
      await writeAt(this.#handle, bytes, this.#size);
      await this.#handle.datasync();
      return undefined;
    } catch (cause) {
      await this.#cutBack();
      const code = (cause as NodeJS.ErrnoException).code ?? "";
      if (!["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) return this.#unavailable("appending failed", cause);
      const message = `[nexus/index] ${this.#options.path}: no room for ${bytes.length} more bytes; free some disk space`;
      return new NexusError("store.full", message, { cause });
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

  #unavailable(why: string, cause?: unknown): NexusError {
    return new NexusError("store.unavailable", `[nexus/index] ${this.#options.path}: ${why}`, { cause });
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

  /** Copies what is live beside the writers, then, in its turn, what was appended meanwhile, and takes the old log's place. */
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
        if (this.#ended !== undefined) throw this.#unavailable(this.#ended);
        const size = await copyRange(this.#handle, handle, before, this.#size - before, end);
        await handle.datasync();
        await rename(temporary, path);
        const old = this.#handle;
        this.#handle = handle;
        for (const extent of this.#live.inOrder()) extent.offset = moved.get(extent) ?? extent.offset - before + end;
        this.#size = size;
        try {
          await syncDirectory(path);
        } catch {
          this.#ended = "a compacted log could not be made durable; restart the server";
        }
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

function note(live: LiveRecords, record: LogRecord, offset: number, bytes: number): void {
  if (record.kind === "upsert") live.put(memoryIdOf(record), { offset, bytes });
  else live.remove(record.memoryId);
}

/** Makes a file's name survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
