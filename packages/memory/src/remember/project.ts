/** Step 4 of the write path: the vector store follows the records. Idempotent, safe to run twice, at once, or after a crash. */

import {
  asNexusError,
  type Chunk,
  type Memory,
  type RecordStore,
  type StoredVector,
  type Telemetry,
  type TenantScope,
  type VectorPoint,
  type VectorStore,
} from "@nexus/core";
import { decodeSparse } from "@nexus/text";
import { payloadOf } from "../subject.ts";
import { type PreparedChunk, pointId } from "./prepare.ts";
import { GENERATION } from "./rows.ts";

/** A change still owed to the vector store. */
export interface PendingChange {
  readonly partition: string;
  readonly seq: number;
  readonly memoryId: string;
}

/** Points that the caller has at hand, by memory; used only while the memory's row still has that `seq`. */
export type KnownPoints = ReadonlyMap<string, { readonly seq: number; readonly points: readonly VectorPoint[] }>;

export interface Projector {
  /** Applies changes and takes them off the outbox. False when the vector store refused: the sweep tries again. */
  project(scope: TenantScope, changes: readonly PendingChange[], known?: KnownPoints): Promise<boolean>;
  /** Applies what the outbox holds; the number of changes applied. */
  sweep(scope: TenantScope): Promise<number>;
  /**
   * Changes not applied yet, of one partition or of the whole tenant. `reached` is a sequence that the partition
   * is known to have: when nothing is open, later calls need not look below it again.
   */
  unapplied(
    scope: TenantScope,
    at?: { readonly partition: string; readonly reached: number },
  ): Promise<PendingChange[]>;
  /** Writes the present state of memories again, whatever the outbox says. throws what the vector store throws */
  reproject(scope: TenantScope, memoryIds: readonly string[]): Promise<void>;
  /** The points of memories, from their rows. */
  load(scope: TenantScope, memories: readonly Memory[]): Promise<VectorPoint[]>;
  /** Resolves when everything applied so far is off the outbox. */
  settled(): Promise<void>;
}

const SWEEP_LIMIT = 256;
/** A memory that changes faster than this many passes is left to the sweep. */
const MAX_PASSES = 5;

export interface ProjectorDependencies {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly telemetry: Telemetry;
  /** Name of the embedder's vector. */
  readonly vectorName: string;
}

