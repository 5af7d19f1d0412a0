/** Checks that a model's files are those of its manifest. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import { NexusError } from "@nexus/core";

import { type Manifest, modelFile } from "./manifest.node.ts";

/** throws  embed.checksum */
export type Verifier = (folder: string, manifest: Manifest, paths: readonly string[]) => Promise<void>;

/**
 * Size at every load; SHA-256 at the first load of a file in this process, and again once its size, inode or time of
 * change differ. So a swap costs a few stat calls (E1: under 1 ms, hashing it 30 ms), and a file that was exchanged
 * while the process ran is still noticed.
 */
export function createVerifier(): Verifier {
  const known = new Map<string, string>();
  return async (folder, manifest, paths) => {
    for (const path of paths) {
      const entry = manifest.files.find((file) => file.path === path);
      if (!entry) throw mismatch(manifest.id, path, "is not in the manifest");
      const file = modelFile(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (!found) throw mismatch(manifest.id, path, "is gone");
      if (found.size !== entry.bytes) throw mismatch(manifest.id, path, `has ${found.size} bytes, not ${entry.bytes}`);
      const mark = `${found.ino} ${found.mtimeMs} ${found.size} ${entry.sha256}`;
      if (known.get(file) === mark) continue;
      if ((await sha256Of(file)) !== entry.sha256) throw mismatch(manifest.id, path, "has another SHA-256");
      known.set(file, mark);
    }
  };
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  // A megabyte at a time: sixteen times fewer turns of the event loop than the default.
  for await (const chunk of createReadStream(file, { highWaterMark: 1_048_576 })) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

function mismatch(id: string, path: string, what: string): NexusError {
  return new NexusError(
    "embed.checksum",
    `[nexus/embed] ${path} of model ${id} ${what}; run: nexus models remove ${id}, then pull or import it again`,
  );
}
