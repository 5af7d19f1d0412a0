/** Log-mel features of a sound, by the feature extractor of transformers.js. */

import type * as Transformers from "@huggingface/transformers";
import { NexusError } from "@nexus/core";

import type { Features } from "./audio-runner.ts";

/** Whisper large-v3's: 128 bins, 25 ms windows every 10 ms, 30 s at 16 kHz. A model's preprocessor_config.json wins. */
const DEFAULTS = {
  feature_size: 128,
  sampling_rate: 16_000,
  hop_length: 160,
  n_fft: 400,
  chunk_length: 30,
  n_samples: 480_000,
  nb_max_frames: 3_000,
} as const;

type Extract = (samples: Float32Array) => Promise<{ readonly input_features: Transformers.Tensor }>;

/** throws  embed.device when the library is absent */
export async function createMelReader(config: object): Promise<(samples: Float32Array) => Promise<Features>> {
  const { WhisperFeatureExtractor } = await library();
  // An object that is a function, which its type does not say.
  const extract = new WhisperFeatureExtractor({ ...DEFAULTS, ...config }) as unknown as Extract;
  return async (samples) => {
    const { input_features: features } = await extract(samples);
    return { data: Float32Array.from(features.data as Float32Array), dims: features.dims };
  };
}

async function library(): Promise<typeof Transformers> {
  try {
    return await import("@huggingface/transformers");
  } catch (cause) {
    throw new NexusError("embed.device", "[nexus/embed] @huggingface/transformers is not installed; run: npm install", {
      cause,
    });
  }
}
