/** The embedding models that the evaluation can give the product, to see what each is worth in it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Embedder } from "@nexus/core";
import { createHashingEmbedder } from "@nexus/embed";
import { importModel, readModel2Vec } from "@nexus/embed/node";
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

function fileOf(path: string): URL {
  const found = sharedFile(`../models/${path}`);
  if (!found) throw new Error(`../shared/models has no ${path}`);
  return found;
}
