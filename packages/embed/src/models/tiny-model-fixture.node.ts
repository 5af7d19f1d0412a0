/** Tiny models with known weights, laid out like real ones: for the tests of everything that reads models. */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

import { floats, ints, type OnnxGraph, type OnnxNode, writeOnnx } from "../onnx/write-onnx.ts";
import type { ModelDescription } from "../registry/description.ts";
import { describeModel } from "../registry/registry.ts";
import { writeManifest } from "./manifest.node.ts";

/** Words of the tiny tokenizer, by id. */
export const WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "cat", "sat", "nan", "query", "big"] as const;
export const WIDTH = 4;

/** The vector of a word: its id + 1 in the place of id % WIDTH, its id in the next. "nan" has none. */
export function wordVector(id: number): number[] {
  const vector = Array.from({ length: WIDTH }, () => 0);
  vector[id % WIDTH] = WORDS[id] === "nan" ? NaN : id + 1;
  vector[(id + 1) % WIDTH] = id;
  return vector;
}

export const ID = Object.fromEntries(WORDS.map((word, id) => [word, id])) as Record<(typeof WORDS)[number], number>;

const TOKENIZER = {
  version: "1.0",
  // As MiniLM's file has them, and no runner may obey.
  truncation: { max_length: 3, strategy: "LongestFirst", stride: 0 },
  padding: { strategy: { Fixed: 16 }, pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
  added_tokens: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
};

export const TOKENIZER_FILES: Readonly<Record<string, string>> = {
  "tokenizer.json": JSON.stringify(TOKENIZER),
  "tokenizer_config.json": JSON.stringify({
    tokenizer_class: "BertTokenizer",
    pad_token: "[PAD]",
    cls_token: "[CLS]",
    sep_token: "[SEP]",
    unk_token: "[UNK]",
    eos_token: "[SEP]",
    model_max_length: 512,
  }),
};

const TEXT_INPUTS = ["input_ids", "attention_mask"].map(
  (name) => ({ name, type: "int64", shape: ["batch", "length"] }) as const,
);

/** A graph that looks up each token's vector; scale tells two towers apart. */
export function textGraph(
  options: { readonly output?: string; readonly scale?: number; readonly width?: number } = {},
): OnnxGraph {
  const { output = "last_hidden_state", scale = 1, width = WIDTH } = options;
  const table = WORDS.flatMap((_, id) =>
    wordVector(id)
      .slice(0, width)
      .map((value) => value * scale),
  );
  return {
    name: "tiny",
    nodes: [{ op: "Gather", inputs: ["table", "input_ids"], outputs: [output], attributes: { axis: 0 } }],
    initializers: [floats("table", [WORDS.length, width], table)],
    inputs: TEXT_INPUTS,
    outputs: [{ name: output, type: "float32", shape: ["batch", "length", width] }],
  };
}

/** One vector a text: the sum of its tokens, as CLIP's text tower gives one. */
export function projectedTextGraph(): OnnxGraph {
  const { nodes, initializers, ...rest } = textGraph({ output: "states" });
  const sum: OnnxNode = {
    op: "ReduceSum",
    inputs: ["states", "axis"],
    outputs: ["text_embeds"],
    attributes: { keepdims: 0 },
  };
  return {
    ...rest,
    nodes: [...nodes, sum],
    initializers: [...initializers, ints("axis", [1], [1])],
    outputs: [{ name: "text_embeds", type: "float32", shape: ["batch", WIDTH] }],
  };
}

/** The means of the three channels of an image, and a one. */
export function imageGraph(): OnnxGraph {
  return {
    name: "tiny-vision",
    nodes: [
      { op: "ReduceMean", inputs: ["pixel_values", "axes"], outputs: ["means"], attributes: { keepdims: 0 } },
      { op: "Pad", inputs: ["means", "pads", "one"], outputs: ["image_embeds"], attributes: { mode: "constant" } },
    ],
    initializers: [ints("axes", [2], [2, 3]), ints("pads", [4], [0, 0, 0, 1]), floats("one", [], [1])],
    inputs: [{ name: "pixel_values", type: "float32", shape: ["batch", 3, "height", "width"] }],
    outputs: [{ name: "image_embeds", type: "float32", shape: ["batch", WIDTH] }],
  };
}

/** Frames of a sound: every second step's first four mel bins, as the encoder halves the steps. */
export function audioGraph(): OnnxGraph {
  return {
    name: "tiny-audio",
    nodes: [
      { op: "Slice", inputs: ["input_features", "starts", "ends", "axes", "steps"], outputs: ["slice"] },
      { op: "Transpose", inputs: ["slice"], outputs: ["last_hidden_state"], attributes: { perm: [0, 2, 1] } },
    ],
    initializers: [
      ints("starts", [2], [0, 0]),
      ints("ends", [2], [WIDTH, 3_000]),
      ints("axes", [2], [1, 2]),
      ints("steps", [2], [1, 2]),
    ],
    inputs: [{ name: "input_features", type: "float32", shape: ["batch", 128, 3_000] }],
    outputs: [{ name: "last_hidden_state", type: "float32", shape: ["batch", 1_500, WIDTH] }],
  };
}

/** A description of a tiny model under an id of the registry. */
export function tinyModel(id: string, changes: Partial<ModelDescription> = {}): ModelDescription {
  return { ...describeModel(id), dimension: WIDTH, maxTokens: 8, queryPrefix: "", passagePrefix: "", ...changes };
}

export const TINY_TEXT_FILES: Readonly<Record<string, string | Uint8Array>> = {
  ...TOKENIZER_FILES,
  "config.json": JSON.stringify({ model_type: "bert", hidden_size: WIDTH, num_hidden_layers: 1, pad_token_id: 0 }),
  "onnx/model.onnx": writeOnnx(textGraph()),
};

/** Writes a model's folder and, unless told otherwise, its manifest. */
export async function writeModel(
  modelsDir: string,
  id: string,
  files: Readonly<Record<string, string | Uint8Array>> = TINY_TEXT_FILES,
): Promise<string> {
  const folder = join(modelsDir, id);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await writeManifestOf(folder, id);
  return folder;
}

/** A manifest of whatever is there. */
async function writeManifestOf(folder: string, id: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() || entry.name === "manifest.json") continue;
    const content = await readFile(path);
    const sha256 = createHash("sha256").update(content).digest("hex");
    files.push({
      path: relative(folder, path).split(sep).join("/"),
      bytes: content.length,
      sha256,
      checked: "none" as const,
    });
  }
  await writeManifest(folder, { id, files, source: "test", revision: "test", at: "2026-11-21T00:00:00Z" });
}
