import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type EmbedInput, NexusError } from "@nexus/core";
import { afterEach, describe, expect, it } from "vitest";

import { acceptLicence } from "../models/manifest.node.ts";
import { createLocalLoader, type LocalLoaderOptions } from "../models/local-loader.node.ts";
import type { Runner, RunnerOutput, RunOptions } from "../models/runner.ts";
import {
  ID,
  projectedTextGraph,
  textGraph,
  TINY_TEXT_FILES,
  tinyModel,
  WIDTH,
  wordVector,
  writeModel,
} from "../models/tiny-model-fixture.node.ts";
import { writeOnnx } from "../onnx/write-onnx.ts";
import type { ModelDescription } from "../registry/description.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function runnerOf(
  model: ModelDescription,
  files: Files,
  options: Partial<LocalLoaderOptions> = {},
): Promise<Runner> {
  const modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
  cleanups.push(() => rm(modelsDir, { recursive: true }));
  await writeModel(modelsDir, model.id, files);
  if (model.nonCommercial) await acceptLicence(modelsDir, model.id, "2026-11-21T00:00:00Z");
  const runner = await createLocalLoader({ modelsDir, worker: false, ...options }).load(model);
  cleanups.push(() => runner.close());
  return runner;
}

const text = (content: string, more: object = {}): EmbedInput => ({ modality: "text", content, ...more });

async function vectorOf(runner: Runner, input: EmbedInput, options?: RunOptions): Promise<number[]> {
  return [...(await outputOf(runner, input, options)).vector];
}

async function outputOf(runner: Runner, input: EmbedInput, options?: RunOptions): Promise<RunnerOutput> {
  const [outcome] = await runner.run([input], options);
  if (outcome === undefined || outcome instanceof NexusError) throw outcome ?? new Error("no outcome");
  return outcome;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof NexusError ? error.code : String(error)),
  );
}

function unit(vector: readonly number[]): number[] {
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

function mean(...ids: readonly number[]): number[] {
  const sum = Array.from({ length: WIDTH }, () => 0);
  for (const id of ids) for (const [i, value] of wordVector(id).entries()) sum[i] = (sum[i] ?? 0) + value / ids.length;
  return sum;
}

function expectClose(seen: readonly number[], expected: readonly number[]): void {
  expect(seen).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(seen[i]).toBeCloseTo(value, 5);
}

const { "[CLS]": CLS, "[SEP]": SEP, cat, sat, query } = ID;

describe("pooling of a tiny model with known weights", () => {
  it("mean takes all tokens with the special ones, none of the padding", async () => {
    const runner = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const outcomes = await runner.run([text("cat"), text("a cat sat a cat sat")]);
    const [first] = outcomes;
    expectClose([...(first as RunnerOutput).vector], unit(mean(CLS, cat, SEP)));
  });

  it("cls takes the first token", async () => {
    const runner = await runnerOf(tinyModel("e2"), TINY_TEXT_FILES);
    expectClose(await vectorOf(runner, text("cat")), unit(wordVector(CLS)));
  });

  it("last-token takes the last token that is no padding", async () => {
    const model = tinyModel("e12");
    const runner = await runnerOf(model, TINY_TEXT_FILES);
    const outcomes = await runner.run([text("cat"), text("cat sat cat sat")]);
    for (const outcome of outcomes) expectClose([...(outcome as RunnerOutput).vector], unit(wordVector(SEP)));
  });

  it("last-token puts the end token where the tokenizer's frame lacks it", async () => {
    const bare = JSON.parse(String(TINY_TEXT_FILES["tokenizer.json"])) as Record<string, unknown>;
    const files = { ...TINY_TEXT_FILES, "tokenizer.json": JSON.stringify({ ...bare, post_processor: null }) };
    const runner = await runnerOf(tinyModel("e12"), files);
    const output = await outputOf(runner, text("cat"));
    expect(output.tokens).toBe(2);
    expectClose([...output.vector], unit(wordVector(SEP)));
  });

  it("a dot-product model keeps its norm", async () => {
    const runner = await runnerOf(tinyModel("e9"), TINY_TEXT_FILES);
    expectClose(await vectorOf(runner, text("cat")), mean(CLS, cat, SEP));
  });

  it("two towers: a query goes to the other graph", async () => {
    const files = {
      ...TINY_TEXT_FILES,
      "onnx/query_model.onnx": writeOnnx(textGraph({ scale: 2 })),
      "onnx/context_model.onnx": writeOnnx(textGraph()),
    };
    const runner = await runnerOf(tinyModel("e10"), files);
    const outcomes = await runner.run([text("cat", { role: "query" }), text("cat"), text("sat", { role: "query" })]);
    const twice = wordVector(CLS).map((value) => 2 * value);
    const seen = outcomes.map((outcome) => [...(outcome as RunnerOutput).vector]);
    expectClose(seen[0] ?? [], twice);
    expectClose(seen[1] ?? [], wordVector(CLS));
    expectClose(seen[2] ?? [], twice);
  });

  it("a dense layer follows the mean, and the instruction in front is read but not pooled", async () => {
    const weight = [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0];
    const files = {
      ...TINY_TEXT_FILES,
      "2_Dense/config.json": JSON.stringify({ activation_function: "torch.nn.modules.linear.Identity" }),
      "2_Dense/model.safetensors": safetensors("linear.weight", [WIDTH, WIDTH], weight),
    };
    const runner = await runnerOf(tinyModel("e3", { queryPrefix: "query ", passagePrefix: "" }), files);
    const [m0 = 0, m1 = 0, m2 = 0, m3 = 0] = mean(cat, SEP);
    expectClose(await vectorOf(runner, text("cat", { role: "query" })), unit([m1, m0, m3, m2]));
  });

  it("a projected text is taken as the graph gives it", async () => {
    const runner = await runnerOf(tinyModel("e1", { pooling: "projected" }), {
      ...TINY_TEXT_FILES,
      "onnx/model.onnx": writeOnnx(projectedTextGraph()),
    });
    expectClose(await vectorOf(runner, text("cat")), unit(mean(CLS, cat, SEP)));
  });

  it("onnxruntime-web gives the native numbers", async () => {
    const native = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const web = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES, { runtime: "web" });
    expect(web.device).toBe("wasm");
    expectClose(await vectorOf(web, text("a cat")), await vectorOf(native, text("a cat")));
  });
});

