/** Which folder holds a tenant's vectors. */

import { createHash } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** 32 bytes that stand for a tenant: SHA-256 of its name in UTF-16, which no two strings share. */
export function tenantDigest(tenant: string): Buffer {
  return createHash("sha256").update(tenant, "utf16le").digest();
}

/** Never a tenant's own string: it may hold separators, differ only in case, or be too long for a file name. */
export function folderName(digest: Buffer): string {
  return `${digest.toString("hex")}.vectors`;
}

/** Renames what is damaged to `<name>.damaged-<n>`, n being the first number that is free. */
export async function moveAside(directory: string, name: string): Promise<void> {
  const taken = new Set(await readdir(directory));
  let n = 1;
  while (taken.has(`${name}.damaged-${n}`)) n++;
  await rename(join(directory, name), join(directory, `${name}.damaged-${n}`));
}

/** Removes all that was ever moved aside under that name. */
export async function removeMovedAside(directory: string, name: string): Promise<void> {
  for (const found of await readdir(directory)) {
    if (found.startsWith(`${name}.damaged-`)) await rm(join(directory, found), { recursive: true, force: true });
  }
}
