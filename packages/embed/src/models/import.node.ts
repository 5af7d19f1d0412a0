/** Takes over a model's folder that was got elsewhere: checks that it is that model, copies and hashes it. */

import { constants } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

import { NexusError } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";
import { MODELS } from "../registry/registry.ts";
import {
  checkLicence,
  type Manifest,
  type ManifestFile,
  modelFile,
  modelFolder,
  writeManifest,
} from "./manifest.node.ts";
import { sha256Of } from "./verify.node.ts";

export interface ImportOptions {
  readonly modelsDir: string;
  /** Default: the one model of the registry whose architecture it has. */
  readonly id?: string | undefined;
  /** ISO 8601, of now. */
  readonly at: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of all files together, after each file. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a runner may read; the rest of a folder (weights of other frameworks, pictures) stays where it is. */
const WANTED =
  /^(?:[^/]+\.(?:json|txt|model)|LICENSE[^/]*|NOTICE[^/]*|onnx\/[^/]+\.(?:onnx|json)|onnx\/[^/]+_data[^/]*|[12]_(?:Pooling|Dense)\/[^/]+\.(?:json|safetensors))$/;
const CONFIG = "config.json";
/** Both towers at once are no folder that anybody publishes; these are the names they get. */
const GRAPHS: Readonly<Record<string, readonly string[]>> = {
  e4: ["text_model", "vision_model"],
  e5: ["encoder_model"],
  e10: ["query_model", "context_model"],
};

/**
 * Imports the folder `from`. It is staged beside its place and moved there whole, so a kill while it copies leaves what was there.
 *
 * throws  embed.model_unknown, embed.model_missing (no folder, no graph), embed.load_failed (another model),
 *         embed.tokenizer, embed.licence, store.full
 */
export async function importModel(from: string, options: ImportOptions): Promise<Manifest> {
  const { modelsDir, at } = options;
  const paths = await listFiles(from);
  const config = await readConfig(from, paths);
  const id = options.id ?? guess(config);
  const folder = modelFolder(modelsDir, id);
  const licenceAccepted = await checkLicence(modelsDir, id);
  checkArchitecture(
    MODELS.find((model) => model.id === id),
    config,
  );
  checkFiles(id, paths);
  const staging = join(modelsDir, `.import-${id}`);
  // Of an import that was killed.
  await rm(staging, { recursive: true, force: true });
  try {
    const files = await copyAll(from, staging, paths, options);
    const manifest: Manifest = {
      id,
      files,
      source: basename(from),
      revision: "imported",
      at,
      ...(licenceAccepted === undefined ? {} : { licenceAccepted }),
    };
    await writeManifest(staging, manifest);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new NexusError("store.full", "[nexus/embed] the disk is full; make room and import again", { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function copyAll(
  from: string,
  staging: string,
  paths: readonly string[],
  { signal, onProgress }: ImportOptions,
): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(from, path))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const path of paths) {
    signal?.throwIfAborted();
    const target = modelFile(staging, path);
    await mkdir(dirname(target), { recursive: true });
    // Shares the blocks where the file system can.
    await copyFile(join(from, path), target, constants.COPYFILE_FICLONE);
    const { size } = await stat(target);
    files.push({ path, bytes: size, sha256: await sha256Of(target), checked: "none" });
    done += size;
    onProgress?.(done, total);
  }
  return files;
}

async function listFiles(from: string): Promise<string[]> {
  try {
    const entries = await readdir(from, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((path) => WANTED.test(path) && path !== "manifest.json")
      .toSorted();
  } catch (cause) {
    throw new NexusError("embed.model_missing", `[nexus/embed] ${from} is no folder that can be read`, { cause });
  }
}

async function readConfig(from: string, paths: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  if (!paths.includes(CONFIG)) {
    throw new NexusError("embed.model_missing", `[nexus/embed] ${from} has no ${CONFIG}; give the folder of a model`);
  }
  try {
    return JSON.parse(await readFile(join(from, CONFIG), "utf8")) as Record<string, unknown>;
  } catch (cause) {
    throw new NexusError("embed.load_failed", `[nexus/embed] ${CONFIG} in ${from} is no JSON; get it again`, { cause });
  }
}

function architectureOf(config: Readonly<Record<string, unknown>>): { type: string; hidden: number; layers: number } {
  const number = (source: Readonly<Record<string, unknown>>, ...keys: readonly string[]): number =>
    keys.map((key) => source[key]).find((value) => typeof value === "number") ?? 0;
  const vision = (config["vision_config"] ?? {}) as Record<string, unknown>;
  return {
    type: String(config["model_type"]),
    hidden: number(config, "hidden_size", "d_model", "projection_dim"),
    layers: number(config, "num_hidden_layers", "num_layers", "encoder_layers") || number(vision, "num_hidden_layers"),
  };
}

function fits({ architecture }: ModelDescription, config: Readonly<Record<string, unknown>>): boolean {
  const { type, hidden, layers } = architectureOf(config);
  return architecture?.modelType === type && architecture.hidden === hidden && architecture.layers === layers;
}

/** throws  embed.model_unknown */
function guess(config: Readonly<Record<string, unknown>>): string {
  const candidates = MODELS.filter((model) => fits(model, config));
  const [only] = candidates;
  if (only && candidates.length === 1) return only.id;
  const { type, hidden, layers } = architectureOf(config);
  const which = candidates.length === 0 ? "no model" : candidates.map(({ id }) => id).join(" or ");
  throw new NexusError(
    "embed.model_unknown",
    `[nexus/embed] a ${type} of ${layers} layers and width ${hidden} is ${which} of the registry; say which with --as`,
  );
}

function checkArchitecture(model: ModelDescription | undefined, config: Readonly<Record<string, unknown>>): void {
  if (!model?.architecture || fits(model, config)) return;
  const { modelType, hidden, layers } = model.architecture;
  const seen = architectureOf(config);
  throw new NexusError(
    "embed.load_failed",
    `[nexus/embed] the folder holds a ${seen.type} of ${seen.layers} layers and width ${seen.hidden}; ${model.id} (${model.name}) is a ${modelType} of ${layers} layers and width ${hidden}`,
  );
}

function checkFiles(id: string, paths: readonly string[]): void {
  for (const graph of GRAPHS[id] ?? ["model"]) {
    const found = paths.some((path) => path.startsWith(`onnx/${graph}`) && path.endsWith(".onnx"));
    if (!found) {
      throw new NexusError(
        "embed.model_missing",
        `[nexus/embed] the folder has no onnx/${graph}*.onnx, which ${id} needs`,
      );
    }
  }
  if (id !== "e5" && !paths.includes("tokenizer.json")) {
    throw new NexusError("embed.tokenizer", `[nexus/embed] the folder has no tokenizer.json, which ${id} needs`);
  }
}
