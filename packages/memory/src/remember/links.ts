/** How memories bear on each other, and how that is taken back: what a merge or a replacement put out of sight holds again, unless something else keeps it there. */

import { type Memory, partitionOf, type RecordReader, type RecordTx, type Reference } from "@nexus/core";
import { heldFrom } from "../subject.ts";
import { dateFacts } from "./facts.ts";
import { putPast } from "./rows.ts";

/** References of one memory that are looked at. */
const MOST = 1_000;

/** What a memory took in or replaced, and has not given back. */
export async function referencesOf(reader: RecordReader, memoryId: string): Promise<Reference[]> {
  const rows = await reader.range({ table: "reference", prefix: [memoryId], limit: MOST });
  return rows.filter(({ undoneAt }) => undoneAt === undefined);
}

/** What took this memory in, replaced it, or may have; also what was undone, when asked for. */
export async function referencesTo(
  reader: RecordReader,
  targetId: string,
  { undone = false }: { readonly undone?: boolean } = {},
): Promise<Reference[]> {
  const rows = await reader.find({ index: "referenceByTarget", anyOf: [[targetId]], limit: MOST });
  return undone ? rows : rows.filter(({ undoneAt }) => undoneAt === undefined);
}

/**
 * The target of a reference as it is without it, in a new version: active, or superseded by what still replaces it, or
 * by what replaced the memory that the reference comes from. undefined when it is gone, or was taken in by another memory too.
 */
export async function reinstate(
  tx: RecordTx,
  reference: Reference,
  writing: { readonly now: Date; readonly keyId: string },
): Promise<Memory | undefined> {
  const [memory] = await tx.get("memory", [[reference.targetId]]);
  if (!memory || (memory.status !== "merged" && memory.status !== "superseded")) return undefined;
  const others = (await referencesTo(tx, memory.id)).filter(({ memoryId }) => memoryId !== reference.memoryId);
  if (others.some(({ type }) => type === "mergedInto")) return undefined;
  const inherited = (await referencesTo(tx, reference.memoryId)).filter(({ type }) => type !== "possiblySupersedes");
  const holder = inherited.find(({ type }) => type === "mergedInto");
  if (holder && reference.type === "mergedInto") {
    // What took it in was taken in itself: it stays with the one that holds them both.
    tx.put("reference", { ...reference, memoryId: holder.memoryId, createdAt: writing.now });
    return undefined;
  }
  const own = others.filter(({ type }) => type === "supersedes");
  const replacing = await firstOf(tx, [...own, ...inherited]);
  for (const { memoryId, reason } of inherited)
    tx.put("reference", {
      memoryId,
      type: "supersedes",
      targetId: memory.id,
      partition: reference.partition,
      reason,
      formerValidTo: reference.formerValidTo,
      createdAt: writing.now,
    });
  return await restate(tx, memory, replacing, reference.formerValidTo, writing);
}

/** The memory with its validity ended where another statement replaces it, or not ended by any. */
async function restate(
  tx: RecordTx,
  memory: Memory,
  replacing: Memory | undefined,
  original: Date | undefined,
  { now, keyId }: { readonly now: Date; readonly keyId: string },
): Promise<Memory> {
  const version = memory.version + 1;
  const op = replacing ? "superseded" : "undone";
  const seq = tx.change(partitionOf(memory.userId), { op, memoryId: memory.id, version, memories: 0 });
  const end = replacing && new Date(heldFrom(replacing));
  const validTo = end && original && original < end ? original : (end ?? original);
  const status = replacing ? "superseded" : "active";
  const restored: Memory = { ...memory, status, validTo, version, seq, updatedAt: now, changedBy: keyId };
  putPast(tx, memory);
  tx.put("memory", restored);
  await dateFacts(tx, restored);
  return restored;
}

/** Of the memories that references come from, the one that holds from the earliest moment. */
async function firstOf(tx: RecordTx, references: readonly Reference[]): Promise<Memory | undefined> {
  const ids = [...new Set(references.map(({ memoryId }) => memoryId))];
  const rows =
    ids.length === 0
      ? []
      : await tx.get(
          "memory",
          ids.map((id) => [id]),
        );
  return rows.filter((row) => row !== undefined).sort((a, b) => heldFrom(a) - heldFrom(b))[0];
}
