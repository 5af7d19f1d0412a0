/** The set of files that an open index consists of: each change is in the manifest before it is true. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { FileRows } from "./live.ts";
import { fileName, type Folder, type Manifest, type ManifestFile, replaceManifest } from "./manifest.node.ts";

/** A file, and what of it counts. */
export interface LiveFile extends ManifestFile {
  readonly rows: FileRows;
}

export interface FileSetOptions {
  readonly folder: Folder;
  /** Bytes of the last log that are on disk for certain. */
  readonly synced: () => number;
  /** Called when either of two manifests may be found after a crash: from then on nothing may be written. */
  readonly onUncertain: () => void;
}

export interface FileChange {
  readonly files?: readonly LiveFile[];
  readonly graph?: Manifest["graph"];
  /** Called as soon as the change is true. */
  readonly done?: () => void;
}

export class FileSet {
  readonly #options: FileSetOptions;
  #next: number;
  #files: readonly LiveFile[];
  #graph: Manifest["graph"];
  /** Changes, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isUncertain = false;

  constructor(
    found: { readonly next: number; readonly files: readonly LiveFile[]; readonly graph: Manifest["graph"] },
    options: FileSetOptions,
  ) {
    this.#options = options;
    this.#next = found.next;
    this.#files = found.files;
    this.#graph = found.graph;
  }

  /** Segments, closed logs, and the log that is written to, with the length that it has on disk by now. */
  get files(): readonly LiveFile[] {
    const last = this.#files.at(-1)!;
    return [...this.#files.slice(0, -1), { ...last, bytes: this.#options.synced() }];
  }

  /** All that are no longer written to. */
  get closed(): readonly LiveFile[] {
    return this.#files.slice(0, -1);
  }

  /** What is in the log that is written to. */
  get lastRows(): FileRows {
    return this.#files.at(-1)!.rows;
  }

  get graph(): Manifest["graph"] {
    return this.#graph;
  }

  /** A number that no file had yet. */
  takeNumber(): number {
    return this.#next++;
  }

  pathOf(kind: string, number: number): string {
    return join(this.#options.folder.path, fileName({ kind, number }));
  }

  /** Runs `work` while no other change is made. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /**
   * Makes a change true and durable. Only in turn; all that it names must be on disk.
   *
   * throws   what the file system throws: then the change was not made, or it was and `onUncertain` has been called
   */
  async commit(change: FileChange): Promise<void> {
    const files = change.files ?? this.files;
    const graph = "graph" in change ? change.graph : this.#graph;
    const plain = files.map(({ kind, number, bytes }): ManifestFile => ({ kind, number, bytes }));
    const settle = await replaceManifest(this.#options.folder, { next: this.#next, files: plain, graph });
    this.#files = files;
    this.#graph = graph;
    change.done?.();
    try {
      await settle();
    } catch (cause) {
      this.#isUncertain = true;
      this.#options.onUncertain();
      throw cause;
    }
  }

  /** Removes a file unless it is one of the set; one that cannot be removed goes at the next opening. */
  async discard(kind: string, number: number): Promise<void> {
    const isGraph = kind === "graph" && this.#graph?.number === number;
    if (this.#isUncertain || isGraph) return;
    if (this.#files.some((file) => file.kind === kind && file.number === number)) return;
    await rm(this.pathOf(kind, number), { force: true }).catch(() => undefined);
  }
}
