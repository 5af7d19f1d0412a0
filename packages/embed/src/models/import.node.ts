/** Takes over a model's folder that was got elsewhere: checks that it is that model, copies and hashes it. */

import { constants } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

import { NexusError } from "@nexus/core";

import { describeModel } from "../registry/registry.ts";
import { checkArchitecture, guessModel } from "./architecture.ts";
import {
  checkLicence,
  type Manifest,
  type ManifestFile,
  modelFile,
  modelFolder,
  writeManifest,
} from "./manifest.node.ts";
import { withModelLock } from "./model-lock.node.ts";
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
  /^(?:[^/]+\.(?:json|txt|model)|LICENSE[^/]*|NOTICE[^/]*|(?:onnx\/)?[^/]+\.onnx(?:[._]data[^/]*)?|onnx\/[^/]+(?:\.json|_data[^/]*)|[12]_(?:Pooling|Dense)\/[^/]+\.(?:json|safetensors))$/;
/** Graphs that lie beside the settings, where optimum-cli puts them; they are taken into onnx/. */
const ROOT_GRAPH = /^[^/]+\.onnx(?:[._]data[^/]*)?$/;
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
 *         embed.tokenizer, embed.licence, store.full, store.unavailable, store.locked while another process changes
 *         the model's folder
 */
export async function importModel(from: string, options: ImportOptions): Promise<Manifest> {
  const { modelsDir, at } = options;
  const paths = await listFiles(from);
  const config = await readConfig(from, paths);
  const id = options.id ?? guessModel(config);
  const folder = modelFolder(modelsDir, id);
  const model = describeModel(id);
  if (!model.source)
    throw new NexusError("embed.model_unknown", `[nexus/embed] ${id} is built in; nothing is imported`);
  const licenceAccepted = await checkLicence(modelsDir, id);
  checkArchitecture(model, config);
  const copies = copiesOf(paths);
  checkFiles(
    id,
    copies.map(({ path }) => path),
  );
  const staging = join(modelsDir, `.import-${id}`);
  const replaced = join(modelsDir, `.replaced-${id}`);
  return await withModelLock(modelsDir, id, async () => {
    // Of an import that was killed.
    await removeAll([staging, replaced]);
    try {
      const files = await copyAll(from, staging, copies, options);
      const manifest: Manifest = {
        id,
        files,
        source: basename(from),
        revision: "imported",
        at,
        ...(licenceAccepted === undefined ? {} : { licenceAccepted }),
      };
      await writeManifest(staging, manifest);
      // Moved aside and not removed, which takes long: a kill hardly ever comes between the two moves.
      await rename(folder, replaced).catch(() => undefined);
      await rename(staging, folder).catch(async (error: unknown) => {
        await rename(replaced, folder).catch(() => undefined);
        throw error;
      });
      return manifest;
    } finally {
      await removeAll([staging, replaced]);
    }
  });
}

async function removeAll(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

/** A file and where it comes from in the folder. */
interface Copy {
  readonly source: string;
  readonly path: string;
}

function copiesOf(paths: readonly string[]): Copy[] {
  return paths
    .map((source) => ({ source, path: ROOT_GRAPH.test(source) ? `onnx/${source}` : source }))
    .filter(({ source, path }) => source === path || !paths.includes(path));
}

async function copyAll(
  from: string,
  staging: string,
  copies: readonly Copy[],
  { signal, onProgress }: ImportOptions,
): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  const sizes = await Promise.all(copies.map(async ({ source }) => (await stat(join(from, source))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const { source, path } of copies) {
    signal?.throwIfAborted();
    const target = modelFile(staging, path);
    await mkdir(dirname(target), { recursive: true });
    // Shares the blocks where the file system can.
    await copyFile(join(from, source), target, constants.COPYFILE_FICLONE);
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
    const config: unknown = JSON.parse(await readFile(join(from, CONFIG), "utf8"));
    if (typeof config !== "object" || config === null) throw new Error("it is no object");
    return config as Record<string, unknown>;
  } catch (cause) {
    throw new NexusError("embed.load_failed", `[nexus/embed] ${CONFIG} in ${from} is no JSON object; get it again`, {
      cause,
    });
  }
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
