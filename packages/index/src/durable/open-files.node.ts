/** Opens the files of one tenant's index: reads the manifest, loads the segments, replays the logs, removes what a crash left behind. */

import { constants } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BulkIndex } from "./bulk.ts";
import { createFile, syncDirectory, withFile, writeAt } from "./files.node.ts";
import { fileHeader, HEADER_BYTES } from "./frame.node.ts";
import { readGraphs } from "./graph-file.node.ts";
import { FileRows, LiveMemories } from "./live.ts";
import { loadSegments } from "./load-segments.node.ts";
import { corrupt, isFull } from "./log-errors.ts";
import { readLog } from "./log-reader.node.ts";
import type { LiveFile } from "./file-set.node.ts";
import type { FoundFiles, IndexFilesOptions } from "./index-files.node.ts";
import {
  fileName,
  type Folder,
  isOwnName,
  type Manifest,
  MANIFEST,
  readManifest,
  replaceManifest,
} from "./manifest.node.ts";
import { type LogRecord, memoryIdOf } from "./record.ts";

export interface OpenFilesOptions extends Pick<IndexFilesOptions, "folder" | "apply" | "onNotice"> {
  readonly index: BulkIndex;
}

/**
 * Creates the folder if need be. The torn tail of the last log is cut off; graphs that are damaged or do not fit are dropped.
 *
 * throws   `index.corrupt` for any other damage, with the file named; nothing has been changed then;
 *          `index.full` where the index has not room for what is in them
 */
export async function openFiles({ folder, index, apply, onNotice }: OpenFilesOptions): Promise<FoundFiles> {
  const manifest = (await findManifest(folder)) ?? (await createIndex(folder));
  const files = manifest.files.map((file): LiveFile => ({ ...file, rows: new FileRows() }));
  for (const file of files) await checkLength(folder, file);
  const live = new LiveMemories();
  await loadSegments(
    folder,
    files.filter(({ kind }) => kind === "segment"),
    { live, load: (batch) => index.load(batch) },
  );
  const logs = files.filter(({ kind }) => kind === "log");
  for (const log of logs.slice(0, -1))
    await withFile(await openLog(folder, log), (handle) => replay(log, handle, log.bytes));
  const last = logs.at(-1)!;
  const handle = await openLog(folder, last);
  try {
    const { size } = await handle.stat();
    const end = await replay(last, handle, size);
    if (end < size) await handle.truncate(end);
    await handle.datasync();
    const graph = await adoptGraphs();
    await removeLeftovers(folder, { ...manifest, graph });
    const log = { path: join(folder.path, fileName(last)), handle, size: end };
    const graphVersion = graph && index.graphVersion();
    return { next: manifest.next, files, log, live, graph, graphVersion };
  } catch (error) {
    await handle.close();
    throw error;
  }

  async function replay(file: LiveFile, handle: FoundFiles["log"]["handle"], size: number): Promise<number> {
    const path = join(folder.path, fileName(file));
    const end = await readLog({ path, handle, owner: folder.owner, number: file.number }, size, (record) => {
      note(record, file);
      try {
        apply(record);
      } catch (cause) {
        throw isFull(cause) ? cause : corrupt(path, "a record in it does not go with those before", cause);
      }
    });
    if (end < file.bytes) throw corrupt(path, `its records end at byte ${end}, but ${file.bytes} had been written`);
    return end;
  }

  function note(record: LogRecord, { rows }: LiveFile): void {
    if (record.kind === "remove") live.drop(memoryIdOf(record));
    else live.note(memoryIdOf(record), rows);
  }

  /** The graph file if all of it is of use; otherwise a manifest without it takes the place of the one there is. */
  async function adoptGraphs(): Promise<Manifest["graph"]> {
    const { graph } = manifest;
    if (!graph) return undefined;
    const path = join(folder.path, fileName({ kind: "graph", number: graph.number }));
    let problem = "it does not fit the rows";
    try {
      const graphs = await readGraphs(folder, graph);
      if ([...graphs].every(([name, bytes]) => index.adoptGraph(name, bytes))) return graph;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    onNotice(`${path}: this graph is not used and will be built again (${problem})`);
    await (
      await replaceManifest(folder, { ...manifest, graph: undefined })
    )();
    return undefined;
  }
}

/** The manifest; undefined where there is no index yet, or no more of one than a crash during its creation leaves. */
async function findManifest(folder: Folder): Promise<Manifest | undefined> {
  const { path } = folder;
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!there) {
    await mkdir(path, { mode: 0o700 });
    await syncDirectory(dirname(path));
    return undefined;
  }
  if (!there.isDirectory()) throw corrupt(path, "it is a file of an older format, and no folder");
  const names = (await readdir(path)).filter(isOwnName);
  if (names.includes(MANIFEST)) return await readManifest(folder);
  for (const name of names) {
    if (name !== FIRST_LOG && !name.startsWith(MANIFEST))
      throw corrupt(join(path, MANIFEST), `it is missing beside ${name}`);
    if ((await stat(join(path, name))).size > HEADER_BYTES && name === FIRST_LOG) {
      throw corrupt(join(path, MANIFEST), `it is missing beside ${name}`);
    }
  }
  return undefined;
}

const FIRST_LOG = fileName({ kind: "log", number: 1 });

async function createIndex(folder: Folder): Promise<Manifest> {
  await withFile(await createFile(folder.openFile, join(folder.path, FIRST_LOG)), async (handle) => {
    await writeAt(handle, fileHeader({ kind: "log", number: 1, owner: folder.owner }), 0);
    await handle.datasync();
  });
  const manifest: Manifest = { next: 2, files: [{ kind: "log", number: 1, bytes: HEADER_BYTES }] };
  await (
    await replaceManifest(folder, manifest)
  )();
  return manifest;
}

/** throws  `index.corrupt` where a file is missing, or shorter than it was once it was on disk; a segment never grows either */
async function checkLength({ path: folder }: Folder, file: LiveFile): Promise<void> {
  const path = join(folder, fileName(file));
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? corrupt(path, "it is missing", error) : error;
  });
  if (size < file.bytes || (size > file.bytes && file.kind === "segment")) {
    throw corrupt(path, `it has ${size} bytes instead of ${file.bytes}`);
  }
}

async function openLog({ path, openFile }: Folder, file: LiveFile): Promise<FoundFiles["log"]["handle"]> {
  return await openFile(join(path, fileName(file)), constants.O_RDWR, 0o600);
}

async function removeLeftovers({ path }: Folder, { files, graph }: Manifest): Promise<void> {
  const named = new Set([MANIFEST, ...files.map(fileName), ...(graph ? [fileName({ kind: "graph", ...graph })] : [])]);
  for (const name of await readdir(path)) if (isOwnName(name) && !named.has(name)) await rm(join(path, name));
}
