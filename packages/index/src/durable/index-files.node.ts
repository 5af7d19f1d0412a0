/** The files of one tenant's index while it is open: the log that is written to, and the segments that old logs become. */

import type { BulkIndex } from "./bulk.ts";
import { FileSet, type LiveFile } from "./file-set.node.ts";
import { createFile, writeAt } from "./files.node.ts";
import { fileHeader, HEADER_BYTES } from "./frame.node.ts";
import { FileRows, isAllLive, type LiveMemories, mergeRows } from "./live.ts";
import { unavailable, writeFailure } from "./log-errors.ts";
import { type LogFileInUse, LogWriter } from "./log.node.ts";
import type { Folder, Manifest, ManifestFile } from "./manifest.node.ts";
import { nextRun, type Run } from "./merge-policy.ts";
import { type LogRecord, memoryIdOf } from "./record.ts";
import { runMerge } from "./run-merge.node.ts";
import { SavedGraphs } from "./saved-graphs.node.ts";

export interface IndexFilesOptions {
  readonly folder: Folder;
  readonly rollBytes: number;
  readonly syncMs: number;
  readonly apply: (record: LogRecord) => void;
  readonly graphs: Pick<BulkIndex, "graphs" | "graphVersion">;
  readonly onNotice: (message: string) => void;
}

/** What `openFiles` found. The last of the files is the log to go on with. */
export interface FoundFiles {
  readonly next: number;
  readonly files: readonly LiveFile[];
  readonly log: LogFileInUse;
  readonly live: LiveMemories;
  readonly graph: Manifest["graph"];
  /** The version that the graph on disk has in the index. */
  readonly graphVersion: number | undefined;
}

export class IndexFiles {
  readonly #options: IndexFilesOptions;
  readonly #live: LiveMemories;
  readonly #log: LogWriter;
  readonly #set: FileSet;
  readonly #graphs: SavedGraphs;
  readonly #stopping = new AbortController();
  /** Size of the log at which the next one begins. */
  #rollAt: number;
  #rolling: Promise<void> | undefined;
  /** What runs behind the writers, one after the other. */
  #background: Promise<unknown> = Promise.resolve();