export function createProjector({ records, vectors, telemetry, vectorName }: ProjectorDependencies): Projector {
  /** Applied, but with the outbox row still there: its removal rides on a later group commit. */
  const applied = new Set<string>();
  let removals: Promise<unknown> = Promise.resolve();
  /** By partition: a sequence up to which nothing is open. A scan from the beginning would pass over every row ever removed. */
  const drained = new Map<string, number>();

  const load = async (scope: TenantScope, memories: readonly Memory[]): Promise<VectorPoint[]> => {
    const reader = records.reader(scope);
    const keys = memories.flatMap(({ id, chunkCount }) =>
      Array.from({ length: chunkCount }, (_, i) => [id, i] as const),
    );
    const [chunks, stored] = await Promise.all([
      reader.get("chunk", keys),
      reader.get(
        "vector",
        keys.map(([id, i]) => [pointId(id, i), vectorName, GENERATION]),
      ),
    ]);
    const byId = new Map(memories.map((memory) => [memory.id, memory]));
    return keys.flatMap(([id], i) => {
      const chunk = chunks[i];
      const vector = stored[i];
      const memory = byId.get(id);
      return chunk && vector && memory ? [pointOf(memory, chunk, vector)] : [];
    });
  };

  /** Writes the present state of each memory, and again while it changes meanwhile. */
  const apply = async (scope: TenantScope, memoryIds: readonly string[], known: KnownPoints): Promise<void> => {
    const reader = records.reader(scope);
    let open = [...new Set(memoryIds)];
    let rows: (Memory | undefined)[] | undefined = open.every((id) => known.has(id))
      ? undefined
      : await reader.get(
          "memory",
          open.map((id) => [id]),
        );
    for (let pass = 0; open.length > 0 && pass < MAX_PASSES; pass++) {
      const written = new Map<string, number | undefined>();
      const absent: string[] = [];
      const unknown: Memory[] = [];
      const points: VectorPoint[] = [];
      open.forEach((id, i) => {
        const row = rows?.[i];
        const hint = known.get(id);
        if (hint && (rows === undefined || row?.seq === hint.seq)) points.push(...hint.points);
        else if (row) unknown.push(row);
        else absent.push(id);
        written.set(id, rows === undefined ? hint?.seq : row?.seq);
      });
      if (unknown.length > 0) points.push(...(await load(scope, unknown)));
      if (points.length > 0) await vectors.upsert(scope, points);
      if (absent.length > 0) await vectors.remove(scope, absent);
      const after = await reader.get(
        "memory",
        open.map((id) => [id]),
      );
      const moved = open.flatMap((id, i) => (after[i]?.seq === written.get(id) ? [] : [i]));
      rows = moved.map((i) => after[i]);
      open = moved.map((i) => open[i] as string);
    }
  };

  const settle = (scope: TenantScope, changes: readonly PendingChange[]): void => {
    for (const change of changes) applied.add(nameOf(scope, change));
    const removal = records
      .transact(scope, [], async (tx) => {
        for (const { partition, seq } of changes) tx.remove("outbox", [partition, seq]);
      })
      .then(
        () => changes.forEach((change) => applied.delete(nameOf(scope, change))),
        // The rows stay and the sweep applies them again, which changes nothing.
        (error: unknown) => telemetry.log("warn", "outbox rows not removed", { code: asNexusError(error).code }),
      );
    removals = Promise.all([removals, removal]);
  };

  const project: Projector["project"] = async (scope, changes, known = new Map()) => {
    if (changes.length === 0) return true;
    try {
      await apply(
        scope,
        changes.map(({ memoryId }) => memoryId),
        known,
      );
      settle(scope, changes);
      return true;
    } catch (error) {
      const { code, message } = asNexusError(error);
      telemetry.count("errors_total", { code, dependency: "vectors" });
      telemetry.log("error", "projection failed; reads overlay until the sweep succeeds", { code, detail: message });
      return false;
    }
  };

  const unapplied: Projector["unapplied"] = async (scope, at) => {
    const key = `${scope.tenant}\0${at?.partition}`;
    const rows = await records.reader(scope).range({
      table: "outbox",
      prefix: at ? [at.partition] : [],
      ...(at && { after: [at.partition, drained.get(key) ?? 0] }),
      limit: SWEEP_LIMIT,
    });
    if (at && rows.length === 0) drained.set(key, Math.max(at.reached, drained.get(key) ?? 0));
    return rows.filter((row) => !applied.has(nameOf(scope, row)));
  };

  return {
    project,
    unapplied,
    load,
    reproject: (scope, memoryIds) => apply(scope, memoryIds, new Map()),
    async sweep(scope) {
      let count = 0;
      for (;;) {
        const changes = await unapplied(scope);
        if (changes.length === 0) return count;
        if (await project(scope, changes)) count += changes.length;
        else count += await projectOneByOne(scope, changes, project);
        await removals;
        if (changes.length < SWEEP_LIMIT) return count;
      }
    },
    async settled() {
      await removals;
    },
  };
}

/** After a failure of the whole: one memory that cannot be applied must not hold up the others. */
async function projectOneByOne(
  scope: TenantScope,
  changes: readonly PendingChange[],
  project: Projector["project"],
): Promise<number> {
  let count = 0;
  for (const change of changes) if (await project(scope, [change])) count++;
  return count;
}

/** The points of a memory just written, without reading them back. */
export function pointsOf(
  memory: Memory,
  chunks: readonly PreparedChunk[],
  vectorName: string,
): { readonly seq: number; readonly points: readonly VectorPoint[] } {
  const payload = payloadOf(memory);
  return {
    seq: memory.seq,
    points: chunks.map(({ sparse, vector }, chunkIndex) => ({
      pointId: pointId(memory.id, chunkIndex),
      chunkIndex,
      vectors: { [vectorName]: vector },
      sparse,
      payload,
    })),
  };
}

function pointOf(memory: Memory, chunk: Chunk, stored: StoredVector): VectorPoint {
  // A copy: a view needs 4-byte alignment, which bytes from a driver need not have.
  const values = new Float32Array(stored.data.slice().buffer, 0, stored.dimension);
  return {
    pointId: chunk.pointId,
    chunkIndex: chunk.index,
    vectors: { [stored.name]: values },
    sparse: decodeSparse(chunk.sparse),
    payload: payloadOf(memory),
  };
}

function nameOf(scope: TenantScope, { partition, seq }: { partition: string; seq: number }): string {
  return `${scope.tenant}\0${partition}\0${seq}`;
}
