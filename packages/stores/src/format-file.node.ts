/** `format.json`: which version of each on-disk format a data directory is in, so that an older release does not misread it. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import { NexusError } from "@nexus/core";

import { writeFileAtomically } from "./atomic-file.node.ts";
import { errnoOf } from "./file-failures.node.ts";

export type FormatVersions = Readonly<Record<string, number>>;

/**
 * Writes the file where there is none, and adds formats that it does not name yet; otherwise the versions must match.
 *
 * throws  `config.version_skew` naming the format, seen and expected; `store.corrupt` when the file is no such file
 */
export async function checkFormat(path: string, expected: FormatVersions, createdBy: string): Promise<void> {
  const text = await readOrUndefined(path);
  const found = text === undefined ? { formats: {}, createdBy } : parseFormat(path, text);
  for (const [format, seen] of Object.entries(found.formats)) {
    const known = expected[format];
    if (known === seen) continue;
    const advice =
      known === undefined || seen > known
        ? "use the release that wrote it"
        : "run `nexus upgrade` to bring it up to date";
    throw new NexusError(
      "config.version_skew",
      `[nexus/stores] ${basename(path)}: "${format}" has version ${seen}, expected ${known ?? "none"}; ${advice}`,
    );
  }
  if (Object.keys(expected).every((format) => format in found.formats)) return;
  const formats = { ...found.formats, ...expected };
  const bytes = Buffer.from(`${JSON.stringify({ formats, createdBy: found.createdBy }, undefined, 2)}\n`);
  await writeFileAtomically(path, bytes, { mode: 0o600 });
}

async function readOrUndefined(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parseFormat(path: string, text: string): { formats: FormatVersions; createdBy: string } {
  try {
    const { formats, createdBy } = JSON.parse(text) as { formats: FormatVersions; createdBy: string };
    if (Object.values(formats).every(Number.isSafeInteger)) return { formats, createdBy };
  } catch {
    // Reported below, as every other content that is not a format file.
  }
  throw new NexusError(
    "store.corrupt",
    `[nexus/stores] ${basename(path)} cannot be read as JSON with "formats"; restore it`,
  );
}
