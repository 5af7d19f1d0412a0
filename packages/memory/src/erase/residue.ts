/** Looks for what an erasure should have removed, everywhere, whatever its steps believe to have done. */

import { EVERYTHING, type RecordReader, type TableName } from "@nexus/core";
import { pointId } from "../remember/prepare.ts";
import { GENERATION } from "../remember/rows.ts";
import { heldInBlobs } from "./accepted-writes.ts";
import { type Counts, dueIn, type Erasure, isLater } from "./erasure.ts";
import { countNamingRows } from "./naming-rows.ts";
import { goneOf, inSteps, memoriesOf, pagesOf } from "./pages.ts";
import { referencesOf, without } from "./partition-rows.ts";

/** Ids asked for at once. */
const STEP = 100;
const MOST = 1_000;

/**
 * What is left, by store; the log of changes is not looked at, since it tells what to look for and goes last.
 *
 * cost     reads the user's changes, a few rows for each memory that there ever was, and the tenant's references, jobs and kept answers
 */
export async function residueOf(erasure: Erasure): Promise<Counts> {
  const { scope, userId, deps, beat } = erasure;
  const reader = deps.records.reader(scope);
  const left: Record<string, number> = {};
  const add = (name: TableName | "vectors" | "blobs", count: number): void => {
    left[name] = (left[name] ?? 0) + count;
  };
  const isDue = await dueIn(reader, erasure);
  for await (const page of memoriesOf(reader, userId)) add("memory", page.filter(isDue).length);
  const gone = await goneOf(reader, userId);
  for (const ids of inSteps(gone, STEP)) {
    for (const [name, count] of await byMemory(reader, ids, erasure)) add(name, count);
    add("vectors", await pointsOf(ids, erasure));
    await beat();
  }
  for await (const references of referencesOf(erasure, gone)) add("reference", references.length);
  for await (const page of pagesOf(reader, "relation", [userId]))
    add("relation", (await without(reader, page, ({ memoryId }) => memoryId)).length);
  for await (const page of pagesOf(reader, "feedback", [userId]))
    add("feedback", page.filter(({ createdAt }) => !isLater(createdAt, erasure)).length);
  for await (const page of pagesOf(reader, "pattern", [userId])) {
    add(
      "pattern",
      page.filter((row) => !isLater(row.updatedAt, erasure) || row.memoryIds.some((id) => gone.has(id))).length,
    );
  }
  for await (const page of pagesOf(reader, "outbox", [userId]))
    add("outbox", page.filter(({ memoryIds }) => memoryIds.some((id) => gone.has(id))).length);
  add("entity", await unnamedEntities(reader, userId));
  const [profile] = await reader.get("profile", [[userId]]);
  add("profile", profile && !isLater(profile.updatedAt, erasure) ? 1 : 0);
  const naming = await countNamingRows(erasure, gone);
  add("job", naming.job);
  add("idempotency", naming.idempotency);
  add("blobs", await heldInBlobs(erasure));
  return left;
}

/** The first rows of memories: those after it are written and removed with it. */
async function byMemory(
  reader: RecordReader,
  ids: readonly string[],
  { deps }: Erasure,
): Promise<[TableName, number][]> {
  const name = deps.embedder.describe().name;
  const [chunks, versions, vectors] = await Promise.all([
    reader.get(
      "chunk",
      ids.map((id) => [id, 0]),
    ),
    reader.get(
      "version",
      ids.map((id) => [id, 1]),
    ),
    reader.get(
      "vector",
      ids.map((id) => [pointId(id, 0), name, GENERATION]),
    ),
  ]);
  const count = (rows: readonly unknown[]): number => rows.filter((row) => row !== undefined).length;
  return [
    ["chunk", count(chunks)],
    ["version", count(versions)],
    ["vector", count(vectors)],
  ];
}

/** Points of memories that are gone, however low they score. */
async function pointsOf(ids: readonly string[], { scope, deps }: Erasure): Promise<number> {
  const sparse = { ids: new Uint32Array(0), weights: new Float32Array(0) };
  const hits = await deps.vectors.search(scope, { by: { sparse }, filter: EVERYTHING, among: ids, limit: MOST });
  return hits.length;
}

async function unnamedEntities(reader: RecordReader, partition: string): Promise<number> {
  const named = new Set<string>();
  for await (const page of memoriesOf(reader, partition))
    for (const { entities = [] } of page) for (const { id } of entities) named.add(id);
  let count = 0;
  for await (const page of pagesOf(reader, "entity", [partition]))
    count += page.filter(({ id }) => !named.has(id)).length;
  return count;
}
