/** Which file holds a tenant's vectors. */

import { createHash } from "node:crypto";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";

/** 32 bytes that stand for a tenant: SHA-256 of its name in UTF-16, which no two strings share. */
export function tenantDigest(tenant: string): Buffer {
  return createHash("sha256").update(tenant, "utf16le").digest();
}

/** Never a tenant's own string: it may hold separators, differ only in case, or be too long for a file name. */
export function logName(digest: Buffer): string {
  return `${digest.toString("hex")}.vectors`;
}

/** Renames a damaged file to `<name>.damaged-<n>`, n being the first number that is free. */
export async function moveAside(directory: string, name: string): Promise<void> {
  const taken = new Set(await readdir(directory));
  let n = 1;
  while (taken.has(`${name}.damaged-${n}`)) n++;
  await rename(join(directory, name), join(directory, `${name}.damaged-${n}`));
}
