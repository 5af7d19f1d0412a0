/** The memory service of several processes over one record store, one index and one shared cache, all in memory. */

import {
  type Clock,
  createIds,
  type Labels,
  type Random,
  silent,
  type TenantScope,
  type VectorStore,
} from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { createVectorIndex, type VectorIndex } from "@nexus/index";
import { createMemory, DEFAULTS, type Dependencies, type MemoryService, type Settings } from "@nexus/memory";
import { createSigner } from "@nexus/platform";
import { createMemoryCache } from "@nexus/stores";
import { createMemoryRecords } from "./memory-records.ts";

interface ProcessesOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of each look-up in a cache of answers. */
  readonly onLookUp: (tier: string, result: string) => void;
}

export interface Processes {
  readonly processes: readonly MemoryService[];
  /** The same stores without any cache of answers. */
  readonly oracle: MemoryService;
}

/** No blobs: nothing here may be long enough for one. */
export function openProcesses(count: number, { clock, random, onLookUp }: ProcessesOptions): Processes {
  const telemetry = {
    ...silent,
    count(name: string, labels: Labels = {}) {
      if (name === "cache_hits_total") onLookUp(labels["tier"] ?? "", labels["result"] ?? "");
    },
  };
  const cacheOf = () => createMemoryCache({ clock, maxEntries: 5_000, maxBytes: 67_108_864 });
  const given = {
    records: createMemoryRecords(clock),
    vectors: createVectors(),
    shared: cacheOf(),
    embedder: createHashingEmbedder({ dimension: 64 }),
    clock,
    random,
    ids: createIds(clock, random),
    signers: createSigner([new Uint8Array(32).fill(7)]).verifiers,
  };
  // Without recency: it moves scores from one moment to the next, which no cache promises to follow.
  const weights = { ...DEFAULTS.fusion.weights, recency: 0 };
  const settings: Settings = { ...DEFAULTS, searchDeadlineMs: 5_000, fusion: { ...DEFAULTS.fusion, weights } };
  const start = (own: Pick<Dependencies, "telemetry" | "settings">): MemoryService =>
    createMemory({ ...given, ...own, cache: cacheOf(), blobs: NO_BLOBS }).memory;
  return {
    processes: Array.from({ length: count }, () => start({ telemetry, settings })),
    oracle: start({
      telemetry: silent,
      settings: { ...settings, l1TtlSeconds: 0, l2TtlSeconds: 0, l3TtlSeconds: 0, semanticMinScore: 2 },
    }),
  };
}

const NO_BLOBS: Dependencies["blobs"] = new Proxy({} as Dependencies["blobs"], {
  get() {
    throw new Error("[test] no blobs here");
  },
});

/** One index that is emptied for each tenant in turn, but for a point of nobody's: setting up 5,000 takes longer than all the rest. */
function createVectors(): VectorStore {
  const index: VectorIndex = createVectorIndex();
  let present = "";
  let ids = new Set<string>();
  const indexOf = ({ tenant }: TenantScope): VectorIndex => {
    if (tenant !== present) index.remove([...ids]);
    if (tenant !== present) ids = new Set();
    present = tenant;
    return index;
  };
  return {
    async upsert(scope, points) {
      const [first] = points;
      if (first && index.describe().points === 0)
        index.upsert([{ ...first, pointId: "stays", payload: { ...first.payload, id: "stays", userId: "nobody" } }]);
      indexOf(scope).upsert(points);
      for (const { payload } of points) ids.add(payload.id);
    },
    remove: async (scope, memoryIds) => indexOf(scope).remove(memoryIds),
    search: async (scope, query) => indexOf(scope).search(query),
    terms: async (scope, termIds) => indexOf(scope).terms(termIds),
    describe: async (scope) => indexOf(scope).describe(),
  };
}
