/** Random transactions of two tenants with the same ids, in flight together, each read compared with a private model. */

import { seeded } from "./random.ts";
import type {
  FindQuery,
  IndexName,
  Json,
  RecordReader,
  RecordStore,
  TableName,
  Tables,
  TenantScope,
} from "@nexus/core";
import { expect } from "vitest";

import { RecordModel } from "./record-model.ts";
import { jobRow, memoryRow } from "./record-rows.ts";

export interface FuzzOptions {
  readonly transactions: number;
  readonly seed?: number;
}

/** Transactions handed to the store before waiting: they share groups. */
const IN_FLIGHT = 16;
const TABLES: readonly TableName[] = ["memory", "job"];
const IDS = ["a", "b", "ba", "c", "é", "～", "😀"];

export async function fuzzTenants(
  store: RecordStore,
  a: TenantScope,
  b: TenantScope,
  { transactions, seed = 42 }: FuzzOptions,
): Promise<{ operations: number; reads: number }> {
  const tenants = [a, b].map((scope) => ({ scope, model: new RecordModel() }));
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  let operations = 0;
  let reads = 0;

  const compare = async (reader: RecordReader, model: RecordModel): Promise<void> => {
    reads++;
    const table = pick(TABLES);
    const limit = pick([1, 2, 3, 50]);
    const keys = [[pick(IDS)], [pick(IDS)], [pick(IDS)]];
    const query = randomFind(pick, limit);
    const after = pick([undefined, [pick(IDS)]]);
    expect(await reader.get(table, keys)).toEqual(model.get(table, keys));
    expect(await reader.find(query)).toEqual(model.find(query));
    const range = { table, prefix: pick([[], [pick(IDS)]]), after, limit };
    expect(await reader.range(range)).toEqual(model.range(range));
  };

  for (let done = 0; done < transactions; done += IN_FLIGHT) {
    const batch = Array.from({ length: IN_FLIGHT }, async () => {
      const tenant = pick(tenants);
      await store
        .transact(tenant.scope, [], async (tx) => {
          const model = tenant.model.copy();
          for (let steps = 1 + Math.floor(random() * 4); steps > 0; steps--) {
            operations++;
            const id = pick(IDS);
            if (random() < 0.25) {
              const table = pick(TABLES);
              tx.remove(table, [id]);
              model.remove(table, [id]);
            } else if (random() < 0.5) put(tx, model, "memory", randomMemory(pick, id));
            else put(tx, model, "job", randomJob(pick, id));
            if (random() < 0.4) await compare(tx, model);
          }
          if (random() < 0.1) throw new Refusal();
          tenant.model = model;
        })
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
        });
    });
    await Promise.all(batch);
    for (const { scope, model } of tenants) await compare(store.reader(scope), model);
  }
  for (const { scope, model } of tenants) {
    expect(await Array.fromAsync(store.export(scope))).toEqual(model.all(TABLES));
  }
  return { operations, reads };
}

class Refusal extends Error {}

type Pick = <T>(items: readonly T[]) => T;

function put<T extends TableName>(
  tx: { put(table: T, row: Tables[T]): void },
  model: RecordModel,
  table: T,
  row: Tables[T],
): void {
  tx.put(table, row);
  model.put(table, row);
}

/** Columns from few values, so that rows tie; absent ones are left out, as a store leaves them out. */
function randomMemory(pick: Pick, id: string): Tables["memory"] {
  return memoryRow(id, {
    contentHash: pick(["h1", "h2"]),
    metadata: pick<{ readonly [key: string]: Json }>([{}, { n: null }]),
    recordedAt: new Date(pick([0, 1, 2_000])),
    addedSeq: pick([1, 2, 1_001]),
    ...pick([{}, { userId: "u" }]),
    ...pick([{}, { sessionId: "s" }, { sessionId: "～" }]),
    ...pick([{}, { expiresAt: new Date(pick([-1, 5, 5_000])) }]),
    ...pick([{}, {}, { externalId: `x-${id}` }]),
  });
}

function randomJob(pick: Pick, id: string): Tables["job"] {
  return jobRow(id, { status: pick(["queued", "done"]), runAt: new Date(pick([0, 10, 20])) });
}

function randomFind(pick: Pick, limit: number): FindQuery<IndexName> {
  const date = (): Date | undefined => pick([undefined, new Date(0), new Date(10)]);
  const newest = (): number | undefined => pick([undefined, -2_000_001, -1_000, 0]);
  return pick<() => FindQuery<IndexName>>([
    () => ({ index: "memoryByNewest", anyOf: [[]], from: newest(), to: newest(), limit }),
    () => ({ index: "memoryByUserNewest", anyOf: [["_"], ["u"]], from: newest(), to: newest(), limit }),
    () => ({
      index: "memoryBySession",
      anyOf: [
        ["_", "s"],
        ["u", "～"],
      ],
      from: newest(),
      limit,
    }),
    () => ({ index: "memoryBySession", anyOf: [["_"]], limit }),
    () => ({
      index: "memoryByContent",
      anyOf: [
        ["u", "h1"],
        ["_", "h2"],
      ],
      limit,
    }),
    () => ({ index: "memoryByExternalId", anyOf: [["x-a"], ["x-😀"], ["x-b"]], limit }),
    () => ({ index: "memoryByExpiry", anyOf: [[]], from: date(), to: date(), limit }),
    () => ({ index: "jobByStatus", anyOf: [["queued"], ["done"]], from: date(), to: date(), limit }),
    () => ({ index: "jobByNewest", anyOf: [[]], limit }),
  ])();
}
