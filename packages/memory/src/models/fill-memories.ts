/** Gives some memories the vectors that they lack. */

import {
  type Chunk,
  type Embedder,
  type Memory,
  partitionOf,
  type RecordReader,
  type RecordTx,
  type StoredVector,
  type TenantScope,
} from "@nexus/core";
import { spoken } from "../remember/prepare.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { GENERATION, vectorRow } from "../remember/rows.ts";
import { embedReadable } from "./embed-readable.ts";
import { generationsKept, generationsToFill, type ModelState } from "./generations.ts";

/** One model whose vectors are to be there, and how their rows are named. */
export interface Target {
  readonly name: string;
  readonly generation: number;
  readonly embedder: Embedder;
  /** Of a deep model. */
  readonly isDeep: boolean;
  /** Searched now: what is found without a vector that comes later was not the whole answer. */
  readonly isRead: boolean;
}

export interface FillOptions {
  readonly targets: readonly Target[];
  /** Vectors that no generation in use, to come or kept has are removed from memories that lack nothing, too. */
  readonly clean?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Chunks embedded and written together: a deep model takes 50 to 200 ms for 32 short ones, and a memory of 1 MiB has hundreds. */
const STEP = 128;
/** A point's vectors: of the built-in model, and of a few generations. */
const MAX_VECTORS = 100;

/** The built-in model, and the generations in use and to come whose files are here. */
export async function targetsOf(
  scope: TenantScope,
  { embedder, deep, generations }: RememberDependencies,
): Promise<Target[]> {
  const targets: Target[] = [
    { name: embedder.describe().name, generation: GENERATION, embedder, isDeep: false, isRead: true },
  ];
  const state = await generations.of(scope);
  for (const { name, number, model } of generationsToFill(state)) {
    const known = await deep?.of(model);
    const isRead = number === state.active?.number;
    // Gone files are no reason to fail: the generation is skipped at reads too, and filled when they are back.
    if (known) targets.push({ name, generation: number, embedder: known, isDeep: true, isRead });
  }
  return targets;
}

/** The number of memories that lacked something, or had too much. throws what an embedder throws of more than one text */
export async function fillMemories(
  scope: TenantScope,
  memories: readonly Memory[],
  options: FillOptions,
  deps: RememberDependencies,
): Promise<number> {
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const chunks = await chunksOf(deps.records.reader(scope), memories);
  const touched = new Set<string>();
  for (let from = 0; from < chunks.length; from += STEP) {
    options.signal.throwIfAborted();
    for (const id of await fill(scope, chunks.slice(from, from + STEP), byId, options, deps)) touched.add(id);
  }
  return touched.size;
}

/** A vector that a chunk lacks. */
interface Lack {
  readonly chunk: Chunk;
  readonly target: Target;
}

/** The memories that got or lost vectors. */
async function fill(
  scope: TenantScope,
  chunks: readonly Chunk[],
  byId: ReadonlyMap<string, Memory>,
  { targets, clean = false, signal }: FillOptions,
  { records, projector, partitions, generations }: RememberDependencies,
): Promise<string[]> {
  const wanted = chunks.flatMap((chunk) => targets.map((target): Lack => ({ chunk, target })));
  const rows = await records.reader(scope).get(
    "vector",
    wanted.map(({ chunk, target }) => [chunk.pointId, target.name, target.generation]),
  );
  const lacking = wanted.filter(({ target }, i) => rows[i]?.model !== target.embedder.describe().model);
  if (lacking.length === 0 && !clean) return [];
  const made = await embedded(lacking, byId, signal);
  const isKept = keeps(targets, await generations.of(scope));
  const due = [...new Set(clean ? chunks : lacking.map(({ chunk }) => chunk))];
  const ids = [...new Set(due.map(({ memoryId }) => memoryId))];
  const changed = new Set(lacking.filter(({ target }) => target.isRead).map(({ chunk }) => chunk.memoryId));
  const named = [...new Set([...changed].map((id) => partitionOf(byId.get(id)?.userId)))].sort();
  let touched = new Set<string>();
  const { seqs } = await partitions.during(scope, named, () =>
    records.transact(scope, named, async (tx) => {
      touched = new Set();
      const now = await tx.get(
        "memory",
        ids.map((id) => [id]),
      );
      // One whose text changed since has other chunks by now, and a job of its own.
      const same = new Map(now.flatMap((row) => (row && hasSameText(row, byId.get(row.id)) ? [[row.id, row]] : [])));
      for (const chunk of due) {
        if (same.has(chunk.memoryId) && (await removeOthers(tx, chunk, isKept))) touched.add(chunk.memoryId);
      }
      for (const [{ chunk, target }, vector] of made) {
        if (!same.has(chunk.memoryId)) continue;
        tx.put("vector", vectorRow(chunk.pointId, vector, target.embedder.describe(), target));
        touched.add(chunk.memoryId);
      }
      for (const id of changed) {
        const row = same.get(id);
        if (row) tx.put("memory", { ...row, seq: changeOf(tx, row) });
      }
    }),
  );
  const partitionsSeen = new Set(seqs.map(({ partition }) => partition));
  const isTold = (id: string): boolean => changed.has(id) && partitionsSeen.has(partitionOf(byId.get(id)?.userId));
  await projector.project(scope, { entries: seqs, memoryIds: [...touched].filter(isTold) });
  const quiet = [...touched].filter((id) => !isTold(id));
  if (quiet.length > 0) await projector.reproject(scope, quiet);
  return [...touched];
}

/** Answers that were found without the vectors end with the partition's sequence. */
function changeOf(tx: RecordTx, { id, userId, version }: Memory): number {
  return tx.change(partitionOf(userId), { op: "updated", memoryId: id, version, memories: 0 });
}

async function embedded(
  lacking: readonly Lack[],
  byId: ReadonlyMap<string, Memory>,
  signal: AbortSignal,
): Promise<Map<Lack, Float32Array>> {
  const made = new Map<Lack, Float32Array>();
  for (const [{ embedder }, own] of Map.groupBy(lacking, ({ target }) => target)) {
    const texts = own.map(({ chunk }) => textOf(byId.get(chunk.memoryId), chunk));
    const vectors = await embedReadable(embedder, texts, { role: "passage", signal });
    own.forEach((one, i) => made.set(one, vectors[i] as Float32Array));
  }
  return made;
}

/** Whether there were vectors that nobody keeps. */
async function removeOthers(
  tx: RecordTx,
  { pointId }: Chunk,
  isKept: (row: StoredVector) => boolean,
): Promise<boolean> {
  const all = await tx.range({ table: "vector", prefix: [pointId], limit: MAX_VECTORS });
  const others = all.filter((row) => !isKept(row));
  for (const { name, generation } of others) tx.remove("vector", [pointId, name, generation]);
  return others.length > 0;
}

function hasSameText(now: Memory, then: Memory | undefined): boolean {
  return then?.contentHash === now.contentHash && then.speaker === now.speaker && then.chunkCount === now.chunkCount;
}

/** Whether a row belongs to what is filled here, or is kept for a roll-back, or waits for its model's files. */
function keeps(targets: readonly Target[], state: ModelState): (row: StoredVector) => boolean {
  const kept = new Set(targets.map(({ name, generation }) => `${name}\0${generation}`));
  for (const { name, number } of generationsKept(state)) kept.add(`${name}\0${number}`);
  return ({ name, generation }) => kept.has(`${name}\0${generation}`);
}

async function chunksOf(reader: RecordReader, memories: readonly Memory[]): Promise<Chunk[]> {
  const keys = memories.flatMap(({ id, chunkCount }) => Array.from({ length: chunkCount }, (_, n) => [id, n] as const));
  const rows = await reader.get("chunk", keys);
  return rows.filter((row) => row !== undefined);
}

function textOf(memory: Memory | undefined, { startOffset, endOffset }: Chunk): string {
  return memory ? spoken(memory.content.slice(startOffset, endOffset), memory.speaker) : "";
}
