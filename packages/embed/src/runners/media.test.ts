import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type EmbedInput, NexusError } from "@nexus/core";
import sharp from "sharp";
import { afterEach, describe, expect, it } from "vitest";

import { createLocalLoader } from "../models/local-loader.node.ts";
import type { Runner, RunnerOutput } from "../models/runner.ts";
import {
  audioGraph,
  imageGraph,
  projectedTextGraph,
  TINY_TEXT_FILES,
  tinyModel,
  TOKENIZER_FILES,
  WIDTH,
  writeModel,
} from "../models/tiny-model-fixture.node.ts";
import { writeOnnx } from "../onnx/write-onnx.ts";
import { createMelReader } from "./mel.node.ts";
import { createPixelReader } from "./pixels.node.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function runnerOf(id: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<Runner> {
  const modelsDir = await mkdtemp(join(tmpdir(), "nexus-models-"));
  cleanups.push(() => rm(modelsDir, { recursive: true }));
  await writeModel(modelsDir, id, files);
  const runner = await createLocalLoader({ modelsDir, worker: false }).load(tinyModel(id));
  cleanups.push(() => runner.close());
  return runner;
}

/** A tower that is given plain 0…1 pixels, so that its output can be known. */
const PLAIN_PIXELS = {
  size: { shortest_edge: 8 },
  crop_size: { height: 8, width: 8 },
  image_mean: [0, 0, 0],
  image_std: [1, 1, 1],
};

const clip = () =>
  runnerOf("e4", {
    ...TOKENIZER_FILES,
    "config.json": JSON.stringify({
      model_type: "clip",
      projection_dim: WIDTH,
      vision_config: { image_size: 8, patch_size: 4 },
    }),
    "preprocessor_config.json": JSON.stringify(PLAIN_PIXELS),
    "onnx/text_model.onnx": writeOnnx(projectedTextGraph()),
    "onnx/vision_model.onnx": writeOnnx(imageGraph()),
  });

const whisper = () =>
  runnerOf("e5", {
    "config.json": JSON.stringify({ model_type: "whisper", d_model: WIDTH }),
    "preprocessor_config.json": JSON.stringify({ feature_size: 128 }),
    "onnx/encoder_model.onnx": writeOnnx(audioGraph()),
  });

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 255, g: 51, b: 0 } } });

const image = (bytes: Uint8Array): EmbedInput => ({ modality: "image", bytes: new Uint8Array(bytes) });

function outcomesOf(outcomes: readonly (RunnerOutput | NexusError)[]): string[] {
  return outcomes.map((outcome) => (outcome instanceof NexusError ? outcome.code : "vector"));
}

