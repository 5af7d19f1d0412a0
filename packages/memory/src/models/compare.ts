/** Shadow reads: what a filled generation finds beside what is in use, for the beginnings of the tenant's own memories. */

import { EVERYTHING, type Embedder, type Memory, NexusError, type TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { embedReadable } from "./embed-readable.ts";
import { type Comparison, type Generation, vectorNameOf } from "./generations.ts";

const QUERIES = 64;
const K = 10;
/** Points that surely hold so many memories. */
const POINTS = 3 * K;
/** Words of a memory that are asked for: about as long as a question. */
const WORDS = 8;

/** Cost: two embeddings and searches for each of 64 queries, beside the reads of others. */
export async function compare(
  scope: TenantScope,
  next: Generation,
  { records, vectors, embedder, deep, generations, clock }: RememberDependencies,
): Promise<Comparison> {
  const { active } = await generations.of(scope);
  const theirs = await deep?.of(next.model);
  if (!theirs) throw new NexusError("embed.model_missing", `[nexus/memory] the files of ${next.name} are gone`);
  const old = active && (await deep?.of(active.model));
  const inUse = active && old ? { embedder: old, name: vectorNameOf(active) } : undefined;
  const before = inUse ?? { embedder, name: embedder.describe().name };
  const after = { embedder: theirs, name: vectorNameOf(next) };
  const newest = await records.reader(scope).find({ index: "memoryByNewest", anyOf: [[]], limit: QUERIES });
  const nearest = async (model: { embedder: Embedder; name: string }, text: string): Promise<string[]> => {
    const [values] = await embedReadable(model.embedder, [text], { role: "query" });
    if (!values?.some((value) => value !== 0)) return [];
    const by = { dense: { name: model.name, values } };
    const hits = await vectors.search(scope, { by, filter: EVERYTHING, limit: POINTS });
    return [...new Set(hits.map(({ memoryId }) => memoryId))].slice(0, K);
  };
  let [overlap, self, selfInUse] = [0, 0, 0];
  const times: number[] = [];
  for (const memory of newest) {
    const text = beginningOf(memory);
    const known = await nearest(before, text);
    const started = clock.monotonic();
    const found = await nearest(after, text);
    times.push(clock.monotonic() - started);
    overlap += found.filter((id) => known.includes(id)).length / Math.max(1, Math.min(K, known.length));
    self += Number(found.includes(memory.id));
    selfInUse += Number(known.includes(memory.id));
  }
  const count = Math.max(1, newest.length);
  times.sort((a, b) => a - b);
  return {
    queries: newest.length,
    overlapAt10: overlap / count,
    selfAt10: self / count,
    selfAt10InUse: selfInUse / count,
    p95Ms: times[Math.floor(0.95 * times.length)] ?? 0,
  };
}

function beginningOf({ content }: Memory): string {
  return content.split(/\s+/u, WORDS).join(" ");
}
