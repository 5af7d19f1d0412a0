/** Before the transaction: older memories that a new one may say again, by their near-duplicate signatures. */

import {
  allOf,
  asNexusError,
  equals,
  type Filter,
  partitionOf,
  type RecordStore,
  type Telemetry,
  type TenantScope,
  type VectorStore,
} from "@nexus/core";
import type { NewMemory } from "../requests.ts";
import type { PreparedMemory } from "./prepare.ts";
import type { Projector } from "./project.ts";

export interface Candidates {
  /** For each memory of the batch, ids of older ones whose signature meets its own. */
  readonly byItem: ReadonlyMap<PreparedMemory, readonly string[]>;
  /** Memories whose present state the index does not show yet: each may be a candidate of every item of its partition. */
  readonly unindexed: readonly string[];
  /** Where each partition stood before the search: what changed since has to be looked at as well. */
  readonly seqs: ReadonlyMap<string, number>;
}

const NO_CANDIDATES: Candidates = { byItem: new Map(), unindexed: [], seqs: new Map() };

/** A text meets few others by chance (p < .04 at Jaccard .3), and the nearest share most bands. */
const MOST = 4;

/** While the index is away writes must not grow dearer with each one: of what waits, the latest are looked at. */
const MOST_UNINDEXED = 100;

interface CandidateDependencies {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly projector: Projector;
  readonly telemetry: Telemetry;
}

/** Without the index there are none: a write must not fail because a search does. Cost: one sparse search an item, about 20 µs at 100,000 memories. */
export async function findCandidates(
  scope: TenantScope,
  batch: readonly PreparedMemory[],
  { records, vectors, projector, telemetry }: CandidateDependencies,
): Promise<Candidates> {
  const items = batch.filter(mayRepeat);
  if (items.length === 0) return NO_CANDIDATES;
  const partitions = [...new Set(items.map(({ input }) => partitionOf(input.userId)))];
  const rows = await records.reader(scope).get(
    "partition",
    partitions.map((partition) => [partition]),
  );
  const seqs = new Map(partitions.map((partition, i) => [partition, rows[i]?.seq ?? 0]));
  try {
    const open = await Promise.all(
      [...seqs].map(async ([partition, reached]) => await projector.unapplied(scope, { partition, reached })),
    );
    const byItem = new Map<PreparedMemory, readonly string[]>();
    for (const item of items) {
      const ids = item.text.signature;
      const sparse = { ids: Uint32Array.from(ids).sort(), weights: new Float32Array(ids.length).fill(1) };
      const hits = await vectors.search(scope, { by: { sparse }, filter: sameVoice(item.input), limit: MOST });
      if (hits.length > 0) byItem.set(item, [...new Set(hits.map(({ memoryId }) => memoryId))]);
    }
    return { byItem, unindexed: open.flatMap((ids) => ids.slice(-MOST_UNINDEXED)), seqs };
  } catch (error) {
    const { code, message: detail } = asNexusError(error);
    telemetry.count("errors_total", { code, dependency: "vectors" });
    telemetry.log("warn", "near-duplicates could not be looked for; both texts are kept", { code, detail });
    return NO_CANDIDATES;
  }
}

/** What the caller names is compared with what bears that name, not with what reads alike. */
export function mayRepeat({ input, text }: PreparedMemory): boolean {
  return (
    input.id === undefined &&
    input.externalId === undefined &&
    text.signature.length > 0 &&
    text.chunks.length === 1 &&
    text.pendingCount === 0
  );
}

/** Never across users, agents, sessions or speakers: who may see one of them may not see the other. */
function sameVoice({ userId, agentId, sessionId, speaker }: NewMemory): Filter {
  return allOf(
    equals("userId", userId ?? null),
    equals("agentId", agentId ?? null),
    equals("sessionId", sessionId ?? null),
    equals("speaker", speaker ?? null),
    equals("status", "active"),
  );
}
