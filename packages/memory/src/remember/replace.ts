/** Inside the transaction: which older facts does a new memory replace, and what becomes of them. */

import { type KeyPart, keyOf, type Memory, partitionOf, type RecordTx, type Reference } from "@nexus/core";
import { findRelations, guessLanguage } from "@nexus/text";
import { hasExpired, heldFrom } from "../subject.ts";
import { dateFacts } from "./facts.ts";
import { referencesTo } from "./links.ts";
import type { PreparedText } from "./prepare.ts";
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

/** UTF-16 units of a statement. What is longer is a document: it may tell of a hundred people's ages, and replaces none of them. */
const LONGEST = 600;
/** References of doubt that one write leaves: more than a reader would look at. */
const MOST_DOUBTS = 16;

/** Rows of one subject and type read at once, and in all: a fact told five thousand times over is none to keep straight. */
const STEP = 200;
const MOST = 5_000;

/**
 * Puts a memory just written into the line of statements about the same subjects and types.
 *
 * It ends those before it, whose validity reaches into its own, and is ended by the first one after it, so that the line
 * is the same in whatever order the statements arrive; of two of one moment the one that arrives later holds. Automatic
 * only where `judgeSupersede` is sure; in doubt both stay, and a `possiblySupersedes` reference joins them.
 *
 * cost  one range read for each single-valued relation that the text speaks of; nothing for other texts
 */
export async function replaceFacts(
  tx: RecordTx,
  memory: Memory,
  { understood }: Pick<PreparedText, "understood">,
  writing: Writing,
): Promise<Replaced> {
  if (memory.content.length > LONGEST) return { superseded: [], memory };
  const others = await line(tx, memory, understood, writing.now.getTime());
  if (others.length === 0) return { superseded: [], memory };
  const own = statementOf(memory);
  const superseded: Memory[] = [];
  let doubts = 0;
  for (const other of others.filter((one) => heldFrom(one) <= own.at).reverse()) {
    if (other.validTo && other.validTo.getTime() <= own.at) continue;
    const { verdict, type = "", reason } = judgeSupersede(statementOf(other), { ...own, at: own.at + 1 });
    if (verdict === "none" || (verdict === "possibly" && (other.status !== "active" || doubts++ >= MOST_DOUBTS)))
      continue;
    await refer(tx, memory, other, { verdict, reason: `${type}: ${reason}` }, writing);
    if (verdict === "supersedes") superseded.push(await close(tx, other, own.at, writing));
  }
  for (const other of others.filter((one) => heldFrom(one) > own.at)) {
    const { verdict, type = "", reason } = judgeSupersede(own, statementOf(other));
    if (verdict === "none" || (verdict === "possibly" && doubts++ >= MOST_DOUBTS)) continue;
    await refer(tx, other, memory, { verdict, reason: `${type}: ${reason}` }, writing);
    if (verdict === "supersedes") return { superseded, memory: await close(tx, memory, heldFrom(other), writing) };
  }
  return { superseded, memory };
}

function statementOf(memory: Memory): Statement {
  const { content, speaker } = memory;
  const { language } = guessLanguage(content);
  const relations = findRelations(content, { language, ...(speaker !== undefined && { speaker }) });
  return { content, language, speaker, at: heldFrom(memory), relations };
}

/**
 * What else is stated of these subjects and types, told to the same agent: oldest first, of one moment in the order of
 * arrival. What has the same value, or had ended before this memory begins, is known by its relation's row alone.
 */
async function line(
  tx: RecordTx,
  memory: Memory,
  { probes, relations }: PreparedText["understood"],
  now: number,
): Promise<Memory[]> {
  const partition = partitionOf(memory.userId);
  const began = heldFrom(memory);
  const ids = new Set<string>();
  for (const { subjectId, type } of probes) {
    const own = new Set(
      relations.flatMap((one) => (one.subjectId === subjectId && one.type === type ? one.objectId : [])),
    );
    let after: KeyPart[] | undefined;
    for (let read = 0; read < MOST; read += STEP) {
      const prefix = [partition, subjectId, type];
      const rows = await tx.range({ table: "relation", prefix, after, limit: STEP });
      for (const { memoryId, objectId, validFrom, validTo } of rows) {
        const isOver = validFrom.getTime() <= began && validTo !== undefined && validTo.getTime() <= began;
        if (memoryId !== memory.id && !own.has(objectId) && !isOver) ids.add(memoryId);
      }
      const last = rows.at(-1);
      if (!last || rows.length < STEP) break;
      after = keyOf("relation", last);
    }
  }
  if (ids.size === 0) return [];
  const rows = await tx.get(
    "memory",
    [...ids].map((id) => [id]),
  );
  return rows
    .filter((row) => row !== undefined)
    .filter(({ status }) => status === "active" || status === "superseded")
    .filter((row) => row.agentId === memory.agentId && row.content.length <= LONGEST && !hasExpired(row, now))
    .sort((a, b) => heldFrom(a) - heldFrom(b) || a.addedSeq - b.addedSeq);
}

/** Ends a memory's validity as superseded: a new version, the old one in its history. */
async function close(tx: RecordTx, memory: Memory, at: number, { now, keyId }: Writing): Promise<Memory> {
  const version = memory.version + 1;
  const seq = tx.change(partitionOf(memory.userId), { op: "superseded", memoryId: memory.id, version, memories: 0 });
  const validTo = memory.validTo && memory.validTo.getTime() < at ? memory.validTo : new Date(at);
  const closed: Memory = { ...memory, status: "superseded", validTo, version, seq, updatedAt: now, changedBy: keyId };
  putPast(tx, memory);
  tx.put("memory", closed);
  await dateFacts(tx, closed);
  return closed;
}

/** The caller's own end of validity goes from reference to reference, to be put back when the last of them is undone. */
async function refer(
  tx: RecordTx,
  newer: Memory,
  older: Memory,
  { verdict, reason }: { readonly verdict: "supersedes" | "possibly"; readonly reason: string },
  { now }: Writing,
): Promise<void> {
  const type: Reference["type"] = verdict === "supersedes" ? "supersedes" : "possiblySupersedes";
  const earlier = (await referencesTo(tx, older.id)).find((reference) => reference.type === "supersedes");
  tx.put("reference", {
    memoryId: newer.id,
    type,
    targetId: older.id,
    partition: partitionOf(newer.userId),
    reason,
    formerValidTo: earlier ? earlier.formerValidTo : older.validTo,
    createdAt: now,
  });
}
