/** A memory as filters and the vector store see it. */

import type { Memory, PointPayload } from "@nexus/core";
import { nameKey } from "@nexus/text";

export function payloadOf(memory: Memory): PointPayload {
  return {
    id: memory.id,
    externalId: memory.externalId,
    userId: memory.userId,
    agentId: memory.agentId,
    sessionId: memory.sessionId,
    speaker: memory.speaker,
    language: memory.language,
    domain: memory.domain,
    status: memory.status,
    quality: memory.quality,
    entities: memory.entities && keysOf(memory.entities),
    occurredFrom: memory.occurredFrom?.getTime(),
    occurredTo: memory.occurredTo?.getTime(),
    createdAt: memory.createdAt.getTime(),
    recordedAt: memory.recordedAt.getTime(),
    updatedAt: memory.updatedAt.getTime(),
    validFrom: memory.validFrom?.getTime(),
    validTo: memory.validTo?.getTime(),
    metadata: memory.metadata,
    addedSeq: memory.addedSeq,
    version: memory.version,
  };
}

/** Distinct name keys, by which filters and the graph know entities; undefined for none, to keep payloads small. */
function keysOf(entities: NonNullable<Memory["entities"]>): string[] | undefined {
  return entities.length === 0 ? undefined : [...new Set(entities.map(({ name }) => nameKey(name)))];
}

/** When it begins to hold, milliseconds: what superseding compares. */
export function heldFrom({ validFrom, createdAt }: Pick<Memory, "validFrom" | "createdAt">): number {
  return (validFrom ?? createdAt).getTime();
}

export function hasExpired(memory: Memory, now: number): boolean {
  return memory.expiresAt !== undefined && memory.expiresAt.getTime() <= now;
}
