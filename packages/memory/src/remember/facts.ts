/** The rows of relations: what memories state of the entities that they name. */

import { type FactKey, type Memory, partitionOf, type RecordTx } from "@nexus/core";
import { heldFrom } from "../subject.ts";
import type { Understood } from "./understand.ts";

export function factKeys({ relations }: Understood): FactKey[] | undefined {
  const keys = new Map(
    relations.map(({ subjectId, type, objectId }) => [
      `${subjectId}\0${type}\0${objectId}`,
      { subjectId, type, objectId },
    ]),
  );
  return keys.size === 0 ? undefined : [...keys.values()];
}

/** A relation holds from when its memory is valid, or from when that says it came about. */
export function putFacts(tx: RecordTx, memory: Memory, { relations }: Understood): void {
  for (const { type, subjectId, objectId, subjectName, objectName, confidence } of relations) {
    tx.put("relation", {
      partition: partitionOf(memory.userId),
      subjectId,
      type,
      objectId,
      memoryId: memory.id,
      subjectName,
      objectName,
      confidence,
      validFrom: new Date(heldFrom(memory)),
      validTo: memory.validTo,
    });
  }
}

export function removeFacts(tx: RecordTx, memory: Memory): void {
  for (const { subjectId, type, objectId } of memory.facts ?? [])
    tx.remove("relation", [partitionOf(memory.userId), subjectId, type, memory.id, objectId]);
}

/** Gives the relations that a memory states its present interval of validity. */
export async function dateFacts(tx: RecordTx, memory: Memory): Promise<void> {
  const keys = (memory.facts ?? []).map(({ subjectId, type, objectId }) => [
    partitionOf(memory.userId),
    subjectId,
    type,
    memory.id,
    objectId,
  ]);
  if (keys.length === 0) return;
  const [validFrom, validTo] = [new Date(heldFrom(memory)), memory.validTo];
  for (const row of await tx.get("relation", keys)) if (row) tx.put("relation", { ...row, validFrom, validTo });
}
