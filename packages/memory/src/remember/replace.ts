/** Inside the transaction: which older facts does a new memory replace, and what becomes of them. */

import { type Memory, partitionOf, type RecordTx, type ReferenceType } from "@nexus/core";
import { findRelations, guessLanguage } from "@nexus/text";
import { hasExpired } from "../subject.ts";
import { closeFacts } from "./facts.ts";
import type { PreparedMemory } from "./prepare.ts";
import { putPast } from "./rows.ts";
import { judgeSupersede, type Statement } from "./supersede.ts";

export interface Replaced {
  /** Memories that the new one supersedes, newest first. */
  readonly superseded: readonly Memory[];
  /** The memory as it is afterwards: closed at once when what it tells was replaced before it came. */
  readonly memory: Memory;
}

interface Writing {
  readonly now: Date;
  readonly keyId: string;
}

/** Facts of one subject and type that are looked at: there is one at a time, and some that were left open in doubt. */
const MOST_FACTS = 64;

/**
 * Judges the live facts of the same subjects and types against a memory just written.
 *
 * Automatic only where `judgeSupersede` is sure; in doubt both stay and a `possiblySupersedes` reference joins them.
 * Of two statements the one that holds later wins, whichever arrives first; at the same moment, the one that arrives later.
 */
export async function replaceFacts(
  tx: RecordTx,
  memory: Memory,
  { text }: PreparedMemory,
  writing: Writing,
): Promise<Replaced> {
  const superseded: Memory[] = [];
  let present = memory;
  const own = statementOf(memory);
  for (const other of await rivalsOf(tx, memory, text.understood.probes, writing.now.getTime())) {
    const theirs = statementOf(other);
    const isLater = own.at >= theirs.at;
    const { verdict, type = "", reason } = isLater ? judgeSupersede(theirs, own) : judgeSupersede(own, theirs);
    if (verdict === "none") continue;
    const [newer, older] = isLater ? [present, other] : [other, present];
    const isSure = verdict === "supersedes";
    refer(
      tx,
      newer,
      older,
      isSure ? "supersedes" : "possiblySupersedes",
      type === "" ? reason : `${type}: ${reason}`,
      writing,
    );
    if (!isSure) continue;
    const closed = await close(tx, older, new Date(Math.max(own.at, theirs.at)), writing);
    if (isLater) superseded.push(closed);
    else present = closed;
  }
  return { superseded, memory: present };
}

/** When it begins to hold: what superseding compares. */
function heldFrom({ validFrom, createdAt }: Memory): number {
  return (validFrom ?? createdAt).getTime();
}

function statementOf(memory: Memory): Statement {
  const { content, speaker } = memory;
  const { language } = guessLanguage(content);
  const relations = findRelations(content, { language, ...(speaker !== undefined && { speaker }) });
  return { content, language, speaker, at: heldFrom(memory), relations };
}

async function rivalsOf(
  tx: RecordTx,
  memory: Memory,
  probes: PreparedMemory["text"]["understood"]["probes"],
  now: number,
): Promise<Memory[]> {
  const partition = partitionOf(memory.userId);
  const ids = new Set<string>();
  for (const { subjectId, type } of probes) {
    const rows = await tx.range({ table: "relation", prefix: [partition, subjectId, type], limit: MOST_FACTS });
    for (const row of rows) if (row.validTo === undefined && row.memoryId !== memory.id) ids.add(row.memoryId);
  }
  if (ids.size === 0) return [];
  const rows = await tx.get(
    "memory",
    [...ids].map((id) => [id]),
  );
  return rows
    .filter((row) => row !== undefined)
    .filter((row) => row.status === "active" && row.agentId === memory.agentId && !hasExpired(row, now))
    .sort((a, b) => heldFrom(b) - heldFrom(a) || b.addedSeq - a.addedSeq);
}

/** Ends a memory's validity as superseded: a new version, the old one in its history. */
async function close(tx: RecordTx, memory: Memory, at: Date, { now, keyId }: Writing): Promise<Memory> {
  const partition = partitionOf(memory.userId);
  const version = memory.version + 1;
  const seq = tx.change(partition, { op: "superseded", memoryId: memory.id, version, memories: 0 });
  const validTo = memory.validTo && memory.validTo < at ? memory.validTo : at;
  const closed: Memory = { ...memory, status: "superseded", validTo, version, seq, updatedAt: now, changedBy: keyId };
  putPast(tx, memory);
  tx.put("memory", closed);
  await closeFacts(tx, memory, validTo);
  return closed;
}

function refer(
  tx: RecordTx,
  newer: Memory,
  older: Memory,
  type: ReferenceType,
  reason: string,
  { now }: Writing,
): void {
  const partition = partitionOf(newer.userId);
  tx.put("reference", {
    memoryId: newer.id,
    type,
    targetId: older.id,
    partition,
    reason,
    formerValidTo: older.validTo,
    createdAt: now,
  });
}
