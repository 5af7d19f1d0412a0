/** The embedding models that the evaluation can give the product, to see what each is worth in it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Embedder } from "@nexus/core";
import { createHashingEmbedder, describeModel } from "@nexus/embed";
import { createLocalLoader, importModel, readModel2Vec } from "@nexus/embed/node";
import { sharedFile } from "./sets/shared.ts";

/** "e1": E0 with E1 beside it; the others alone. */
export const MODEL_NAMES = ["hashing", "e0", "e1", "potion"] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

export interface ProductModels {
  /** In place of E0. */
  readonly builtIn?: Embedder | undefined;
  /** A models folder to begin with. */
  readonly modelsDir?: string | undefined;
}

/** throws  where ../shared has not the model's files */
export async function productModels(name: ModelName): Promise<ProductModels> {
  if (name === "hashing") return { builtIn: createHashingEmbedder({ dimension: 256 }) };
  if (name === "potion") return { builtIn: readModel2Vec(new URL(".", fileOf("potion-base-2M/model.safetensors"))) };
  if (name === "e0") return {};
  const modelsDir = mkdtempSync(join(tmpdir(), "nexus-models-"));
  process.once("exit", () => rmSync(modelsDir, { recursive: true, force: true }));
  const source = fileURLToPath(new URL(".", fileOf("all-MiniLM-L6-v2/config.json")));
  await importModel(source, { modelsDir, id: "e1", at: new Date().toISOString() });
  return { modelsDir };
}

/** E1 by itself; undefined where ../shared has it not. The process must exit afterwards: its thread stays. */
export async function e1Embedder(): Promise<Embedder | undefined> {
  if (!sharedFile("../models/all-MiniLM-L6-v2/config.json")) return undefined;
  const { modelsDir = "" } = await productModels("e1");
  const runner = await createLocalLoader({ modelsDir }).load(describeModel("e1"));
  return {
    describe: () => ({ name: "e1", model: "e1", dimension: runner.dimension, unrelatedCosine: 0 }),
    async embed(texts) {
      // Alike in length, as the batcher would have them.
      const order = [...texts.keys()].sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0));
      const vectors: Float32Array[] = [];
      for (let from = 0; from < order.length; from += BATCH) {
        const places = order.slice(from, from + BATCH);
        const inputs = places.map((place) => ({ modality: "text" as const, content: texts[place] ?? "" }));
        const outputs = await runner.run(inputs, { stable: true });
        for (const [i, output] of outputs.entries()) {
          if (output instanceof Error) throw output;
          vectors[places[i] ?? 0] = output.vector;
        }
      }
      return vectors;
    },
  };
}

const BATCH = 32;

function fileOf(path: string): URL {
  const found = sharedFile(`../models/${path}`);
  if (!found) throw new Error(`../shared/models has no ${path}`);
  return found;
}
