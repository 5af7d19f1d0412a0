/** Graphs on disk: what can be made again from the rows, kept so that it need not be. */

import { constants } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { createFile, readAt, withFile, writeAt } from "./files.node.ts";
import { fileHeader, HEADER_BYTES, headerProblem } from "./frame.node.ts";
import { corrupt } from "./log-errors.ts";
import { fileName, type Folder } from "./manifest.node.ts";

/** Bytes summed up between two turns of the event loop: a fraction of a millisecond. */
const SLICE_BYTES = 1_048_576;

/** Bytes before the graphs: JSON length u32 · CRC-32 of the JSON u32. */
const LIST_BYTES = 8;

interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly checksum: number;
}

/**
 * layout   header · JSON length u32 · CRC-32 of the JSON u32 · JSON (name, length and CRC-32 of each graph) · the graphs
 * returns  the file's length, all of it on disk
 */
export async function writeGraphs(
  { path: folder, owner, openFile }: Folder,
  number: number,
  graphs: ReadonlyMap<string, Uint8Array>,
): Promise<number> {
  const listed: Listed[] = [];
  for (const [name, bytes] of graphs) listed.push({ name, bytes: bytes.length, checksum: await checksumOf(bytes) });
  const json = Buffer.from(JSON.stringify(listed));
  const lengths = Buffer.alloc(LIST_BYTES);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(crc32(json), 4);
  const start = Buffer.concat([fileHeader({ kind: "graph", number, owner }), lengths, json]);
  return await withFile(
    await createFile(openFile, join(folder, fileName({ kind: "graph", number }))),
    async (handle) => {
      await writeAt(handle, start, 0);
      let at = start.length;
      for (const bytes of graphs.values()) {
        await writeAt(handle, bytes, at);
        at += bytes.length;
      }
      await handle.datasync();
      return at;
    },
  );
}

/** throws  `index.corrupt` for a file that is not exactly what was written, and what the file system throws */
export async function readGraphs(
  { path: folder, owner, openFile }: Folder,
  { number, bytes }: { readonly number: number; readonly bytes: number },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const path = join(folder, fileName({ kind: "graph", number }));
  return await withFile(await openFile(path, constants.O_RDONLY, 0), async (handle) => {
    const { size } = await handle.stat();
    if (size !== bytes) throw corrupt(path, `it has ${size} bytes instead of ${bytes}`);
    const problem = headerProblem(await readAt(handle, 0, HEADER_BYTES), { kind: "graph", number, owner });
    if (problem) throw corrupt(path, problem);
    const lengths = await readAt(handle, HEADER_BYTES, LIST_BYTES);
    const length = lengths.length === LIST_BYTES ? lengths.readUInt32LE(0) : Infinity;
    if (length > size) throw corrupt(path, "its list of graphs is damaged");
    const json = await readAt(handle, HEADER_BYTES + LIST_BYTES, length);
    if (crc32(json) !== lengths.readUInt32LE(4)) throw corrupt(path, "its list of graphs fails its checksum");
    const graphs = new Map<string, Uint8Array>();
    let at = HEADER_BYTES + LIST_BYTES + length;
    for (const { name, bytes, checksum } of JSON.parse(json.toString()) as readonly Listed[]) {
      const graph = await readAt(handle, at, bytes);
      if (graph.length !== bytes || (await checksumOf(graph)) !== checksum) {
        throw corrupt(path, `the graph of "${name}" fails its checksum`);
      }
      graphs.set(name, graph);
      at += bytes;
    }
    if (at !== size) throw corrupt(path, `it has ${size} bytes, its graphs ${at}`);
    return graphs;
  });
}

async function checksumOf(bytes: Uint8Array): Promise<number> {
  let checksum = 0;
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await setImmediate();
    checksum = crc32(bytes.subarray(at, at + SLICE_BYTES), checksum);
  }
  return checksum;
}
