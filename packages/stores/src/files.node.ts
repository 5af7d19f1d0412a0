/** Blobs as files: one directory a tenant, a key's parts as directories below it. */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { BlobInfo, BlobStore, TenantScope } from "@nexus/core";

import { syncDirectory, UNFINISHED, writeFileAtomically } from "./atomic-file.node.ts";
import { checkBlobKey, checkBlobPrefix } from "./blob-key.ts";
import { errnoOf, translateFileError } from "./file-failures.node.ts";

export interface FileBlobsOptions {
  /** Made when it is not there. */
  readonly directory: string;
}

/** A key's file ends so; a directory never does, so `a` and `a/b` can both be keys. Not a character of keys: `=`. */
const SUFFIX = "=";

export function openFileBlobs({ directory }: FileBlobsOptions): BlobStore {
  const fileOf = (scope: TenantScope, key: string): string => {
    checkBlobKey(key);
    return join(directory, tenantDirectory(scope.tenant), ...partsOf(key)) + SUFFIX;
  };
  return {
    async put(scope, key, bytes) {
      const path = fileOf(scope, key);
      await attempt("writing a blob", async () => {
        await makeDirectories(dirname(path));
        await writeFileAtomically(path, bytes, { mode: 0o600 });
      });
    },
    async get(scope, key) {
      const path = fileOf(scope, key);
      return await attempt("reading a blob", async () => {
        try {
          return new Uint8Array(await readFile(path));
        } catch (error) {
          if (errnoOf(error) === "ENOENT") return undefined;
          throw error;
        }
      });
    },
    async *list(scope, prefix) {
      checkBlobPrefix(prefix);
      const root = join(directory, tenantDirectory(scope.tenant));
      for (const key of await attempt("listing blobs", async () => await keysBelow(root, prefix))) {
        const info = await attempt("listing blobs", async () => await describe(fileOf(scope, key), key));
        if (info) yield info;
      }
    },
    async remove(scope, key) {
      const path = fileOf(scope, key);
      await attempt("removing a blob", async () => {
        try {
          await rm(path);
        } catch (error) {
          if (errnoOf(error) === "ENOENT") return;
          throw error;
        }
        await syncDirectory(dirname(path));
      });
    },
  };
}

/** Hexadecimal, so that no tenant's name is ever a path; hashed where that would exceed what file systems allow (255). */
function tenantDirectory(tenant: string): string {
  const bytes = Buffer.from(tenant, "utf8");
  if (bytes.length <= 100 && tenant.isWellFormed()) return `t-${bytes.toString("hex")}`;
  return `h-${createHash("sha256").update(tenant, "utf16le").digest("hex")}`;
}

/** A part may be longer than a file name may be: it is cut into pieces, all but the last ending in `+`. */
function partsOf(key: string): string[] {
  return key.split("/").flatMap((part) => {
    const pieces = part.match(/.{1,200}/g) ?? [part];
    return pieces.map((piece, i) => (i < pieces.length - 1 ? `${piece}+` : piece));
  });
}

/** Sorted by code unit, which for the characters of keys is the order of bytes. */
async function keysBelow(root: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  const visit = async (path: string, begun: string): Promise<void> => {
    for (const entry of await namesIn(path)) {
      if (entry.name.startsWith(UNFINISHED)) continue;
      if (entry.isDirectory()) {
        const below = entry.name.endsWith("+") ? begun + entry.name.slice(0, -1) : `${begun}${entry.name}/`;
        if (below.startsWith(prefix) || prefix.startsWith(below)) await visit(join(path, entry.name), below);
      } else if (entry.name.endsWith(SUFFIX)) {
        const key = begun + entry.name.slice(0, -SUFFIX.length);
        if (key.startsWith(prefix)) keys.push(key);
      }
    }
  };
  await visit(root, "");
  return keys.sort();
}

async function namesIn(path: string): Promise<Awaited<ReturnType<typeof readEntries>>> {
  try {
    return await readEntries(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function readEntries(path: string) {
  return await readdir(path, { withFileTypes: true });
}

/** undefined when the blob was removed in the meantime. */
async function describe(path: string, key: string): Promise<BlobInfo | undefined> {
  try {
    const { size, mtime } = await stat(path);
    return { key, bytes: size, modifiedAt: mtime };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Each new directory's own name must be on disk too. */
async function makeDirectories(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) {
    await syncDirectory(dirname(at));
  }
}

async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateFileError(error, doing);
  }
}