describe("what a runner does with its inputs", () => {
  it("puts the prefix of the role in front, and an instruction in its place", async () => {
    const model = tinyModel("e2", { pooling: "mean", queryPrefix: "query ", passagePrefix: "" });
    const runner = await runnerOf(model, TINY_TEXT_FILES);
    expectClose(await vectorOf(runner, text("cat")), unit(mean(CLS, cat, SEP)));
    expectClose(await vectorOf(runner, text("cat", { role: "query" })), unit(mean(CLS, query, cat, SEP)));
    const told = text("cat", { role: "query", instruction: "sat" });
    expectClose(await vectorOf(runner, told), unit(mean(CLS, sat, cat, SEP)));
  });

  it("reads code as text", async () => {
    const runner = await runnerOf(tinyModel("e6", { pooling: "mean" }), TINY_TEXT_FILES);
    expectClose(
      await vectorOf(runner, { modality: "code", content: "cat", language: "python" }),
      unit(mean(CLS, cat, SEP)),
    );
  });

  it("cuts before the special tokens are added, says so, and refuses when told to", async () => {
    const runner = await runnerOf(tinyModel("e1", { maxTokens: 4 }), TINY_TEXT_FILES);
    const output = await outputOf(runner, text("cat cat sat sat sat"));
    expect(output).toMatchObject({ tokens: 4, truncated: true });
    expectClose([...output.vector], unit(mean(CLS, cat, cat, SEP)));
    expect(await codeOf(vectorOf(runner, text("cat cat sat"), { truncate: false }))).toBe("embed.input_too_long");
    expect(await codeOf(vectorOf(runner, text("cat cat"), { truncate: false }))).toBe("no error");
  });

  it("a model's own smaller limit wins", async () => {
    const files = { ...TINY_TEXT_FILES, "sentence_bert_config.json": JSON.stringify({ max_seq_length: 3 }) };
    const runner = await runnerOf(tinyModel("e1"), files);
    expect(await outputOf(runner, text("cat sat"))).toMatchObject({ tokens: 3, truncated: true });
  });

  it("a bad input fails alone: empty, another modality, NaN", async () => {
    const runner = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const bytes = new Uint8Array(1);
    const outcomes = await runner.run([text(""), { modality: "image", bytes }, text("nan"), text("cat")]);
    expect(outcomes.map((outcome) => (outcome instanceof NexusError ? outcome.code : "vector"))).toEqual([
      "embed.input_empty",
      "embed.unsupported_modality",
      "embed.invalid_output",
      "vector",
    ]);
  });

  it("a graph of another width is an invalid output, not a short vector", async () => {
    const files = { ...TINY_TEXT_FILES, "onnx/model.onnx": writeOnnx(textGraph({ width: 3 })) };
    const runner = await runnerOf(tinyModel("e1"), files);
    expect(await codeOf(vectorOf(runner, text("cat")))).toBe("embed.invalid_output");
  });

  it("ten million characters cost no more than the limit's worth", async () => {
    const runner = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const long = [text("cat ".repeat(2_500_000)), text(" ".repeat(10_000_000)), text("x".repeat(10_000_000))];
    const outcomes = await runner.run(long);
    expect(outcomes.map((outcome) => (outcome as RunnerOutput).truncated)).toEqual([true, true, true]);
  });

  it("stable vectors do not depend on their batch", async () => {
    const runner = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const inputs = [text("cat"), text("a cat sat"), text("sat"), text("cat sat")];
    const together = await runner.run(inputs, { stable: true });
    for (const [i, input] of inputs.entries()) {
      expect([...(together[i] as RunnerOutput).vector]).toEqual(await vectorOf(runner, input));
    }
  });

  it("an aborted call computes nothing", async () => {
    const runner = await runnerOf(tinyModel("e1"), TINY_TEXT_FILES);
    const stop = AbortSignal.abort(new Error("gone"));
    await expect(runner.run([text("cat")], { signal: stop })).rejects.toThrow("gone");
  });
});

