/** In which file the newest version of each memory lies, and so how much of each file still counts. */

/** What is in one file. A file that others were merged into takes their place here as well. */
export class FileRows {
  /** Memories in the file, and ids of removed ones. */
  memories = 0;
  removed = 0;
  /** Memories whose newest version is this file's. */
  live = 0;
  into: FileRows | undefined;
}

export class LiveMemories {
  readonly #files = new Map<string, FileRows>();

  /** A newer version of a memory is in this file. Cost: constant, whatever was merged before. */
  note(memoryId: string, file: FileRows): void {
    this.drop(memoryId);
    this.#files.set(memoryId, file);
    file.live++;
  }

  drop(memoryId: string): void {
    const earlier = this.#files.get(memoryId);
    if (!earlier) return;
    present(earlier).live--;
    this.#files.delete(memoryId);
  }

  /** Reading files from the newest to the oldest: whether this is the first that has the memory, which it then counts for. */
  claim(memoryId: string, file: FileRows): boolean {
    if (this.#files.has(memoryId)) return false;
    this.#files.set(memoryId, file);
    file.live++;
    return true;
  }
}

export function isAllLive({ memories, removed, live }: FileRows): boolean {
  return live === memories && removed === 0;
}

/** Cost: constant: the memories of the inputs are not looked at. */
export function mergeRows(inputs: readonly { readonly rows: FileRows }[], into: FileRows): void {
  for (const { rows } of inputs) {
    into.live += rows.live;
    rows.into = into;
  }
}

/** The file that a file's rows are in by now. Shortens the way for the next to ask. */
function present(file: FileRows): FileRows {
  let last = file;
  while (last.into) last = last.into;
  for (let at = file; at.into && at.into !== last;) {
    const next: FileRows = at.into;
    at.into = last;
    at = next;
  }
  return last;
}
