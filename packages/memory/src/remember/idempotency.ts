/** A write sent twice under one `Idempotency-Key` happens once: its answer is a row of the same transaction. */

import { type Json, NexusError, type RecordReader, type RecordTx } from "@nexus/core";
import type { Writer } from "../requests.ts";

/**
 * The answer that this key was given before, if any.
 *
 * throws   idempotency.mismatch when the key came with another body
 */
export async function earlierAnswer<T extends Json>(
  reader: RecordReader,
  { keyId, idempotency }: Writer,
  { now, part = "" }: { now: number; part?: string },
): Promise<T | undefined> {
  if (!idempotency) return undefined;
  const [row] = await reader.get("idempotency", [[keyId, idempotency.route, idempotency.key + part]]);
  if (!row || row.expiresAt.getTime() <= now) return undefined;
  if (row.bodyHash === idempotency.bodyHash) return row.response as T;
  throw new NexusError(
    "idempotency.mismatch",
    "[nexus/memory] this Idempotency-Key was used with another body; use a new key for a new request",
  );
}

/** Runs `work` unless this key has an answer already, which is then returned instead; keeps the answer otherwise. undefined is no answer: nothing happened that must not happen twice. */
export async function once<T extends Json | undefined>(
  tx: RecordTx,
  writer: Writer,
  options: { now: number; ttlSeconds: number; part?: string },
  work: () => Promise<T>,
): Promise<T> {
  const earlier = await earlierAnswer<T & Json>(tx, writer, options);
  if (earlier !== undefined) return earlier;
  const response = await work();
  if (writer.idempotency && response !== undefined) {
    tx.put("idempotency", {
      keyId: writer.keyId,
      route: writer.idempotency.route,
      key: writer.idempotency.key + (options.part ?? ""),
      bodyHash: writer.idempotency.bodyHash,
      response,
      expiresAt: new Date(options.now + options.ttlSeconds * 1_000),
    });
  }
  return response;
}
