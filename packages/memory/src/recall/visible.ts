/** A reader that brings a consistency token sees at least what the token names, or is told that it cannot. */

import { decodeToken, NexusError, type PartitionSeq, type RecordStore, type Sign, type TenantScope } from "@nexus/core";

const POLL_MS = 20;

/** throws  consistency.invalid; consistency.timeout when the records do not reach the sequence within the budget */
export async function requireVisible(
  scope: TenantScope,
  token: string,
  partition: string | undefined,
  { records, signers, budgetMs }: { records: RecordStore; signers: readonly Sign[]; budgetMs: number },
): Promise<void> {
  const wanted = decodeToken(scope.tenant, token, signers).filter(
    (at) => partition === undefined || at.partition === partition,
  );
  for (let waitedMs = 0; !(await reached(scope, wanted, records)); waitedMs += POLL_MS) {
    if (waitedMs >= budgetMs) {
      throw new NexusError(
        "consistency.timeout",
        "[nexus/memory] this server does not see the write that the token names; try again, or read without the token",
        { retryAfterSeconds: 1 },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function reached(scope: TenantScope, wanted: readonly PartitionSeq[], records: RecordStore): Promise<boolean> {
  if (wanted.length === 0) return true;
  const rows = await records.reader(scope).get(
    "partition",
    wanted.map(({ partition }) => [partition]),
  );
  return wanted.every(({ seq }, i) => (rows[i]?.seq ?? 0) >= seq);
}
