/** Keeps the graph file of an open index up to date. */

import type { BulkIndex } from "./bulk.ts";
import type { FileSet } from "./file-set.node.ts";
import { writeGraphs } from "./graph-file.node.ts";
import type { Folder } from "./manifest.node.ts";

export class SavedGraphs {
  readonly #folder: Folder;
  readonly #set: FileSet;
  readonly #index: Pick<BulkIndex, "graphs" | "graphVersion">;
  /** The version of what is on disk. */
  #version: number | undefined;

  constructor(
    folder: Folder,
    set: FileSet,
    {
      index,
      version,
    }: { readonly index: Pick<BulkIndex, "graphs" | "graphVersion">; readonly version: number | undefined },
  ) {
    this.#folder = folder;
    this.#set = set;
    this.#index = index;
    this.#version = version;
  }

  /** Writes the graphs if they have changed. Never twice at once. throws  what the file system throws, with the last file still in use */
  async save(): Promise<void> {
    const version = this.#index.graphVersion();
    if (version === this.#version) return;
    const graphs = await this.#index.graphs();
    const old = this.#set.graph;
    if (graphs.size === 0 && !old) return;
    const number = this.#set.takeNumber();
    try {
      const graph = graphs.size > 0 ? { number, bytes: await writeGraphs(this.#folder, number, graphs) } : undefined;
      await this.#set.inTurn(() => this.#set.commit({ graph }));
      this.#version = version;
    } catch (error) {
      await this.#set.discard("graph", number);
      throw error;
    }
    if (old) await this.#set.discard("graph", old.number);
  }
}
