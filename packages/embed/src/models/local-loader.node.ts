/** Loads models from the models folder: licence, files, device, quantisation, then a runner in a thread of its own. */

import { createHash } from "node:crypto";

import { NexusError } from "@nexus/core";

import type { ModelDescription, Quantization } from "../registry/description.ts";
import type { Padding } from "../runners/padding.ts";
import { chooseGraph, estimatedBytes, externalDataOf, type GraphChoice } from "./graph-choice.ts";
import { checkLicence, type Manifest, modelFolder, readManifest } from "./manifest.node.ts";
import { openRunner, type RunnerPlan } from "./open-runner.node.ts";
import { type Device, placeOf, type Runtime } from "./open-session.node.ts";
import type { ModelFiles, ModelLoader } from "./pool.ts";
import type { Runner } from "./runner.ts";
import { createVerifier } from "./verify.node.ts";
import { openWorkerRunner } from "./worker-runner.node.ts";

export interface LocalLoaderOptions {
  readonly modelsDir: string;
  /** Default "auto": CUDA where its provider is installed, else the CPU. WebGPU only when asked for. */
  readonly device?: Device | undefined;
  /** Default "auto": int8 on a CPU, fp16 on a GPU, else what is there. */
  readonly quantization?: Quantization | "auto" | undefined;
  readonly runtime?: Runtime | undefined;
  /** Of one call. Default 1: the second core is the server's. */
  readonly threads?: number | undefined;
  /** Default: "dynamic" on a CPU, "bucket" on a GPU. */
  readonly padding?: Padding | undefined;
  /** Rows × longest of one call. Default 2,048 on a CPU (larger ones took memory and no less time), 32,768 on a GPU. */
  readonly maxBatchTokens?: number | undefined;
  /**
   * A thread for each model. Default true: a batch of 32 long texts held the event loop for 1.2 s without, 15 ms with
   * (E1, a busy machine). false where the code is bundled into one file.
   */
  readonly worker?: boolean | undefined;
}

const BATCH_TOKENS = { cpu: 2_048, gpu: 32_768 } as const;

export function createLocalLoader(options: LocalLoaderOptions): ModelLoader {
  const verify = createVerifier();
  const plan = (model: ModelDescription): Promise<RunnerPlan> => planOf(model, options);
  return {
    async files(model) {
      try {
        const { graphs, bytes, weights } = await plan(model);
        const quantization = Object.values(graphs)[0]?.quantization;
        return { present: true, bytes, quantization, weights } satisfies ModelFiles;
      } catch (error) {
        if (error instanceof NexusError) return { present: false };
        throw error;
      }
    },
    async load(model): Promise<Runner> {
      const made = await plan(model);
      await verify(made.folder, await manifestOf(model, options.modelsDir), pathsInUse(made));
      return options.worker === false ? openRunner(made) : openWorkerRunner(made);
    },
  };
}

async function planOf(model: ModelDescription, options: LocalLoaderOptions): Promise<RunnerPlan> {
  const { modelsDir, device = "auto", runtime = "auto", threads = 1 } = options;
  const manifest = await manifestOf(model, modelsDir);
  await checkLicence(modelsDir, model.id);
  const paths = manifest.files.map(({ path }) => path);
  const session = { device, runtime, threads };
  const kind = (await placeOf(session)) === "cpu" ? "cpu" : "gpu";
  const graphs = Object.fromEntries(
    graphNames(paths).map((name) => [name, chooseGraph(paths, name, options.quantization ?? "auto", kind)]),
  );
  return {
    model,
    folder: modelFolder(modelsDir, model.id),
    paths,
    graphs,
    session,
    padding: options.padding ?? (kind === "cpu" ? "dynamic" : "bucket"),
    maxBatchTokens: options.maxBatchTokens ?? BATCH_TOKENS[kind],
    weights: weightsOf(manifest, graphs),
    bytes: memoryOf(manifest, graphs, { worker: options.worker !== false, web: runtime === "web" }),
  };
}

/** The kinds of layouts a model's folder can have. throws  embed.model_missing */
function graphNames(paths: readonly string[]): readonly string[] {
  const layouts = [["encoder_model"], ["text_model", "vision_model"], ["context_model", "query_model"]];
  const has = (graph: string): boolean =>
    paths.some((path) => path.startsWith(`onnx/${graph}`) && path.endsWith(".onnx"));
  return layouts.find((graphs) => graphs.every(has)) ?? ["model"];
}

async function manifestOf(model: ModelDescription, modelsDir: string): Promise<Manifest> {
  const manifest = await readManifest(modelFolder(modelsDir, model.id));
  if (manifest) return manifest;
  throw new NexusError(
    "embed.model_missing",
    `[nexus/embed] the files of model ${model.id} are not here; run: nexus models pull ${model.id}, or import a folder`,
  );
}

/** Settings and the chosen graphs; other quantisations may be there and are not read. */
function pathsInUse({ paths, graphs }: RunnerPlan): string[] {
  const chosen = new Set(Object.values(graphs).flatMap(({ path }) => [path, ...externalDataOf(paths, path)]));
  return paths.filter((path) => !path.startsWith("onnx/") || chosen.has(path));
}

/** What of a model's files its vectors depend on, as twelve hexadecimal digits. */
function weightsOf({ files }: Manifest, graphs: Readonly<Record<string, GraphChoice>>): string {
  const paths = files.map(({ path }) => path);
  const used = new Set(Object.values(graphs).flatMap(({ path }) => [path, ...externalDataOf(paths, path)]));
  const sums = files
    .filter(({ path }) => used.has(path) || path === "tokenizer.json" || path.startsWith("2_Dense/"))
    .map(({ path, sha256 }) => `${path} ${sha256}`);
  return createHash("sha256").update(sums.toSorted().join("\n")).digest("hex").slice(0, 12);
}

function memoryOf(
  manifest: Manifest,
  graphs: Readonly<Record<string, GraphChoice>>,
  place: { readonly worker: boolean; readonly web: boolean },
): number {
  const sizes = new Map(manifest.files.map(({ path, bytes }) => [path, bytes]));
  const paths = [...sizes.keys()];
  return estimatedBytes(
    Object.values(graphs).map(({ path, quantization }) => ({
      quantization,
      bytes: [path, ...externalDataOf(paths, path)].reduce((sum, each) => sum + (sizes.get(each) ?? 0), 0),
    })),
    sizes.get("tokenizer.json") ?? 0,
    place,
  );
}
