/** Groups rows into requests that stay within the limits of one. */

import { createHash } from "node:crypto";
import { LIMITS } from "@nexus/core";
import type { Row } from "./rows.ts";

/** Leaves room for the envelope. */
const MAX_BYTES = LIMITS.maxBodyBytes - 65_536;

export function batchesOf(rows: readonly Row[]): Row[][] {
  const batches: Row[][] = [];
  let batch: Row[] = [];
  let bytes = 0;
  const users = new Set<unknown>();
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row.memory)) + 1;
    const isNewUser = !users.has(row.memory.userId);
    const isFull =
      batch.length === LIMITS.maxAtomicBatch ||
      bytes + size > MAX_BYTES ||
      (isNewUser && users.size === LIMITS.maxUsersPerWrite);
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
      users.clear();
    }
    batch.push(row);
    bytes += size;
    users.add(row.memory.userId);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** The same lines of the same file, going to the same place, have the same key: sent again, they are written once. */
export function batchKey(fileHash: string, batch: readonly Row[]): string {
  const body = sha256(JSON.stringify(batch.map(({ memory }) => memory))).slice(0, 16);
  return `import-${fileHash.slice(0, 16)}-${batch[0]?.line}-${batch.at(-1)?.line}-${body}`;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