  constructor(found: FoundFiles, options: IndexFilesOptions) {
    this.#options = options;
    this.#live = found.live;
    this.#rollAt = options.rollBytes;
    this.#log = new LogWriter(found.log, {
      syncMs: options.syncMs,
      apply: (record) => this.#apply(record),
      written: () => this.#written(),
    });
    this.#set = new FileSet(found, {
      folder: options.folder,
      synced: () => this.#log.synced,
      onUncertain: () => this.#log.end("a change of its manifest could not be made durable; restart the server"),
    });
    this.#graphs = new SavedGraphs(options.folder, this.#set, { index: options.graphs, version: found.graphVersion });
    this.#tidy();
  }

  /** As `LogWriter.append`; nothing is not written. */
  async append(records: readonly LogRecord[]): Promise<void> {
    this.#log.assertOpen();
    if (records.length > 0) await this.#log.append(records);
  }

  /**
   * Rewrites everything: what was removed or replaced before the call is in no file afterwards.
   *
   * cost     reads and writes all that is live; writers go on meanwhile
   * throws   `store.full` or `store.unavailable`, with nothing changed
   */
  async compact(): Promise<void> {
    try {
      while (this.#rolling) await this.#rolling.catch(() => undefined);
      if (this.#log.size > HEADER_BYTES) await this.#roll();
      await this.#inBackground(async () => {
        await this.#graphs.save();
        const { closed } = this.#set;
        const isTight = closed.length < 2 && closed.every(({ kind, rows }) => kind === "segment" && isAllLive(rows));
        if (!isTight) await this.#merge([0, closed.length]);
      });
    } catch (cause) {
      throw writeFailure(this.#options.folder.path, "compacting", cause);
    }
  }

  /** Waits for writes under way; a merge is given up, to begin anew at the next opening. throws  what the last sync throws */
  async close(): Promise<void> {
    this.#stopping.abort(unavailable(this.#options.folder.path, "it is closed"));
    await this.#rolling?.catch(() => undefined);
    await this.#background;
    await this.#graphs.save().catch((error: unknown) => this.#notice("its graphs were not saved", error));
    await this.#log.close();
  }

  #apply(record: LogRecord): void {
    if (record.kind === "remove") this.#live.drop(memoryIdOf(record));
    else this.#live.note(memoryIdOf(record), this.#set.lastRows);
    this.#options.apply(record);
  }

  #written(): void {
    if (this.#log.size < this.#rollAt || this.#stopping.signal.aborted || this.#rolling) return;
    void this.#roll().then(
      () => this.#tidy(),
      (error: unknown) => {
        // The log is whole and stays in use; a full disk is reported by the next append.
        this.#rollAt = 2 * this.#log.size;
        this.#notice("no new log could be begun", error);
      },
    );
  }

  #roll(): Promise<void> {
    this.#rolling = this.#beginLog().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  /** Closes the log and goes on in a new one. Writers wait for the new manifest, and for nothing else. */
  async #beginLog(): Promise<void> {
    const { folder, rollBytes } = this.#options;
    const number = this.#set.takeNumber();
    const path = this.#set.pathOf("log", number);
    const handle = await createFile(folder.openFile, path);
    let unused = handle;
    try {
      await writeAt(handle, fileHeader({ kind: "log", number, owner: folder.owner }), 0);
      await handle.datasync();
      const change = async (): Promise<void> => {
        await this.#log.sync();
        const begun: LiveFile = { kind: "log", number, bytes: HEADER_BYTES, rows: new FileRows() };
        await this.#set.commit({
          files: [...this.#set.files, begun],
          done: () => {
            unused = this.#log.switchTo({ path, handle, size: HEADER_BYTES });
            this.#rollAt = rollBytes;
          },
        });
      };
      await this.#set.inTurn(() => this.#log.inTurn(change));
    } finally {
      await unused.close();
      await this.#set.discard("log", number);
    }
  }

  /** Saves graphs that have changed and merges what is worth merging, behind the writers. */
  #tidy(): void {
    void this.#inBackground(async () => {
      await this.#graphs.save();
      const run = nextRun(this.#set.closed);
      if (!run || this.#stopping.signal.aborted) return;
      await this.#merge(run);
      // Behind whatever else waits by now: a compaction has its turn even while logs fill faster than they are merged.
      this.#tidy();
    }).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.#notice("merging failed, and will be tried again later", error);
    });
  }

  /** Makes one segment of the files of a run. Only in the background's turn, as it keeps the run where it is. */
  async #merge([from, to]: Run): Promise<void> {
    const { folder } = this.#options;
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const inputs = this.#set.closed.slice(from, to);
    if (inputs.length === 0) return;
    await this.#log.inTurn(() => this.#log.sync());
    const number = this.#set.takeNumber();
    const task = {
      folder: folder.path,
      owner: folder.owner,
      inputs: inputs.map(withoutRows),
      later: this.#set.files.slice(to).map(withoutRows),
      output: number,
      hasEarlier: from > 0,
    };
    try {
      const { bytes, memories, removed } = await runMerge(task, folder.openFile, signal);
      signal.throwIfAborted();
      const rows = Object.assign(new FileRows(), { memories, removed });
      const merged: LiveFile[] = bytes > 0 ? [{ kind: "segment", number, bytes, rows }] : [];
      await this.#set.inTurn(() =>
        this.#set.commit({
          files: this.#set.files.toSpliced(from, to - from, ...merged),
          done: () => mergeRows(inputs, rows),
        }),
      );
    } catch (error) {
      await this.#set.discard("segment", number);
      throw error;
    }
    for (const input of inputs) await this.#set.discard(input.kind, input.number);
  }

  #inBackground(work: () => Promise<void>): Promise<void> {
    const done = this.#background.then(work);
    this.#background = done.catch(() => undefined);
    return done;
  }

  #notice(what: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#options.onNotice(`${this.#options.folder.path}: ${what} (${why})`);
  }
}

function withoutRows({ kind, number, bytes }: LiveFile): ManifestFile {
  return { kind, number, bytes };
}
