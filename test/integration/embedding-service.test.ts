/** The embedding service over the real E1: pool, batches, cache and its disk together. */

import { mkdtemp, rm } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Embedding, silent, systemClock, systemRandom } from "@nexus/core";
import {
  createEmbeddingCache,
  createEmbeddingService,
  createHashingEmbedder,
  EMBEDDING_CACHE_DEFAULTS,
  EMBEDDING_DEFAULTS,
} from "@nexus/embed";
import { createCacheDisk } from "@nexus/embed/node";
import { systemTimers } from "@nexus/platform";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importModel } from "../../packages/embed/src/models/import.node.ts";
import { createLocalLoader } from "../../packages/embed/src/models/local-loader.node.ts";
import { createModelPool } from "../../packages/embed/src/models/pool.ts";
import { describeModel } from "../../packages/embed/src/registry/registry.ts";
import { createEmbedderRunner } from "../../packages/embed/src/runners/embedder-runner.ts";
import { MODEL } from "../bench/datasets/minilm.ts";

const hasModel = existsSync(`${MODEL}expected.json`);
/** Of the model's README: lowest cosine of int8 with PyTorch's fp32, one text a call. */
const LEAST_COSINE = 0.97;
const tenant = "a";

describe.skipIf(!hasModel)("embedding service over the shared all-MiniLM-L6-v2, int8", () => {
  let folder = "";
  const closing: (() => Promise<unknown>)[] = [];

  /** A process of its own over the same folder. */
  async function open() {
    const disk = createCacheDisk({ directory: join(folder, "cache"), maxBytes: 1_000_000, ttlSeconds: 0 });
    const cache = createEmbeddingCache({ clock: systemClock, ...EMBEDDING_CACHE_DEFAULTS, disk });
    const restored = await cache.restore();
    const pool = createModelPool({
      loader: createLocalLoader({ modelsDir: join(folder, "models"), quantization: "q8" }),
      builtIn: [createEmbedderRunner(describeModel("e0"), createHashingEmbedder(), 0)],
      now: () => performance.now(),
    });
    const service = createEmbeddingService({
      pool,
      cache,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      telemetry: silent,
      settings: EMBEDDING_DEFAULTS,
    });
    const close = async (): Promise<void> => {
      await cache.close();
      await pool.close();
    };
    closing.push(close);
    return { service, cache, restored, close };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedding-service-"));
    await importModel(MODEL, { modelsDir: join(folder, "models"), id: "e1", at: "2026-01-01T00:00:00.000Z" });
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives concurrent callers the original's vectors, whatever shares their batch, and keeps them for the next process", async () => {
    const { cases } = JSON.parse(readFileSync(`${MODEL}expected.json`, "utf8")) as {
      cases: { text: string; embedding: number[] }[];
    };
    const asked = cases.filter(({ text }) => /\S/u.test(text));
    const first = await open();
    const embedOne = async (service: typeof first.service, content: string): Promise<Embedding> => {
      const { results } = await service.embed({ inputs: [{ modality: "text", content }], tenant });
      return (results[0] as readonly Embedding[])[0]!;
    };
    const together = await Promise.all(asked.map(({ text }) => embedOne(first.service, text)));
    const cosines = together.map(({ vector }, i) =>
      vector.reduce((sum, value, at) => sum + value * asked[i]!.embedding[at]!, 0),
    );
    expect(Math.min(...cosines)).toBeGreaterThanOrEqual(LEAST_COSINE);
    expect(together.every(({ model, cached }) => model === "e1" && !cached)).toBe(true);
    await first.cache.forget("nobody");
    await first.close();

    const second = await open();
    expect(second.restored).toBe(asked.length);
    for (const [i, { text }] of asked.entries()) {
      const again = await embedOne(second.service, text);
      expect(again.cached).toBe(true);
      expect(again.vector).toEqual(together[i]!.vector);
    }
    await second.cache.forget(tenant);
    const [alone] = [await embedOne(second.service, asked[0]!.text)];
    expect(alone).toMatchObject({ cached: false, vector: together[0]!.vector });
  }, 60_000);
});