describe("what cannot be loaded", () => {
  it.each([
    ["a graph that is cut off", { "onnx/model.onnx": writeOnnx(textGraph()).slice(0, 60) }, "embed.load_failed"],
    ["no graph", { "onnx/model.onnx": undefined }, "embed.model_missing"],
    ["a tokenizer that is missing", { "tokenizer.json": undefined }, "embed.tokenizer"],
    ["a tokenizer that is no JSON", { "tokenizer.json": "{" }, "embed.tokenizer"],
    [
      "a tokenizer of no known kind",
      { "tokenizer.json": JSON.stringify({ model: { type: "Odd" } }) },
      "embed.tokenizer",
    ],
    ["a graph that asks for more", { "onnx/model.onnx": writeOnnx(withInput("past_key_values")) }, "embed.load_failed"],
  ])("%s is an error of the table", async (_, changes, code) => {
    const all: Record<string, string | Uint8Array | undefined> = { ...TINY_TEXT_FILES, ...changes };
    const files = Object.fromEntries(
      Object.entries(all).flatMap(([path, content]) => (content === undefined ? [] : [[path, content]])),
    );
    expect(await codeOf(runnerOf(tinyModel("e1"), files))).toBe(code);
  });

  it("a device that is not there is embed.device", async () => {
    expect(await codeOf(runnerOf(tinyModel("e1"), TINY_TEXT_FILES, { device: "cuda", runtime: "web" }))).toBe(
      "embed.device",
    );
  });

  it("a quantisation that is not there is embed.model_missing", async () => {
    expect(await codeOf(runnerOf(tinyModel("e1"), TINY_TEXT_FILES, { quantization: "q4" }))).toBe(
      "embed.model_missing",
    );
  });
});

function withInput(name: string): ReturnType<typeof textGraph> {
  const graph = textGraph();
  return { ...graph, inputs: [...graph.inputs, { name, type: "int64", shape: ["batch"] }] };
}

function safetensors(name: string, shape: readonly number[], values: readonly number[]): Uint8Array {
  const data = new Uint8Array(Float32Array.from(values).buffer);
  const header = new TextEncoder().encode(
    JSON.stringify({ [name]: { dtype: "F32", shape, data_offsets: [0, data.length] } }),
  );
  const file = new Uint8Array(8 + header.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  file.set(data, 8 + header.length);
  return file;
}
