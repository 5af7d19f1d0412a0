/** Job `embed`: gives memories the vectors that they lack, of the built-in model and of the generations in use or to come. */

import type { Chunk, Embedder, Job, KeyPart, Memory, RecordReader, StoredVector, TenantScope } from "@nexus/core";
import { countMemories } from "../jobs/rebuild.ts";
import type { JobHandler } from "../jobs/runner.ts";
import { spoken } from "../remember/prepare.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { GENERATION, vectorRow } from "../remember/rows.ts";
import { compare } from "./compare.ts";
import { generationsToFill, type ModelState } from "./generations.ts";
import { cutOver } from "./switch.ts";

/** Memories embedded and written together: a deep model takes 50 to 200 ms for so many. */
const STEP = 32;
/** Walks over all memories until one finds nothing lacking: what is written meanwhile has a job of its own. */
const MAX_WALKS = 3;
/** A point's vectors: of the built-in model, and of a few generations. */
const MAX_VECTORS = 100;

/** One model whose vectors are to be there, and how their rows are named. */
interface Target {
  readonly name: string;
  readonly generation: number;
  readonly embedder: Embedder;
}

/**
 * Payload `memoryIds`: those alone. Without: every memory of the tenant, and then the next generation takes its place.
 * `clean`: vectors that no generation in use, to come or kept has are removed too.
 */
export function createEmbedHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, { progress, signal }) => {
    const given = deps();
    const only = idsOf(job);
    if (only) {
      const rows = await given.records.reader(scope).get(
        "memory",
        only.map((id) => [id]),
      );
      const targets = await targetsOf(scope, given);
      let filled = 0;
      for (let from = 0; from < rows.length; from += STEP) {
        signal.throwIfAborted();
        const memories = rows.slice(from, from + STEP).filter((row) => row !== undefined);
        filled += await fill(scope, memories, { targets }, given);
      }
      return { filled };
    }
    const reader = given.records.reader(scope);
    let filled = 0;
    for (let walk = 0; walk < MAX_WALKS; walk++) {
      const targets = await targetsOf(scope, given);
      const total = await countMemories(reader);
      let [found, done] = [0, 0];
      for await (const memories of pages(reader)) {
        signal.throwIfAborted();
        found += await fill(scope, memories, { targets, clean: job.payload["clean"] === true }, given);
        done += memories.length;
        await progress(done, Math.max(done, total));
      }
      filled += found;
      if (found === 0) break;
    }
    const builtIn = given.embedder.describe().model;
    await given.generations.change(scope, (state) => (state.builtIn === builtIn ? undefined : { ...state, builtIn }));
    const { next } = await given.generations.of(scope);
    if (!next) return { filled };
    const comparison = await compare(scope, next, given);
    const isBetter = await cutOver(scope, next.number, comparison, given);
    return { filled, generation: next.number, comparison: { ...comparison }, inUse: isBetter };
  };
}

async function targetsOf(scope: TenantScope, { embedder, deep, generations }: RememberDependencies): Promise<Target[]> {
  const targets: Target[] = [{ name: embedder.describe().name, generation: GENERATION, embedder }];
  for (const { name, number, model } of generationsToFill(await generations.of(scope))) {
    const known = await deep?.of(model);
    // Gone files are no reason to fail: the generation is skipped at reads too, and filled when they are back.
    if (known) targets.push({ name, generation: number, embedder: known });
  }
  return targets;
}

/** The number of memories that lacked something, or had too much. */
async function fill(
  scope: TenantScope,
  memories: readonly Memory[],
  { targets, clean = false }: { readonly targets: readonly Target[]; readonly clean?: boolean },
  { records, projector, generations }: RememberDependencies,
): Promise<number> {
  const reader = records.reader(scope);
  const chunks = await chunksOf(reader, memories);
  const wanted = chunks.flatMap((chunk) => targets.map((target) => ({ chunk, target })));
  const rows = await reader.get(
    "vector",
    wanted.map(({ chunk, target }) => [chunk.pointId, target.name, target.generation]),
  );
  const lacking = wanted.filter(({ target }, i) => rows[i]?.model !== target.embedder.describe().model);
  if (lacking.length === 0 && !clean) return 0;
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  const made = new Map<(typeof lacking)[number], Float32Array>();
  for (const target of targets) {
    const own = lacking.filter((one) => one.target === target);
    const texts = own.map(({ chunk }) => textOf(byId.get(chunk.memoryId), chunk));
    const vectors = texts.length === 0 ? [] : await target.embedder.embed(texts);
    own.forEach((one, i) => made.set(one, vectors[i] as Float32Array));
  }
  const isKept = keeps(targets, await generations.of(scope));
  const touched = new Set<string>();
  await records.transact(scope, [], async (tx) => {
    touched.clear();
    const rows = await tx.get(
      "memory",
      memories.map(({ id }) => [id]),
    );
    // One whose text changed since has other chunks by now, and a job of its own.
    const same = new Set(rows.flatMap((row) => (row && hasSameText(row, byId.get(row.id)) ? [row.id] : [])));
    const due = new Set(clean ? chunks : lacking.map(({ chunk }) => chunk));
    for (const { memoryId, pointId } of due) {
      if (!same.has(memoryId)) continue;
      const all = await tx.range({ table: "vector", prefix: [pointId], limit: MAX_VECTORS });
      for (const { name, generation } of all.filter((row) => !isKept(row))) {
        tx.remove("vector", [pointId, name, generation]);
        touched.add(memoryId);
      }
    }
    for (const [{ chunk, target }, vector] of made) {
      if (!same.has(chunk.memoryId)) continue;
      tx.put("vector", vectorRow(chunk.pointId, vector, target.embedder.describe(), target));
      touched.add(chunk.memoryId);
    }
  });
  if (touched.size > 0) await projector.reproject(scope, [...touched]);
  return touched.size;
}

function hasSameText(now: Memory, then: Memory | undefined): boolean {
  return then?.contentHash === now.contentHash && then.speaker === now.speaker && then.chunkCount === now.chunkCount;
}

/** Whether a row belongs to what is filled here, or is kept for a roll-back, or waits for its model's files. */
function keeps(targets: readonly Target[], { active, next, previous }: ModelState): (row: StoredVector) => boolean {
  const kept = new Set(targets.map(({ name, generation }) => `${name}\0${generation}`));
  for (const one of [active, next, previous]) if (one) kept.add(`${one.name}\0${one.number}`);
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

function idsOf({ payload }: Job): string[] | undefined {
  const ids = payload["memoryIds"];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : undefined;
}

async function* pages(reader: RecordReader): AsyncGenerator<Memory[]> {
  let after: KeyPart[] | undefined;
  for (;;) {
    const rows = await reader.range({ table: "memory", prefix: [], after, limit: STEP });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    after = [last.id];
  }
}
