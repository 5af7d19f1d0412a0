/** Runs an audio encoder: 16 kHz mono in windows of 30 s, the frames of all windows averaged. */

import { type EmbedInput, NexusError } from "@nexus/core";

import type { Runner, RunOptions } from "../models/runner.ts";
import type { ModelDescription } from "../registry/description.ts";
import { type Prepared, runInBatches, type Stages } from "./batch-runner.ts";
import { estimateLength } from "./input-length.ts";
import { pool } from "./pooling.ts";
import { resample, toMono } from "./resample.ts";
import { floatTensor, type OnnxSession } from "./session.ts";
import { unsupported } from "./text-input.ts";
import { decodeWav } from "./wav.ts";

/** Features of one window, as the encoder wants them: [1, mel bins, steps]. */
export interface Features {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface AudioModelParts {
  readonly model: ModelDescription;
  readonly session: OnnxSession;
  /** Log-mel of at most 30 s at 16 kHz, padded to 30 s. */
  readonly featuresOf: (samples: Float32Array) => Promise<Features>;
  readonly bytes: number;
  readonly quantization: string;
}

const SAMPLE_RATE = 16_000;
const MIN_RATE = 1_000;
const MAX_RATE = 768_000;
const WINDOW_SAMPLES = 30 * SAMPLE_RATE;
/** The encoder gives a frame every 20 ms. */
const FRAME_SAMPLES = 320;
/** Whole numbers of 32 bits, sent as they are, still give features; from 1e20 on these are infinite, which would look like a fault of the model. */
const LOUDEST = 2 ** 31;
/** Ten minutes: what comes after is cut, and said to be. */
const MAX_WINDOWS = 20;

interface AudioRow extends Prepared {
  readonly samples: Float32Array;
}

export function createAudioRunner(parts: AudioModelParts): Runner {
  const { model, session } = parts;
  const stages: Stages<AudioRow> = {
    id: model.id,
    dimension: model.dimension,
    dot: model.dot,
    alone: true,
    // One sound at a time: a window alone keeps the processor busy for long.
    maxBatchTokens: 1,
    prepare: (input, options) => prepare(model, input, options),
    compute: async (rows) => {
      const vectors: Float32Array[] = [];
      for (const row of rows) vectors.push(await embedSound(parts, row.samples));
      return vectors;
    },
  };
  return {
    id: model.id,
    dimension: model.dimension,
    bytes: parts.bytes,
    device: session.device,
    quantization: parts.quantization,
    run: (inputs, options) => runInBatches(stages, inputs, options),
    lengthOf: (input) => estimateLength(input, model.maxTokens),
    close: () => session.close(),
  };
}

function prepare(model: ModelDescription, input: EmbedInput, options: RunOptions): AudioRow {
  if (input.modality !== "audio") throw unsupported(model, input);
  const sound = "bytes" in input ? decodeWav(input.bytes) : input;
  const { sampleRate, channels } = sound;
  // Whole ones: a rate with a fraction would have a filter of its own for every sample.
  const possible = Number.isInteger(sampleRate) && sampleRate >= MIN_RATE && sampleRate <= MAX_RATE;
  if (!possible || !Number.isInteger(channels) || channels < 1) {
    throw new NexusError(
      "embed.input_broken",
      `[nexus/embed] a sound has a sample rate or a number of channels that is not possible; send ${MIN_RATE} to ${MAX_RATE} Hz`,
    );
  }
  // What will be cut is not resampled first; a second more, so that it is seen to be too long.
  const most = (Math.ceil((MAX_WINDOWS * WINDOW_SAMPLES * sampleRate) / SAMPLE_RATE) + sampleRate) * channels;
  const whole = resample(toMono({ ...sound, samples: sound.samples.subarray(0, most) }), sampleRate, SAMPLE_RATE);
  if (whole.length === 0)
    throw new NexusError("embed.input_empty", "[nexus/embed] a sound has no samples; leave it out");
  if (!whole.every((value) => Math.abs(value) <= LOUDEST)) {
    throw new NexusError(
      "embed.input_broken",
      "[nexus/embed] a sound has samples that are not finite or far too large; send −1…1",
    );
  }
  const truncated = whole.length > MAX_WINDOWS * WINDOW_SAMPLES;
  if (truncated && options.truncate === false) {
    throw new NexusError(
      "embed.input_too_long",
      `[nexus/embed] a sound is longer than the ${(MAX_WINDOWS * WINDOW_SAMPLES) / SAMPLE_RATE} s that model ${model.id} is given; shorten it, or allow truncation`,
    );
  }
  const samples = truncated ? whole.subarray(0, MAX_WINDOWS * WINDOW_SAMPLES) : whole;
  const frames = Math.ceil(samples.length / FRAME_SAMPLES);
  return { samples, length: frames, tokens: frames, truncated };
}

/** The mean over the frames that hold sound; the padding of the last window is left out. */
async function embedSound({ session, featuresOf }: AudioModelParts, samples: Float32Array): Promise<Float32Array> {
  const input = session.inputs[0];
  const output = session.outputNames[0];
  if (!input || output === undefined) throw new Error("the graph has no input or no output");
  let sum: Float64Array | undefined;
  for (let start = 0; start < samples.length; start += WINDOW_SAMPLES) {
    const window = samples.subarray(start, start + WINDOW_SAMPLES);
    const { data, dims } = await featuresOf(window);
    const states = await session.run({ [input.name]: floatTensor(data, dims, input.type) }, output);
    const frames = Math.min(states.dims[1] ?? 1, Math.ceil(window.length / FRAME_SAMPLES));
    const mean = pool(states, "mean", [{ from: 0, to: frames }])[0] ?? new Float32Array();
    const total = (sum ??= new Float64Array(mean.length));
    for (const [i, value] of mean.entries()) total[i] = (total[i] ?? 0) + value * frames;
  }
  const frames = Math.ceil(samples.length / FRAME_SAMPLES);
  return Float32Array.from(sum ?? [], (value) => value / frames);
}
