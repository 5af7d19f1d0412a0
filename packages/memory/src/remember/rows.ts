/** The rows that make up one memory, written and removed together. */

import {
  type EmbedderDescription,
  type Memory,
  type MemoryVersion,
  partitionOf,
  type RecordTx,
  type StoredVector,
} from "@nexus/core";
import { factKeys, putFacts } from "./facts.ts";
import { qualityOfNew } from "./worth.ts";
import { chunkRow, type PreparedChunk, type PreparedMemory, type PreparedText } from "./prepare.ts";

/** The built-in model's vectors have one generation: another revision of it has another name. Those of deep models are counted in models/generations.ts. */
export const GENERATION = 1;

export interface RowContext {
  readonly now: Date;
  readonly keyId: string;
  readonly embedder: EmbedderDescription;
}

/** Writes a new memory that older ones confirm so many times, with its chunks, vectors and change row. */
export function putNew(
  tx: RecordTx,
  { input, id, text }: PreparedMemory,
  { now, keyId, embedder }: RowContext,
  confirmations = 0,
): Memory {
  const partition = partitionOf(input.userId);
  const seq = tx.change(partition, { op: "added", memoryId: id, version: 1, memories: 1 });
  const memory: Memory = {
    id,
    content: input.content,
    contentHash: text.contentHash,
    userId: input.userId,
    agentId: input.agentId,
    sessionId: input.sessionId,
    speaker: input.speaker,
    externalId: input.externalId,
    ...understoodFields(text),
    quality: qualityOfNew(input, text.understood.contentQuality, confirmations),
    status: "active",
    metadata: input.metadata,
    tokenCount: text.tokenCount,
    chunkCount: text.chunks.length,
    pendingCount: text.pendingCount,
    createdAt: input.createdAt ?? now,
    validFrom: input.validFrom,
    validTo: input.validTo,
    expiresAt: input.expiresAt,
    recordedAt: now,
    updatedAt: now,
    version: 1,
    changedBy: keyId,
    seq,
    addedSeq: seq,
  };
  tx.put("memory", memory);
  putFacts(tx, memory, text.understood);
  putChunks(tx, id, 0, text.chunks, embedder);
  return memory;
}

/** What understanding adds to a memory's row. */
export function understoodFields({
  understood,
  language,
  languageConfidence,
}: PreparedText): Pick<
  Memory,
  "language" | "languageConfidence" | "domain" | "entities" | "facts" | "occurredFrom" | "occurredTo"
> {
  return {
    language,
    languageConfidence,
    domain: understood.domain,
    entities: understood.entities.length === 0 ? undefined : understood.entities,
    facts: factKeys(understood),
    occurredFrom: understood.occurred?.from,
    occurredTo: understood.occurred?.to,
  };
}

/** Keeps the state that a change is about to replace. */
export function putPast(tx: RecordTx, memory: Memory): void {
  tx.put("version", versionOf(memory));
}

/** A memory's present state as an entry of its history. */
export function versionOf(memory: Memory): MemoryVersion {
  return {
    memoryId: memory.id,
    version: memory.version,
    op: opOf(memory),
    content: memory.content,
    metadata: memory.metadata,
    validFrom: memory.validFrom,
    validTo: memory.validTo,
    status: memory.status,
    changedBy: memory.changedBy,
    recordedAt: memory.updatedAt,
  };
}

function opOf({ status, version }: Memory): MemoryVersion["op"] {
  return status === "active" ? (version === 1 ? "added" : "updated") : status;
}

/** Chunk rows from index `from` on, and the vector of each in a table that reads never touch. */
export function putChunks(
  tx: RecordTx,
  memoryId: string,
  from: number,
  chunks: readonly PreparedChunk[],
  embedder: EmbedderDescription,
): void {
  chunks.forEach((chunk, i) => {
    const row = chunkRow(memoryId, from + i, chunk);
    tx.put("chunk", row);
    tx.put("vector", vectorRow(row.pointId, chunk.vector, embedder, { name: embedder.name, generation: GENERATION }));
  });
}

export function vectorRow(
  pointId: string,
  { buffer, byteOffset, byteLength }: Float32Array,
  { model, dimension }: Pick<EmbedderDescription, "model" | "dimension">,
  { name, generation }: { readonly name: string; readonly generation: number },
): StoredVector {
  const data = new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength));
  return { pointId, name, generation, model, dimension, data };
}

/** Removes chunks and their vectors, of every model. */
export async function removeChunks(tx: RecordTx, memory: Memory): Promise<void> {
  const chunks = await tx.range({ table: "chunk", prefix: [memory.id], limit: memory.chunkCount });
  for (const chunk of chunks) {
    tx.remove("chunk", [chunk.memoryId, chunk.index]);
    const vectors = await tx.range({ table: "vector", prefix: [chunk.pointId], limit: 100 });
    for (const vector of vectors) tx.remove("vector", [vector.pointId, vector.name, vector.generation]);
  }
}
