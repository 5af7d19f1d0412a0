/** The real E1 against numbers that do not come from this code: its folder in ../shared/models, where that is. */

import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type EmbedInput, NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { ModelDescription, Quantization } from "../registry/description.ts";
import { describeModel } from "../registry/registry.ts";
import { createTextTokenizer } from "../runners/tokenizer.ts";
import { importModel } from "./import.node.ts";
import { createLocalLoader, type LocalLoaderOptions } from "./local-loader.node.ts";
import type { Runner, RunnerOutput, RunOptions } from "./runner.ts";
import { writeModel } from "./tiny-model-fixture.node.ts";

const FOLDER = fileURLToPath(new URL("../../../../../shared/models/all-MiniLM-L6-v2/", import.meta.url));

interface Case {
  readonly text: string;
  readonly ids: readonly number[];
  readonly embedding: readonly number[];
}

describe.skipIf(!existsSync(FOLDER))("all-MiniLM-L6-v2 agrees with PyTorch", () => {
  let cases: readonly Case[] = [];
  let modelsDir = "";
  const open: Runner[] = [];

  beforeAll(async () => {
    cases = (JSON.parse(await readFile(join(FOLDER, "expected.json"), "utf8")) as { cases: Case[] }).cases;
    modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
    await importModel(FOLDER, { modelsDir, at: "2026-11-21T00:00:00Z" });
  });
  afterAll(async () => {
    for (const runner of open) await runner.close();
    await rm(modelsDir, { recursive: true });
  });

  const load = async (quantization: Quantization, options: Partial<LocalLoaderOptions> = {}): Promise<Runner> => {
    const runner = await createLocalLoader({ modelsDir, quantization, ...options }).load(describeModel("e1"));
    open.push(runner);
    return runner;
  };

  it("token ids of all 32 texts are equal", async () => {
    const json = async (name: string) => JSON.parse(await readFile(join(FOLDER, name), "utf8")) as object;
    const tokenizer = createTextTokenizer(await json("tokenizer.json"), await json("tokenizer_config.json"));
    expect(cases).toHaveLength(32);
    for (const { text, ids } of cases) expect(tokenizer.encode(text, 256).ids).toEqual(ids);
  });

  it("fp16: cosine ≥ 0.9999, one text a call", async () => {
    const seen = await compare(await load("fp16"), cases, { stable: true });
    console.log(`fp16, largest difference from expected.json: ${describeDifference(seen)}`);
    expect(seen.lowestCosine).toBeGreaterThanOrEqual(0.9999);
  });

  it("q8: cosine ≥ 0.97 one text a call, ≥ 0.95 in random batches", async () => {
    const runner = await load("q8");
    const alone = await compare(runner, cases, { stable: true });
    console.log(`q8, largest difference from expected.json: ${describeDifference(alone)}`);
    expect(alone.lowestCosine).toBeGreaterThanOrEqual(0.97);
    const batches = fc.sample(fc.shuffledSubarray([...cases], { minLength: 2, maxLength: 8 }), {
      numRuns: 6,
      seed: 42,
    });
    for (const batch of batches) expect((await compare(runner, batch, {})).lowestCosine).toBeGreaterThanOrEqual(0.95);
  });

  it("onnxruntime-web: cosine with the native q8 ≥ 0.998", async () => {
    const few = cases.slice(0, 4);
    const [native, web] = [await load("q8"), await load("q8", { runtime: "web" })];
    const [a, b] = [await vectors(native, few, { stable: true }), await vectors(web, few, { stable: true })];
    for (const [i, vector] of a.entries()) expect(cosine(vector, b[i] ?? [])).toBeGreaterThanOrEqual(0.998);
  });
});

/** A folder of any text model the operator has, of the registry or not. */
const OTHER = process.env["NEXUS_TEST_MODEL_DIR"];

describe.skipIf(OTHER === undefined)("the model in NEXUS_TEST_MODEL_DIR", () => {
  it("puts a paraphrase nearer than another subject", async () => {
    const modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
    const model = await modelOf(OTHER ?? "", modelsDir);
    const runner = await createLocalLoader({ modelsDir }).load(model);
    try {
      const texts = ["The cat sleeps on the sofa.", "A cat is asleep on the couch.", "The market fell by two percent."];
      const [cat = [], couch = [], market = []] = await vectors(
        runner,
        texts.map((text) => ({ text })),
        { stable: true },
      );
      expect(cosine(cat, couch)).toBeGreaterThan(cosine(cat, market));
    } finally {
      await runner.close();
      await rm(modelsDir, { recursive: true });
    }
  });
});

/** Imports a model of the registry; of another one the folder is taken as it is, under the name and file checks of E1. */
async function modelOf(folder: string, modelsDir: string): Promise<ModelDescription> {
  try {
    return describeModel((await importModel(folder, { modelsDir, at: "2026-11-21T00:00:00Z" })).id);
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "embed.model_unknown") throw error;
  }
  const json = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(folder, path), "utf8").catch(() => "{}")) as Record<string, unknown>;
  const names = (await readdir(folder, { recursive: true })).filter((name) => /(?:json|onnx|onnx_data)$/.test(name));
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const));
  await writeModel(modelsDir, "e1", Object.fromEntries(files));
  const { hidden_size: width, max_position_embeddings: longest } = await json("config.json");
  const { pooling_mode_cls_token: isCls } = await json("1_Pooling/config.json");
  return {
    ...describeModel("e1"),
    dimension: Number(width),
    maxTokens: Number(longest ?? 512),
    pooling: isCls === true ? "cls" : "mean",
  };
}

async function vectors(
  runner: Runner,
  of: readonly { readonly text: string }[],
  options: RunOptions,
): Promise<Float32Array[]> {
  const inputs = of.map(({ text }): EmbedInput => ({ modality: "text", content: text }));
  return (await runner.run(inputs, options)).map((outcome) => (outcome as RunnerOutput).vector);
}

interface Difference {
  readonly lowestCosine: number;
  readonly largest: number;
}

async function compare(runner: Runner, cases: readonly Case[], options: RunOptions): Promise<Difference> {
  const seen = await vectors(runner, cases, options);
  const differences = seen.flatMap((vector, i) =>
    [...vector].map((value, j) => Math.abs(value - (cases[i]?.embedding[j] ?? NaN))),
  );
  return {
    lowestCosine: Math.min(...seen.map((vector, i) => cosine(vector, cases[i]?.embedding ?? []))),
    largest: differences.reduce((a, b) => Math.max(a, b), 0),
  };
}

function describeDifference({ lowestCosine, largest }: Difference): string {
  return `${largest.toFixed(6)} in one number, lowest cosine ${lowestCosine.toFixed(7)}`;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
