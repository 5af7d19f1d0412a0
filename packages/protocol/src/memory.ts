/** A memory on the wire, and its versions. */

import type { Memory, MemoryVersion } from "@nexus/core";
import { z } from "zod";

const time = z.string().meta({ format: "date-time" });
const metadata = z.record(z.string(), z.unknown());

const statusWire = z.enum(["active", "superseded", "invalidated", "merged"]);

export const memoryWire = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    content: z.string(),
    userId: z.string().nullable(),
    agentId: z.string().nullable(),
    sessionId: z.string().nullable(),
    speaker: z.string().nullable(),
    createdAt: time,
    recordedAt: time,
    updatedAt: time,
    validFrom: time.nullable(),
    validTo: time.nullable(),
    expiresAt: time.nullable(),
    version: z.int(),
    status: statusWire.meta({ description: "Recall finds active ones, and superseded ones further down." }),
    invalidReason: z.string().nullable(),
    metadata,
    entities: z.array(z.object({ name: z.string(), type: z.string() })),
    language: z.string(),
    indexed: z.object({ chunks: z.int(), pending: z.int() }),
  })
  .meta({ id: "Memory" });

const versionWire = z
  .object({
    version: z.int(),
    op: z.enum(["added", "updated", "superseded", "invalidated", "merged", "undone", "forgotten", "erased"]),
    content: z.string(),
    metadata,
    validFrom: time.nullable(),
    validTo: time.nullable(),
    status: statusWire,
    changedBy: z.string().meta({ description: "The id of the key that made the change." }),
    recordedAt: time,
  })
  .meta({ id: "MemoryVersion" });

export const historyWire = z.object({ items: z.array(versionWire) });

export function memoryToWire(memory: Memory): z.output<typeof memoryWire> {
  return {
    id: memory.id,
    externalId: memory.externalId ?? null,
    content: memory.content,
    userId: memory.userId ?? null,
    agentId: memory.agentId ?? null,
    sessionId: memory.sessionId ?? null,
    speaker: memory.speaker ?? null,
    createdAt: memory.createdAt.toISOString(),
    recordedAt: memory.recordedAt.toISOString(),
    updatedAt: memory.updatedAt.toISOString(),
    validFrom: timeOrNull(memory.validFrom),
    validTo: timeOrNull(memory.validTo),
    expiresAt: timeOrNull(memory.expiresAt),
    version: memory.version,
    status: memory.status,
    invalidReason: memory.invalidReason ?? null,
    metadata: memory.metadata,
    entities: (memory.entities ?? []).map(({ name, type }) => ({ name, type })),
    language: memory.language,
    indexed: { chunks: memory.chunkCount, pending: memory.pendingCount },
  };
}

export function historyToWire(versions: readonly MemoryVersion[]): z.output<typeof historyWire> {
  const items = versions.map((version) => ({
    version: version.version,
    op: version.op,
    content: version.content,
    metadata: version.metadata,
    validFrom: timeOrNull(version.validFrom),
    validTo: timeOrNull(version.validTo),
    status: version.status,
    changedBy: version.changedBy,
    recordedAt: version.recordedAt.toISOString(),
  }));
  return { items };
}

export function timeOrNull(time: Date | undefined): string | null {
  return time === undefined ? null : time.toISOString();
}
