import { existsSync } from "node:fs";
import { NexusError } from "@nexus/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { loadModel2Vec } from "./model2vec.ts";
import { readModel2Vec } from "./read.node.ts";

const POTION = new URL("../../../../../shared/models/potion-base-2M/", import.meta.url);

const VOCABULARY = { "[UNK]": 0, cat: 1, dog: 2, "##s": 3, train: 4 };
const TOKENIZER = {
  version: "1.0",
  added_tokens: [],
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: true,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: VOCABULARY,
  },
};
const CONFIG = { model_type: "model2vec", hidden_dim: 2 };

function safetensorsOf(tensors: Record<string, { dtype: string; shape: number[]; bytes: Uint8Array }>): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  let place = 8 + json.length;
  for (const { bytes } of Object.values(tensors)) {
    file.set(bytes, place);
    place += bytes.length;
  }
  return file;
}

const f32 = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
/** Rows for [UNK], cat, dog, ##s, train. */
const EMBEDDINGS = { dtype: "F32", shape: [5, 2], bytes: f32(9, 9, 3, 0, 0, 4, 1, 0, -1, -1) };
const safetensors = safetensorsOf({ embeddings: EMBEDDINGS });

describe("loadModel2Vec", () => {
  const embedder = loadModel2Vec({ config: CONFIG, tokenizer: TOKENIZER, safetensors, name: "tiny" });

  it("gives the normalised sum of the tokens' vectors, unknown ones left out", async () => {
    const [both, plural, unknown, none] = await embedder.embed(["Cat, dog!", "cats", "cat zebra", "zebra"]);
    expect([...(both ?? [])].map((value) => value.toFixed(3))).toEqual(["0.600", "0.800"]);
    expect([...(plural ?? [])]).toEqual([1, 0]);
    expect([...(unknown ?? [])]).toEqual([1, 0]);
    expect([...(none ?? [])]).toEqual([0, 0]);
    expect(embedder.describe()).toMatchObject({ name: "tiny", dimension: 2 });
  });

  it("reads halves, token weights and a mapping of tokens to shared rows", async () => {
    // 1 and 2 as f16.
    const halves = { dtype: "F16", shape: [2, 2], bytes: Uint8Array.of(0, 0x3c, 0, 0, 0, 0, 0, 0x40) };
    const mapping = { dtype: "I32", shape: [5], bytes: new Uint8Array(Int32Array.of(0, 0, 1, 1, 1).buffer) };
    const weights = { dtype: "F32", shape: [5], bytes: f32(1, 2, 0.75, 1, 1) };
    const shared = loadModel2Vec({
      config: CONFIG,
      tokenizer: TOKENIZER,
      safetensors: safetensorsOf({ embeddings: halves, mapping, weights }),
    });
    const [vector] = await shared.embed(["cat dog"]);
    expect([...(vector ?? [])].map((value) => value.toFixed(3))).toEqual(["0.800", "0.600"]);
  });

  it("refuses weights that are cut off, foreign or of another width with embed.load_failed", () => {
    const load = (bytes: Uint8Array, config: unknown = CONFIG): string | undefined => {
      try {
        loadModel2Vec({ config, tokenizer: TOKENIZER, safetensors: bytes });
      } catch (error) {
        if (error instanceof NexusError) return error.code;
        throw error;
      }
      return undefined;
    };
    fc.assert(
      fc.property(fc.nat(safetensors.length - 1), (length) => {
        expect(load(safetensors.subarray(0, length))).toBe("embed.load_failed");
      }),
    );
    fc.assert(
      fc.property(fc.nat(safetensors.length - 1), fc.nat(255), (at, value) => {
        const damaged = safetensors.slice();
        damaged[at] = value;
        expect(["embed.load_failed", undefined]).toContain(load(damaged));
      }),
      { numRuns: 500 },
    );
    expect(load(safetensors, { hidden_dim: 64 })).toBe("embed.load_failed");
    expect(load(safetensorsOf({ other: EMBEDDINGS }))).toBe("embed.load_failed");
  });

  it("refuses a damaged tokeniser with embed.tokenizer", () => {
    for (const tokenizer of [{}, null, { model: { type: "Nothing" } }]) {
      expect(() => loadModel2Vec({ config: CONFIG, tokenizer, safetensors })).toThrow(
        expect.objectContaining({ code: "embed.tokenizer" }),
      );
    }
  });

  it("gives no NaN for weights that hold some", async () => {
    const broken = safetensorsOf({
      embeddings: { ...EMBEDDINGS, bytes: f32(9, 9, Number.NaN, 0, 0, 4, 1, 0, -1, -1) },
    });
    const [vector] = await loadModel2Vec({ config: CONFIG, tokenizer: TOKENIZER, safetensors: broken }).embed(["cat"]);
    expect([...(vector ?? [])]).toEqual([0, 0]);
  });
});

describe("readModel2Vec", () => {
  it("names the missing file in embed.load_failed", () => {
    const nowhere = new URL("file:///nowhere/");
    expect(() => readModel2Vec(nowhere)).toThrow(expect.objectContaining({ code: "embed.load_failed" }));
    expect(() => readModel2Vec(nowhere)).toThrow("model.safetensors");
  });

  it.skipIf(!existsSync(POTION))(
    "embeds with the real potion-base-2M: 64 dimensions, near texts nearer by 0.2",
    async () => {
      const embedder = readModel2Vec(POTION, { name: "potion-base-2M" });
      const [kitten, cat, train] = await embedder.embed([
        "a kitten sleeps",
        "the cat is asleep",
        "the train to Porto was late",
      ]);
      const cosine = (a?: Float32Array, b?: Float32Array): number =>
        (a ?? new Float32Array()).reduce((sum, x, i) => sum + x * (b?.[i] ?? 0), 0);
      expect(embedder.describe().dimension).toBe(64);
      expect(cosine(kitten, cat)).toBeGreaterThan(cosine(kitten, train) + 0.2);
    },
  );
});
