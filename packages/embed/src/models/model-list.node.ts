/** What is in the models folder: for lists of models, and to remove one. */

import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { Modality } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";
import { MODELS } from "../registry/registry.ts";
import { type Manifest, modelFolder, readManifest } from "./manifest.node.ts";
import { withModelLock } from "./model-lock.node.ts";

export interface PresentModel {
  readonly id: string;
  readonly name: string;
  readonly dimension: number;
  readonly modalities: readonly Modality[];
  readonly licence: string;
  readonly nonCommercial: boolean;
  /** Undefined where it is not here. */
  readonly manifest?: Manifest | undefined;
  readonly bytes: number;
}

export async function listModels(modelsDir: string): Promise<PresentModel[]> {
  return Promise.all(
    MODELS.map(async (model) => {
      const manifest = model.source === undefined ? undefined : await manifestOf(modelsDir, model);
      return {
        id: model.id,
        name: model.name,
        dimension: model.dimension,
        modalities: model.modalities,
        licence: model.licence,
        nonCommercial: model.nonCommercial,
        manifest,
        bytes: manifest?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0,
      };
    }),
  );
}

/** Whether there was one. throws  embed.model_unknown, store.locked, store.unavailable */
export async function removeModel(modelsDir: string, id: string): Promise<boolean> {
  const folder = modelFolder(modelsDir, id);
  return await withModelLock(modelsDir, id, async () => {
    const manifest = await readManifest(folder).catch(() => undefined);
    // First the manifest, so that what a kill leaves behind counts as no model.
    await rm(join(folder, "manifest.json"), { force: true });
    await rm(folder, { recursive: true, force: true });
    return manifest !== undefined;
  });
}

/** A damaged manifest is no model. */
async function manifestOf(modelsDir: string, { id }: ModelDescription): Promise<Manifest | undefined> {
  return readManifest(modelFolder(modelsDir, id)).catch(() => undefined);
}
