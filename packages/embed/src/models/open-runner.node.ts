/** Makes a runner from a model's folder: settings, tokenizer, graphs, by the kind of model. */

import { readFile } from "node:fs/promises";

import { NexusError } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";
import { createAudioRunner } from "../runners/audio-runner.ts";
import { createDenseHead } from "../runners/dense-head.ts";
import { createImageRunner, joinRunners } from "../runners/image-runner.ts";
import { createMelReader } from "../runners/mel.node.ts";
import type { Padding } from "../runners/padding.ts";
import { createPixelReader } from "../runners/pixels.node.ts";
import type { OnnxSession } from "../runners/session.ts";
import { createTextRunner } from "../runners/text-runner.ts";
import { createTextTokenizer, type TextTokenizer } from "../runners/tokenizer.ts";
import { externalDataOf, type GraphChoice, isInteger } from "./graph-choice.ts";
import { modelFile } from "./manifest.node.ts";
import { padOf, patchesOf, type SettingsFiles, tokenLimit } from "./model-settings.ts";
import { openSession, type SessionOptions } from "./open-session.node.ts";
import type { Runner } from "./runner.ts";

/** Plain data: it crosses to the worker. */
export interface RunnerPlan {
  readonly model: ModelDescription;
  readonly folder: string;
  /** All that the manifest names. */
  readonly paths: readonly string[];
  /** By the graph's name: "model", "text_model", "query_model" … */
  readonly graphs: Readonly<Record<string, GraphChoice>>;
  readonly session: SessionOptions;
  readonly padding: Padding;
  readonly maxBatchTokens: number;
  readonly bytes: number;
  readonly weights: string;
}

/**
 * A runner in this thread.
 *
 * throws  embed.load_failed, embed.tokenizer, embed.device; nothing stays loaded then
 */
export async function openRunner(plan: RunnerPlan): Promise<Runner> {
  const opened: OnnxSession[] = [];
  const open = async (graph: string): Promise<OnnxSession> => {
    const choice = plan.graphs[graph];
    if (!choice)
      throw new NexusError("embed.load_failed", `[nexus/embed] model ${plan.model.id} has no graph ${graph}`);
    const path = modelFile(plan.folder, choice.path);
    const session = await openSession(path, externalDataOf(plan.paths, choice.path), plan.session);
    opened.push(session);
    return session;
  };
  try {
    return { ...(await build(plan, open)), weights: plan.weights };
  } catch (error) {
    await Promise.all(opened.map((session) => session.close()));
    throw error;
  }
}

type Open = (graph: string) => Promise<OnnxSession>;

async function build(plan: RunnerPlan, open: Open): Promise<Runner> {
  if (plan.graphs["encoder_model"]) return audio(plan, open);
  if (plan.graphs["vision_model"]) return joinRunners(await text(plan, open, "text_model"), await image(plan, open));
  if (plan.graphs["query_model"]) return text(plan, open, "context_model", "query_model");
  return text(plan, open, "model");
}

async function text(plan: RunnerPlan, open: Open, graph: string, queryGraph?: string): Promise<Runner> {
  const { model } = plan;
  const settings: SettingsFiles = {
    config: await json(plan, "config.json"),
    tokenizerConfig: await json(plan, "tokenizer_config.json"),
    sentenceConfig: await json(plan, "sentence_bert_config.json"),
  };
  const tokenizer = await tokenizerOf(plan, settings);
  const dense =
    plan.paths.includes("2_Dense/model.safetensors") &&
    createDenseHead(await json(plan, "2_Dense/config.json"), await readFile(file(plan, "2_Dense/model.safetensors")));
  const runner = {
    ...ofGraph(plan, graph),
    model,
    maxTokens: tokenLimit(model, settings),
    tokenizer,
    session: await open(graph),
    querySession: queryGraph === undefined ? undefined : await open(queryGraph),
    dense: dense === false ? undefined : dense,
    padding: plan.padding,
    maxBatchTokens: plan.maxBatchTokens,
  };
  return createTextRunner(runner);
}

async function image(plan: RunnerPlan, open: Open): Promise<Runner> {
  return createImageRunner({
    ...ofGraph(plan, "vision_model"),
    // Counted once, with the texts.
    bytes: 0,
    model: plan.model,
    pixelsOf: await createPixelReader(await json(plan, "preprocessor_config.json")),
    patches: patchesOf(await json(plan, "config.json")),
    session: await open("vision_model"),
  });
}

async function audio(plan: RunnerPlan, open: Open): Promise<Runner> {
  return createAudioRunner({
    ...ofGraph(plan, "encoder_model"),
    model: plan.model,
    featuresOf: await createMelReader(await json(plan, "preprocessor_config.json")),
    session: await open("encoder_model"),
  });
}

function ofGraph(plan: RunnerPlan, graph: string): { integer: boolean; quantization: string; bytes: number } {
  const quantization = plan.graphs[graph]?.quantization ?? "fp32";
  return { integer: isInteger(quantization), quantization, bytes: plan.bytes };
}

async function tokenizerOf(plan: RunnerPlan, { config, tokenizerConfig }: SettingsFiles): Promise<TextTokenizer> {
  const whole = await json(plan, "tokenizer.json", "embed.tokenizer");
  return createTextTokenizer(whole, tokenizerConfig, {
    endToken: plan.model.pooling === "last-token",
    padId: padOf(config),
  });
}

/** A settings file; {} when the model has none, but for one that it cannot do without. */
async function json(
  plan: RunnerPlan,
  path: string,
  required?: "embed.tokenizer",
): Promise<Readonly<Record<string, unknown>>> {
  const content = await readFile(file(plan, path), "utf8").catch(() => undefined);
  if (content === undefined && required === undefined) return {};
  try {
    const found: unknown = JSON.parse(content ?? "");
    if (typeof found !== "object" || found === null) throw new Error("it is no object");
    return found as Record<string, unknown>;
  } catch (cause) {
    throw new NexusError(
      required ?? "embed.load_failed",
      `[nexus/embed] ${path} of model ${plan.model.id} is missing or damaged; import the model again`,
      { cause },
    );
  }
}

function file(plan: RunnerPlan, path: string): string {
  return modelFile(plan.folder, path);
}
