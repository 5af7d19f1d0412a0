/** Writing: batches of 100 with everything included, beside raw inserts of the very same rows into the record store. */

import { type Memory, partitionOf, type TenantScope } from "@nexus/core";
import type { NewMemory } from "@nexus/memory";
import { type Bench, more, type Row } from "../harness/bench.ts";
import { memoriesOf } from "../harness/corpus.ts";
import { consume, interleaved, latencyRows } from "../harness/measure.ts";
import { openProduct, type Product, toNew } from "../harness/product.ts";

const BATCH = 100;

export const remember: Bench = {
  name: "remember",
  about: "remember in batches of 100 beside raw inserts of the same rows, and single writes",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const warmUp = context.size(1_000, 200);
    const product = await openProduct();
    const { memory } = product.memories;
    const ours = product.writer("ours");
    const raw = product.scope("raw");
    // Without names of their own, so that near-duplicates are looked for.
    const memories = memoriesOf(count + warmUp)
      .map(toNew)
      .map(unnamed);
    let oursMs = 0;
    let rawMs = 0;
    for (let from = 0; from < memories.length; from += BATCH) {
      const started = performance.now();
      const { results } = await memory.remember(ours, memories.slice(from, from + BATCH));
      const remembered = performance.now();
      const rows = await rowsOf(
        product,
        ours.scope,
        results.flatMap(({ id }) => id ?? []),
      );
      const read = performance.now();
      await insert(product, raw, rows);
      const inserted = performance.now();
      if (from < warmUp) continue;
      oursMs += remembered - started;
      rawMs += inserted - read;
      if (from % 1_000 === 0) context.progress(`${from} of ${memories.length} remembered`);
    }
    const singles = memoriesOf(context.size(1_000, 50), { seed: 5 }).map(toNew);
    const [single] = await interleaved([{ name: "single", run: (i) => memory.remember(ours, [singles[i]!]) }], {
      warmUp: 0,
      rounds: singles.length,
    });
    await product.close();
    const perSecond = (count / oursMs) * 1_000;
    const rows: Row[] = [
      {
        bench: "remember",
        case: `batches of ${BATCH}, ${count} memories, one writer`,
        metric: "memories per second",
        value: perSecond,
        unit: "1/s",
        ...more(perSecond, { rival: "raw inserts of the same rows", rivalValue: (count / rawMs) * 1_000 }),
      },
      ...latencyRows({ bench: "remember", case: `one memory at a time, beside ${count + warmUp}` }, single!),
    ];
    return rows;
  },
};

function unnamed({ externalId: _name, ...memory }: NewMemory): NewMemory {
  return memory;
}

type Rows = Awaited<ReturnType<typeof rowsOf>>;

/** All that a batch left in the record store but the change rows, which the insert makes anew. */
async function rowsOf({ memories }: Product, scope: TenantScope, ids: readonly string[]) {
  const reader = memories.stores.records.reader(scope);
  const memoryRows = (
    await reader.get(
      "memory",
      ids.map((id) => [id]),
    )
  ).filter((row) => row !== undefined);
  const versions = await reader.get(
    "version",
    ids.map((id) => [id, 1]),
  );
  const chunks = await reader.get(
    "chunk",
    memoryRows.flatMap(({ id, chunkCount }) => Array.from({ length: chunkCount }, (_, i) => [id, i])),
  );
  const kept = chunks.filter((row) => row !== undefined);
  const vectors = await reader.get(
    "vector",
    kept.map(({ pointId }) => [pointId, "hashing", 1]),
  );
  const entities = await reader.get(
    "entity",
    keysOf(memoryRows, ({ entities = [] }) => entities.map(({ id }) => [id])),
  );
  const relations = await reader.get(
    "relation",
    keysOf(memoryRows, ({ id, facts = [] }) =>
      facts.map(({ subjectId, type, objectId }) => [subjectId, type, id, objectId]),
    ),
  );
  return {
    entities: entities.filter((row) => row !== undefined),
    relations: relations.filter((row) => row !== undefined),
    memories: memoryRows,
    versions: versions.filter((row) => row !== undefined),
    chunks: kept,
    vectors: vectors.filter((row) => row !== undefined),
  };
}

/** Keys in each memory's partition, each once. */
function keysOf(memories: readonly Memory[], of: (memory: Memory) => string[][]): string[][] {
  const keys = memories.flatMap((memory) => of(memory).map((key) => [partitionOf(memory.userId), ...key]));
  return [...new Map(keys.map((key) => [key.join(), key])).values()];
}

async function insert({ memories }: Product, scope: TenantScope, rows: Rows): Promise<void> {
  const { value } = await memories.stores.records.transact(scope, ["u:raw"], async (tx) => {
    for (const row of rows.memories) {
      tx.change("u:raw", { op: "added", memoryId: row.id, version: 1, memories: 1 });
      tx.put("memory", row);
    }
    for (const row of rows.versions) tx.put("version", row);
    for (const row of rows.entities) tx.put("entity", row);
    for (const row of rows.relations) tx.put("relation", row);
    for (const row of rows.chunks) tx.put("chunk", row);
    for (const row of rows.vectors) tx.put("vector", row);
    return rows.vectors.length;
  });
  consume(value);
}
