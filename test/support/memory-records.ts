/** A record store of plain maps for tests that run thousands of small histories: it passes the contract of record transactions, and nothing is ever on a disk. */

import {
  type Clock,
  type ExportedRow,
  KEYS,
  type KeyPart,
  type Memory,
  NexusError,
  type PartitionRow,
  type RecordReader,
  type RecordStore,
  type RecordTx,
  type TableName,
  type Tables,
  type TenantScope,
} from "@nexus/core";
import { RecordModel } from "./record-model.ts";

interface Tenant {
  model: RecordModel;
  /** Ends when the transaction before has. */
  turn: Promise<unknown>;
}

/** Transactions of a tenant are serial, each on a copy of its rows. Rows are handed out as they were put: callers must not change them. */
export function createMemoryRecords(clock: Clock): RecordStore {
  const tenants = new Map<string, Tenant>();
  const tenantOf = ({ tenant }: TenantScope): Tenant => {
    const known = tenants.get(tenant) ?? { model: new RecordModel(), turn: Promise.resolve() };
    tenants.set(tenant, known);
    return known;
  };
  const store: RecordStore = {
    async transact(scope, partitions, work) {
      const tenant = tenantOf(scope);
      const before = tenant.turn;
      const turn = Promise.withResolvers<void>();
      tenant.turn = turn.promise;
      await before;
      try {
        const begun = begin(tenant.model.copy(), partitions, clock);
        try {
          const value = await work(begun.tx);
          tenant.model = begun.complete();
          return { value, seqs: begun.seqs() };
        } finally {
          begun.end();
        }
      } finally {
        turn.resolve();
      }
    },
    reader: (scope) => readerOf(() => tenantOf(scope).model),
    async *export(scope) {
      yield* tenantOf(scope).model.all(Object.keys(KEYS) as TableName[]) as ExportedRow[];
    },
    tenants: async () => [...tenants.keys()],
    compact: async () => undefined,
    async close() {
      tenants.clear();
    },
  };
  return store;
}

function readerOf(model: () => RecordModel): RecordReader {
  return {
    get: async <T extends TableName>(table: T, keys: readonly (readonly KeyPart[])[]) =>
      model().get(table, keys) as (Tables[T] | undefined)[],
    find: async (query) => model().find(query) as never,
    range: async (query) => model().range(query) as never,
  };
}

interface Begun {
  readonly tx: RecordTx;
  seqs(): { partition: string; seq: number }[];
  /** The rows with the outbox entries of what was changed. */
  complete(): RecordModel;
  end(): void;
}

function begin(model: RecordModel, partitions: readonly string[], clock: Clock): Begun {
  const changed = new Map<string, { seq: number; memoryIds: Set<string> }>();
  let namesMemories = false;
  let hasEnded = false;
  const alive = (): void => {
    if (hasEnded) throw misuse("the transaction is over");
  };
  return {
    tx: {
      ...readerOf(() => model),
      put(table, row) {
        alive();
        namesMemories ||= table === "memory" && (row as Memory).externalId !== undefined;
        model.put(table, row);
      },
      remove(table, key) {
        alive();
        model.remove(table, key);
      },
      change(partition, { op, memoryId, version, memories }) {
        alive();
        if (!partitions.includes(partition)) throw misuse("a change in a partition that was not named");
        const [row] = model.get("partition", [[partition]]) as [PartitionRow | undefined];
        const seq = (row?.seq ?? 0) + 1;
        model.put("partition", { partition, seq, memoryCount: (row?.memoryCount ?? 0) + memories });
        model.put("change", { partition, seq, op, memoryId, version, createdAt: new Date(clock.now()) });
        const { memoryIds } = changed.get(partition) ?? { memoryIds: new Set<string>() };
        changed.set(partition, { seq, memoryIds: memoryIds.add(memoryId) });
        return seq;
      },
    },
    seqs: () => Array.from(changed, ([partition, { seq }]) => ({ partition, seq })),
    complete() {
      if (namesMemories) requireUnique(model);
      for (const [partition, { seq, memoryIds }] of changed)
        model.put("outbox", { partition, seq, memoryIds: [...memoryIds], createdAt: new Date(clock.now()) });
      return model;
    },
    end() {
      hasEnded = true;
    },
  };
}

/** An externalId belongs to one memory of the tenant. */
function requireUnique(model: RecordModel): void {
  const taken = new Set<string>();
  for (const { row } of model.all(["memory"])) {
    const { externalId } = row as Memory;
    if (externalId !== undefined && taken.has(externalId))
      throw new NexusError("memory.exists", "[test] another memory has this externalId");
    if (externalId !== undefined) taken.add(externalId);
  }
}

function misuse(what: string): NexusError {
  return new NexusError("internal.unexpected", `[test] ${what}`);
}