describe("images", () => {
  it("PNG, JPEG and WebP become the same vector, of unit length", async () => {
    const runner = await clip();
    const files = await Promise.all([
      picture(20, 10).png().toBuffer(),
      picture(10, 30).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }).toBuffer(),
      picture(10, 10).webp({ lossless: true }).toBuffer(),
    ]);
    const norm = Math.hypot(1, 0.2, 0, 1);
    for (const outcome of await runner.run(files.map(image))) {
      const { vector, tokens } = outcome as RunnerOutput;
      expect(tokens).toBe(5);
      for (const [i, value] of [1, 0.2, 0, 1].entries()) expect(vector[i]).toBeCloseTo(value / norm, 2);
    }
  });

  it("texts and images of one call each get their own", async () => {
    const runner = await clip();
    const bytes = await picture(9, 9).png().toBuffer();
    const outcomes = await runner.run([
      { modality: "text", content: "cat" },
      image(bytes),
      { modality: "text", content: "sat" },
    ]);
    expect(outcomesOf(outcomes)).toEqual(["vector", "vector", "vector"]);
    const [cat, picked, sat] = outcomes.map((outcome) => (outcome as RunnerOutput).vector);
    expect(cat).not.toEqual(sat);
    expect(picked?.[3]).toBeCloseTo(1 / Math.hypot(1, 0.2, 0, 1), 2);
  });

  it("broken ones fail alone with embed.input_broken", async () => {
    const runner = await clip();
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251);
    const detailed = () => sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
    const [png, jpeg, webp] = await Promise.all([
      detailed().png().toBuffer(),
      detailed().jpeg().toBuffer(),
      detailed().webp().toBuffer(),
    ]);
    const half = (file: Uint8Array) => file.subarray(0, file.length >> 1);
    const outcomes = await runner.run([
      image(half(png)),
      image(half(jpeg)),
      image(half(webp)),
      image(new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>")),
      image(new Uint8Array()),
      image(png),
    ]);
    expect(outcomesOf(outcomes)).toEqual([
      ...Array.from({ length: 4 }, () => "embed.input_broken"),
      "embed.input_empty",
      "vector",
    ]);
  });

  it("a small file that claims a hundred megapixels is refused", async () => {
    const bomb = await picture(11_000, 10_000).png().toBuffer();
    expect(outcomesOf(await (await clip()).run([image(bomb)]))).toEqual(["embed.input_broken"]);
  });

  it("CLIP's own settings normalise with its means and deviations", async () => {
    const read = await createPixelReader({ size: 224, crop_size: 224 });
    const { data, dims } = await read(await picture(300, 224).png().toBuffer());
    expect(dims).toEqual([3, 224, 224]);
    expect(data[0]).toBeCloseTo((1 - 0.48145466) / 0.26862954, 5);
    expect(data[224 * 224]).toBeCloseTo((0.2 - 0.4578275) / 0.26130258, 5);
    expect(data[2 * 224 * 224]).toBeCloseTo(-0.40821073 / 0.27577711, 5);
  });

  it("grey pictures and transparent ones have three channels", async () => {
    const read = await createPixelReader(PLAIN_PIXELS);
    const grey = await sharp(new Uint8Array(100).fill(51), { raw: { width: 10, height: 10, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    expect([...(await read(grey)).data].every((value) => Math.abs(value - 0.2) < 1e-6)).toBe(true);
    const clear = await sharp({
      create: { width: 9, height: 9, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    expect((await read(clear)).data[0]).toBeCloseTo(1, 2);
  });
});

describe("sounds", () => {
  const tone = (seconds: number, rate: number) =>
    Float32Array.from({ length: seconds * rate }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate));

  it("a tone has the same vector at every rate, in mono and stereo, as samples and as a WAV file", async () => {
    const runner = await whisper();
    const mono = tone(2, 16_000);
    const stereo = Float32Array.from({ length: 2 * mono.length }, (_, i) => mono[i >> 1] ?? 0);
    const outcomes = await runner.run([
      { modality: "audio", samples: mono, sampleRate: 16_000, channels: 1 },
      { modality: "audio", samples: stereo, sampleRate: 16_000, channels: 2 },
      { modality: "audio", samples: tone(2, 44_100), sampleRate: 44_100, channels: 1 },
      { modality: "audio", bytes: wav16(mono, 16_000) },
    ]);
    const [first, ...others] = outcomes.map((outcome) => (outcome as RunnerOutput).vector);
    for (const other of others) expect(cosine(first, other)).toBeGreaterThan(0.999);
    expect((outcomes[0] as RunnerOutput).tokens).toBe(100);
  });

  it("a window's vector is the mean of the frames that hold sound", async () => {
    const runner = await whisper();
    const samples = tone(1, 16_000);
    const read = await createMelReader({});
    const { data, dims } = await read(samples);
    expect(dims).toEqual([1, 128, 3_000]);
    const expected = Array.from({ length: WIDTH }, (_, bin) => {
      let sum = 0;
      for (let frame = 0; frame < 50; frame++) sum += data[bin * 3_000 + 2 * frame] ?? 0;
      return sum / 50;
    });
    const [outcome] = await runner.run([{ modality: "audio", samples, sampleRate: 16_000, channels: 1 }]);
    expect(cosine((outcome as RunnerOutput).vector, Float32Array.from(expected))).toBeGreaterThan(0.999999);
  });

  it("35 s are two windows, weighted by their frames", async () => {
    const runner = await whisper();
    const [outcome] = await runner.run([
      { modality: "audio", samples: tone(35, 16_000), sampleRate: 16_000, channels: 1 },
    ]);
    expect(outcome).toMatchObject({ tokens: 1_750, truncated: false });
  });

  it("broken ones fail alone", async () => {
    const runner = await whisper();
    const good = wav16(tone(1, 16_000), 16_000);
    const outcomes = await runner.run([
      { modality: "audio", bytes: good.subarray(0, 1_000) },
      { modality: "audio", bytes: new TextEncoder().encode("ID3 is no WAV file") },
      { modality: "audio", samples: Float32Array.of(NaN, 0, 1), sampleRate: 16_000, channels: 1 },
      { modality: "audio", samples: new Float32Array(), sampleRate: 16_000, channels: 1 },
      { modality: "audio", samples: Float32Array.of(0, 1), sampleRate: 0, channels: 1 },
      { modality: "audio", samples: tone(1, 16_000).map((value) => value * 1e25), sampleRate: 16_000, channels: 1 },
      { modality: "audio", samples: tone(1, 16_000), sampleRate: 44_100.5, channels: 1 },
      { modality: "audio", samples: tone(1, 16_000), sampleRate: 16_000, channels: 1.5 },
      { modality: "text", content: "cat" },
      { modality: "audio", bytes: good },
    ]);
    expect(outcomesOf(outcomes)).toEqual([
      "embed.input_broken",
      "embed.input_broken",
      "embed.input_broken",
      "embed.input_empty",
      "embed.input_broken",
      "embed.input_broken",
      "embed.input_broken",
      "embed.input_broken",
      "embed.unsupported_modality",
      "vector",
    ]);
  });

  it("a text model takes no image", async () => {
    const runner = await runnerOf("e1", TINY_TEXT_FILES);
    expect(outcomesOf(await runner.run([image(new Uint8Array(3))]))).toEqual(["embed.unsupported_modality"]);
  });
});

function cosine(a: Float32Array | undefined, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (const [i, value] of b.entries()) {
    const other = a?.[i] ?? 0;
    dot += other * value;
    aa += other * other;
    bb += value * value;
  }
  return dot / Math.sqrt(aa * bb);
}

function wav16(samples: Float32Array, rate: number): Uint8Array {
  const file = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode("RIFF    WAVEfmt "));
  view.setUint32(4, file.length - 8, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  file.set(new TextEncoder().encode("data"), 36);
  view.setUint32(40, 2 * samples.length, true);
  for (const [i, value] of samples.entries()) view.setInt16(44 + 2 * i, Math.round(value * 32_767), true);
  return file;
}
