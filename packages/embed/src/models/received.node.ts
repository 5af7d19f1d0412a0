/** Checks a file that was fetched against what was expected of it. */

import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";

import { NexusError } from "@nexus/core";

import type { ManifestFile } from "./manifest.node.ts";
import { sha256Of } from "./verify.node.ts";

export interface Expected {
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
  /** SHA-1 of git's blob of it: what a host declares of files that it keeps in git itself. */
  readonly gitBlob?: string | undefined;
  readonly checked: ManifestFile["checked"];
}

/** Size and sum of what came. throws  embed.checksum for another file than expected, which is deleted */
export async function checkReceived(
  path: string,
  expected: Expected,
  url: string,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { size: bytes } = await stat(path);
  const sha256 = await sha256Of(path);
  const wrong =
    (expected.bytes !== undefined && bytes !== expected.bytes && `${bytes} bytes, expected ${expected.bytes}`) ||
    (expected.sha256 !== undefined && sha256 !== expected.sha256 && "another SHA-256 than expected") ||
    (expected.gitBlob !== undefined && (await gitBlobOf(path)) !== expected.gitBlob && "another SHA-1 than declared");
  if (wrong === false) return { bytes, sha256 };
  await rm(path, { force: true });
  throw wrongFile(url, wrong);
}

export function wrongFile(url: string, seen: string): NexusError {
  return new NexusError(
    "embed.checksum",
    `[nexus/embed] ${url} came with ${seen} and was deleted; try again, or another mirror`,
  );
}

async function gitBlobOf(path: string): Promise<string> {
  const content = await readFile(path);
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}
