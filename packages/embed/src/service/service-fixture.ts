/** For tests of the service: the real pool over runners that really embed and fail on command. */

import {
  type Embedding,
  type EmbedInput,
  type EmbedResult,
  NexusError,
  type Random,
  silent,
  type Telemetry,
} from "@nexus/core";
import {
  createTestRunner,
  createTestTime,
  DIMENSION,
  type TestRunner,
  type TestTime,
} from "../batching/runner-fixture.ts";
import { createEmbeddingCache, type EmbeddingCache } from "../cache/embedding-cache.ts";
import { EMBEDDING_DEFAULTS, type EmbeddingSettings } from "../defaults.ts";
import { createModelPool } from "../models/pool.ts";
import { MODELS } from "../registry/registry.ts";
import { createEmbeddingService, type Embeddings, type EmbeddingServiceOptions } from "./embedding-service.ts";

export interface ServiceWorld {
  readonly service: Embeddings;
  readonly cache: EmbeddingCache;
  readonly time: TestTime;
  /** Of every model that was named as here, E0 included. */
  readonly runners: ReadonlyMap<string, TestRunner>;
  /** Models that load from now on fail so; undefined: they load again. */
  readonly failLoads: (error: NexusError | undefined) => void;
  readonly measured: string[];
}

/** Retries wait half of what they may. */
const random: Random = { bytes: (target) => target.fill(0).fill(0x80, 0, 1) };

export function openService(
  present: readonly string[],
  options: Partial<EmbeddingServiceOptions> & {
    readonly ttlSeconds?: number;
    readonly change?: Partial<EmbeddingSettings>;
  } = {},
): ServiceWorld {
  const time = createTestTime();
  const measured: string[] = [];
  const note = (name: string, _: number, labels = {}): void =>
    void measured.push([name, ...Object.values(labels)].join(" "));
  const telemetry: Telemetry = {
    ...silent,
    count: (name, labels) => note(name, 1, labels),
    gauge: note,
    observe: note,
  };
  const runners = new Map(["e0", ...present].map((id) => [id, createTestRunner(id)]));
  let failure: NexusError | undefined;
  const models = MODELS.map((model) => ({ ...model, dimension: DIMENSION }));
  const pool = createModelPool({
    models,
    now: () => time.monotonic(),
    builtIn: [runners.get("e0")!],
    loader: {
      files: async ({ id }) => (runners.has(id) ? { present: true, quantization: "q8" } : { present: false }),
      async load({ id }) {
        if (failure) throw failure;
        const runner = runners.get(id);
        if (!runner) throw new NexusError("embed.model_missing", `[test] ${id} is not here`);
        return runner;
      },
    },
  });
  const cache = createEmbeddingCache({
    clock: time,
    policy: "lru",
    maxEntries: 1_000,
    maxBytes: 1e7,
    ttlSeconds: options.ttlSeconds ?? 0,
    telemetry,
  });
  const settings = { ...EMBEDDING_DEFAULTS, ...options.change };
  const service = createEmbeddingService({
    pool,
    cache,
    clock: time,
    timers: time,
    random,
    telemetry,
    settings,
    ...options,
  });
  return {
    service,
    cache,
    time,
    runners,
    measured,
    failLoads: (error) => {
      failure = error;
    },
  };
}

export function text(content: string, role?: "query" | "passage"): EmbedInput {
  return { modality: "text", content, role };
}

/** Of an input: per model that answered its id, what it stands in for, and whether it was cached; or the error's code. */
export function told(result: EmbedResult["results"][number] | undefined): unknown {
  if (!Array.isArray(result)) return (result as { code: string }).code;
  return (result as readonly Embedding[]).map(({ model, insteadOf, cached }) =>
    [model, insteadOf ? `for ${insteadOf}` : "", cached ? "cached" : ""].filter(Boolean).join(" "),
  );
}
