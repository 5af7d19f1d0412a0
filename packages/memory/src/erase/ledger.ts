/**
 * The ledger of who was erased, in blobs that no snapshot holds: a restore drops what a tombstone covers, so that nothing
 * erased comes back. A tombstone names nobody: its key is a MAC of the user's id, which a restore computes of each
 * partition that it meets, under every secret that still verifies.
 */

import type { BlobStore, Sign, TenantScope } from "@nexus/core";

interface Tombstone {
  /** Memories of the partition are gone, but for those that a change `added` after this sequence. */
  readonly reached: number;
  readonly jobId: string;
  /** ISO 8601. */
  readonly requestedAt: string;
}

const LEDGER_PREFIX = "ledger/";

/** HMAC-SHA-256 of the user's id, for this tenant and purpose alone; hexadecimal. */
export function subjectOf(scope: TenantScope, userId: string, sign: Sign): string {
  return Array.from(sign(`erasure\0${scope.tenant}\0${userId}`), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Replaces the tombstone of an earlier erasure: a later one covers more. */
export async function putTombstone(
  scope: TenantScope,
  subject: string,
  tombstone: Tombstone,
  blobs: BlobStore,
): Promise<void> {
  await blobs.put(scope, `${LEDGER_PREFIX}${subject}.json`, new TextEncoder().encode(JSON.stringify(tombstone)));
}
