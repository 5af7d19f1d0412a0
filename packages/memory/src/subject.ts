/** A memory as filters and the vector store see it. */

import type { Memory, PointPayload } from "@nexus/core";

export function payloadOf(memory: Memory): PointPayload {
  return {
    id: memory.id,
    externalId: memory.externalId,
    userId: memory.userId,
    agentId: memory.agentId,
    sessionId: memory.sessionId,
    speaker: memory.speaker,
    language: memory.language,
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

export function hasExpired(memory: Memory, now: number): boolean {
  return memory.expiresAt !== undefined && memory.expiresAt.getTime() <= now;
}
