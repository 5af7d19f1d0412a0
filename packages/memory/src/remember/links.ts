/** How memories bear on each other, undone: what a merge or a replacement put out of sight comes back. */

import { type Memory, partitionOf, type RecordReader, type RecordTx, type Reference } from "@nexus/core";
import { closeFacts } from "./facts.ts";
import { putPast } from "./rows.ts";

/** References of one memory that are looked at; a memory takes in one other at a time. */
const MOST = 256;

/** What a memory took in or replaced, and has not given back. */
export async function referencesOf(reader: RecordReader, memoryId: string): Promise<Reference[]> {
  const rows = await reader.range({ table: "reference", prefix: [memoryId], limit: MOST });
  return rows.filter(({ undoneAt }) => undoneAt === undefined);
}

/** What took this memory in, replaced it, or may have. */
export async function referencesTo(reader: RecordReader, targetId: string): Promise<Reference[]> {
  const rows = await reader.find({ index: "referenceByTarget", anyOf: [[targetId]], limit: MOST });
  return rows.filter(({ undoneAt }) => undoneAt === undefined);
}

/** The memory as it was before `reference` put it out of sight, in a new version; undefined when it is gone, or something else keeps it there. */
export async function reinstate(
  tx: RecordTx,
  reference: Reference,
  { now, keyId }: { readonly now: Date; readonly keyId: string },
): Promise<Memory | undefined> {
  const [memory] = await tx.get("memory", [[reference.targetId]]);
  if (!memory || (memory.status !== "merged" && memory.status !== "superseded")) return undefined;
  const others = (await referencesTo(tx, memory.id)).filter(
    ({ memoryId, type }) => memoryId !== reference.memoryId && type !== "possiblySupersedes",
  );
  if (others.length > 0) return undefined;
  const partition = partitionOf(memory.userId);
  const version = memory.version + 1;
  const seq = tx.change(partition, { op: "undone", memoryId: memory.id, version, memories: 0 });
  const validTo = reference.type === "supersedes" ? reference.formerValidTo : memory.validTo;
  const restored: Memory = { ...memory, status: "active", validTo, version, seq, updatedAt: now, changedBy: keyId };
  putPast(tx, memory);
  tx.put("memory", restored);
  if (reference.type === "supersedes") await closeFacts(tx, memory, validTo);
  return restored;
}
