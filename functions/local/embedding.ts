/** The embedding models of the local server: the built-in one, those in its models folder, and the endpoint that the operator named. */

import { join } from "node:path";
import { asNexusError, type Clock, type DeepModels, type Embedder, type Random, type Telemetry } from "@nexus/core";
import {
  createEmbedderRunner,
  createEmbeddingCache,
  createEmbeddingService,
  createModelPool,
  createRemoteRunner,
  describeModel,
  EMBEDDING_CACHE_DEFAULTS,
  EMBEDDING_DEFAULTS,
  type Embeddings,
  type ModelDescription,
  MODELS,
} from "@nexus/embed";
import { createCacheDisk, createLocalLoader, readE0 } from "@nexus/embed/node";
import { systemTimers } from "@nexus/platform";
import type { EmbeddingConfig } from "./embedding-config.ts";
import { lazyFusion } from "./fusion.ts";

export interface LocalEmbedding {
  readonly builtIn: Embedder;
  readonly deep: DeepModels;
  readonly service: Embeddings;
  /** Loads the model for recall, if its files are here, so that the first queries need not do without. Never throws. */
  preload(): Promise<void>;
  /** Drops what is cached of a tenant's texts. */
  forget(tenant: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface LocalEmbeddingOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly config: EmbeddingConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** In place of E0: the evaluation compares others. */
  readonly builtIn?: Embedder | undefined;
}

const UNUSABLE = "the model for recall cannot be used";

/** E0's file, its table of words and what is made of both. */
const BUILT_IN_BYTES = 16 * 2 ** 20;

/** Vectors of the disk's cache are taken in while the server answers already. */
export function openLocalEmbedding({
  dataDir,
  config,
  clock,
  random,
  telemetry,
  builtIn = readE0(),
}: LocalEmbeddingOptions): LocalEmbedding {
  const remote = config.remote && createRemoteRunner({ ...config.remote, id: "remote", fetch, clock });
  const models = config.remote ? [...MODELS, remoteModel(config.remote)] : MODELS;
  const pool = createModelPool({
    loader: createLocalLoader({ ...config, modelsDir: config.modelsDir ?? join(dataDir, "models") }),
    builtIn: [createEmbedderRunner(describeModel("e0"), builtIn, BUILT_IN_BYTES), ...(remote ? [remote] : [])],
    memoryBytes: config.memoryBytes,
    models,
    now: () => clock.monotonic(),
    onLoad: ({ id, ms, bytes, device }) => {
      telemetry.gauge("embed_model_bytes", bytes, { model: id });
      telemetry.log("info", "an embedding model was loaded", { model: id, latencyMs: Math.round(ms), bytes, device });
    },
  });
  const { diskBytes, ...bounds } = EMBEDDING_CACHE_DEFAULTS;
  const cache = createEmbeddingCache({
    ...bounds,
    clock,
    telemetry,
    disk: createCacheDisk({
      directory: join(dataDir, "embedding-cache"),
      maxBytes: diskBytes,
      ttlSeconds: bounds.ttlSeconds,
      telemetry,
    }),
  });
  const service = createEmbeddingService({
    pool,
    cache,
    clock,
    random,
    telemetry,
    timers: systemTimers,
    fusion: lazyFusion(builtIn),
    settings: EMBEDDING_DEFAULTS,
  });
  const restored = cache.restore().catch((error: unknown) => {
    telemetry.log("warn", "the embedding cache on disk could not be read; it begins empty", { error: String(error) });
  });
  return {
    builtIn,
    deep: createDeepModels(config.deepModel, { service, telemetry }),
    service,
    async preload() {
      if (config.deepModel === undefined) return;
      try {
        for (const { id, error } of await pool.preload([config.deepModel]))
          if (error) telemetry.log("warn", UNUSABLE, { model: id, code: error.code });
      } catch (error) {
        telemetry.log("warn", UNUSABLE, { model: config.deepModel, code: asNexusError(error).code });
      }
    },
    forget: (tenant) => cache.forget(tenant),
    async close() {
      await restored;
      await cache.close();
      await pool.close();
    },
  };
}

/** What the registry would say of a model that its endpoint knows more of. */
function remoteModel({ url, model, dimension }: NonNullable<EmbeddingConfig["remote"]>): ModelDescription {
  return {
    ...describeModel("e0"),
    id: "remote",
    name: `${model} at ${new URL(url).host}`,
    dimension,
    pooling: "remote",
    licence: "its endpoint's",
    gigabytes: 0,
  };
}

/** Median cosine of two unrelated turns of test/eval's conversations, 57,600 pairs within a language. */
const UNRELATED: Readonly<Record<string, number>> = { e1: 0.2 };

/** The model named for recall, whenever its files are here: they may be imported and removed while the server runs. */
function createDeepModels(
  id: string | undefined,
  { service, telemetry }: { service: Embeddings; telemetry: Telemetry },
): DeepModels {
  const known = new Map<string, Embedder>();
  const find = async (): Promise<Embedder | undefined> => {
    if (id === undefined) return undefined;
    const state = (await service.models()).find((model) => model.id === id);
    if (!state?.present) return undefined;
    const embedder = await service.embedder(id, { unrelatedCosine: UNRELATED[id] ?? 0 });
    known.set(embedder.describe().model, embedder);
    return embedder;
  };
  return {
    async wanted() {
      try {
        return await find();
      } catch (error) {
        telemetry.log("warn", UNUSABLE, { model: id, code: asNexusError(error).code });
        return undefined;
      }
    },
    async of(model) {
      return known.get(model) ?? ((await find())?.describe().model === model ? known.get(model) : undefined);
    },
  };
}
