/** The directory that holds everything a local server keeps: made, locked for this process, and of a format that it knows. */

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { translateFileError } from "./file-failures.node.ts";
import { checkFormat, type FormatVersions } from "./format-file.node.ts";
import { takeLock } from "./lock-file.node.ts";

export interface DataDirectoryOptions {
  /** For example `.nexus`; made with mode 0700 when it is not there. */
  readonly directory: string;
  readonly versions: {
    /** Version of each on-disk format that this release reads and writes. */
    readonly formats: FormatVersions;
    /** Name and version of the release, for `format.json`. */
    readonly createdBy: string;
  };
}

export interface DataDirectory {
  /** Absolute. */
  readonly directory: string;
  /** Releases the lock; close what lies in the directory first. */
  close(): Promise<void>;
}

/**
 * throws  `store.locked`, `store.full`, `store.corrupt`, `config.version_skew`; `store.unavailable` when the place is not writable
 */
export async function openDataDirectory({ directory, versions }: DataDirectoryOptions): Promise<DataDirectory> {
  const absolute = resolve(directory);
  try {
    await mkdir(absolute, { recursive: true, mode: 0o700 });
    const release = await takeLock(join(absolute, "lock"));
    try {
      await checkFormat(join(absolute, "format.json"), versions.formats, versions.createdBy);
    } catch (error) {
      await release();
      throw error;
    }
    return { directory: absolute, close: release };
  } catch (error) {
    throw translateFileError(error, "opening the data directory");
  }
}
