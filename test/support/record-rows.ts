/** Rows for tests of the record store: complete, and with the values that stores get wrong. */

import type { Chunk, Job, JsonObject, Memory, MemoryVersion, StoredVector } from "@nexus/core";

export const AWKWARD_TEXT =
  'a\u0000b\n"quoted" \\ \' $param <b> 😀 \u00e9\u0301 \uffff \u{1f469}\u200d\u{1f52c} `t`; REMOVE TABLE memory;';

export const AWKWARD_JSON: JsonObject = {
  id: "memory:1",
  "a.b": { "c.d": [1, [2, []], {}], "": "empty name" },
  null: null,
  nested: { deep: { deeper: { value: null, list: [null, [], {}, ""] } } },
  big: 9_007_199_254_740_991,
  huge: 1.7976931348623157e308,
  small: 5e-324,
  tenth: 0.1,
  truth: [true, false],
  record: "memory:⟨x⟩",
  date: "2026-11-21T00:00:00Z",
  uuid: "018f3a5e-0000-7000-8000-000000000000",
  $param: "$id",
  constructor: "x",
  text: AWKWARD_TEXT,
  lone: "\ud800",
};

export function memoryRow(id: string, fields: Partial<Memory> = {}): Memory {
  const at = new Date("2026-11-21T08:00:00.123Z");
  return {
    id,
    content: `content of ${id}`,
    contentHash: "0".repeat(64),
    language: "en",
    status: "active",
    metadata: {},
    tokenCount: 3,
    chunkCount: 1,
    pendingCount: 0,
    createdAt: at,
    recordedAt: at,
    updatedAt: at,
    version: 1,
    seq: 1,
    changedBy: "key-1",
    addedSeq: 1,
    ...fields,
  };
}

export function chunkRow(memoryId: string, index: number, fields: Partial<Chunk> = {}): Chunk {
  return {
    memoryId,
    index,
    pointId: `${memoryId}:${index}`,
    startOffset: 0,
    endOffset: 10,
    tokenCount: 3,
    strategy: "sentence",
    sparse: Uint8Array.of(1, 2, 3, 255),
    ...fields,
  };
}

export function vectorRow(pointId: string, fields: Partial<StoredVector> = {}): StoredVector {
  return {
    pointId,
    name: "static",
    generation: 1,
    model: "static-en",
    dimension: 256,
    data: new Uint8Array(1_024).fill(7),
    ...fields,
  };
}

export function versionRow(memoryId: string, version: number, fields: Partial<MemoryVersion> = {}): MemoryVersion {
  return {
    memoryId,
    version,
    op: "added",
    content: `content of ${memoryId}`,
    metadata: {},
    status: "active",
    changedBy: "key-1",
    recordedAt: new Date("2026-11-21T08:00:00.123Z"),
    ...fields,
  };
}

export function jobRow(id: string, fields: Partial<Job> = {}): Job {
  return {
    id,
    kind: "reindex",
    status: "queued",
    attemptCount: 0,
    runAt: new Date("2026-11-21T08:00:00.000Z"),
    progress: { done: 0, total: 10 },
    payload: {},
    createdAt: new Date("2026-11-21T08:00:00.000Z"),
    ...fields,
  };
}
