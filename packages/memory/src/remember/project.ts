/** Step 4 of the write path: the vector store follows the records. Idempotent, safe to run twice, at once, or after a crash. */

import {
  asNexusError,
  type Memory,
  NexusError,
  type OutboxEntry,
  type PartitionSeq,
  type RecordStore,
  type Telemetry,
  type TenantScope,
  type VectorPoint,
  type VectorStore,
} from "@nexus/core";
import { createOutbox } from "./outbox.ts";
import { type KnownPoints, loadPoints, type StoredName } from "./points.ts";

/** What the vector store is owed: memories, and the outbox entries that say so. */
interface Pending {
  readonly entries: readonly PartitionSeq[];
  readonly memoryIds: readonly string[];
}

export interface Projector {
  /** Applies what is pending and takes it off the outbox. False when the vector store refused: the sweep tries again. `known` spares reading back what was just written. */
  project(scope: TenantScope, pending: Pending, known?: ReadonlyMap<string, KnownPoints>): Promise<boolean>;
  /** Applies what the outbox holds; the number of memories applied. */
  sweep(scope: TenantScope): Promise<number>;
  /**
   * Memories changed but not applied yet, in one partition or in the whole tenant. `reached` is a sequence that the
   * partition is known to have: when nothing is open, later calls need not look below it again.
   */
  unapplied(scope: TenantScope, at?: { readonly partition: string; readonly reached: number }): Promise<string[]>;
  /** Writes the present state of memories again, whatever the outbox says. throws what the vector store throws */
  reproject(scope: TenantScope, memoryIds: readonly string[]): Promise<void>;
  /** The points of memories, from their rows. */
  load(scope: TenantScope, memories: readonly Memory[]): Promise<VectorPoint[]>;
  /** Resolves when everything applied so far is off the outbox. */
  settled(): Promise<void>;
}

export interface ProjectorDependencies {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly telemetry: Telemetry;
  /** The named vectors that a tenant's points have. */
  readonly names: (scope: TenantScope) => Promise<readonly StoredName[]>;
}

/** Outbox entries, each of one transaction, that are applied together. */
const STEP = 64;
/** A memory that changes faster than this many passes is left to the sweep. */
const MAX_PASSES = 5;

export function createProjector({ records, vectors, telemetry, names }: ProjectorDependencies): Projector {
  const outbox = createOutbox({ records, telemetry });
  const rowsOf = async (scope: TenantScope, ids: readonly string[]): Promise<(Memory | undefined)[]> =>
    await records.reader(scope).get(
      "memory",
      ids.map((id) => [id]),
    );

  /** Writes the present state of each memory, and again while it changes meanwhile. */
  const apply = async (
    scope: TenantScope,
    memoryIds: readonly string[],
    known: ReadonlyMap<string, KnownPoints> = new Map(),
  ): Promise<void> => {
    let open = [...new Set(memoryIds)];
    // What was just written is applied as it is; the check at the end of the pass tells whether it still holds.
    let seqs: (number | undefined)[] = open.map((id) => known.get(id)?.seq);
    let rows = open.every((id) => known.has(id)) ? [] : await rowsOf(scope, open);
    if (rows.length > 0) seqs = rows.map((row) => row?.seq);
    for (let pass = 0; open.length > 0; pass++) {
      if (pass === MAX_PASSES)
        throw new NexusError("store.conflict", "[nexus/memory] memories kept changing while they were projected");
      const hinted = open.map((id, i) => (known.get(id)?.seq === seqs[i] ? known.get(id) : undefined));
      const unknown = rows.filter((row, i) => row !== undefined && hinted[i] === undefined) as Memory[];
      const points = [
        ...hinted.flatMap((hint) => hint?.points ?? []),
        ...(unknown.length > 0 ? await loadPoints(records.reader(scope), unknown, await names(scope)) : []),
      ];
      const absent = open.filter((_, i) => seqs[i] === undefined);
      if (points.length > 0) await vectors.upsert(scope, points);
      if (absent.length > 0) await vectors.remove(scope, absent);
      const after = await rowsOf(scope, open);
      const moved = open.flatMap((_, i) => (after[i]?.seq === seqs[i] ? [] : [i]));
      open = moved.map((i) => open[i] as string);
      rows = moved.map((i) => after[i]);
      seqs = rows.map((row) => row?.seq);
    }
  };

  /** The error that kept the vector store from following, if any. */
  const attempt = async (
    scope: TenantScope,
    { entries, memoryIds }: Pending,
    known?: ReadonlyMap<string, KnownPoints>,
  ): Promise<NexusError | undefined> => {
    try {
      await apply(scope, memoryIds, known);
      outbox.settle(scope, entries);
      return undefined;
    } catch (thrown) {
      const error = asNexusError(thrown);
      const { code, message: detail } = error;
      telemetry.count("errors_total", { code, dependency: "vectors" });
      telemetry.log("error", "projection failed; reads overlay until the sweep succeeds", { code, detail });
      return error;
    }
  };

  /** An entry whose memories cannot all be applied stays, but must not hold up the others, nor one of its memories the rest of it. */
  const projectOneByOne = async (scope: TenantScope, entries: readonly OutboxEntry[]): Promise<number> => {
    let count = 0;
    for (const { partition, seq, memoryIds } of entries) {
      let failed = 0;
      for (const id of memoryIds) {
        const error = await attempt(scope, { entries: [], memoryIds: [id] });
        if (isAway(error)) return count;
        if (error) failed++;
        else count++;
      }
      if (failed === 0) outbox.settle(scope, [{ partition, seq }]);
    }
    return count;
  };

  return {
    async project(scope, pending, known) {
      return pending.memoryIds.length === 0 || (await attempt(scope, pending, known)) === undefined;
    },
    load: async (scope, memories) => await loadPoints(records.reader(scope), memories, await names(scope)),
    reproject: async (scope, memoryIds) => await apply(scope, memoryIds),
    async unapplied(scope, at) {
      return [...new Set((await outbox.open(scope, at)).flatMap(({ memoryIds }) => memoryIds))];
    },
    async sweep(scope) {
      const open = await outbox.open(scope);
      let count = 0;
      for (let from = 0; from < open.length; from += STEP) {
        const entries = open.slice(from, from + STEP);
        const memoryIds = entries.flatMap((entry) => entry.memoryIds);
        const error = await attempt(scope, { entries, memoryIds });
        if (isAway(error)) break;
        count += error ? await projectOneByOne(scope, entries) : memoryIds.length;
      }
      await outbox.settled();
      return count;
    },
    settled: () => outbox.settled(),
  };
}

/** The store itself is gone, whatever memory it is asked to take. */
function isAway(error: NexusError | undefined): boolean {
  return error?.code === "store.unavailable";
}
