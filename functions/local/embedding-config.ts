/** Settings of the embedding models, from the environment. */

import { NexusError } from "@nexus/core";
import type { RemoteOptions } from "@nexus/embed";
import type { LocalLoaderOptions } from "@nexus/embed/node";
import { type Config, knob } from "@nexus/platform";

export const EMBEDDING_SPEC = {
  modelsDir: knob.optionalText(),
  // E1 is the one whose weight in the ranking was fitted.
  deepModel: knob.text({ default: "e1" }),
  modelMemoryBytes: knob.integer({ default: 8 * 2 ** 30, min: 2 ** 26 }),
  quantization: knob.choice<NonNullable<LocalLoaderOptions["quantization"]>>({
    default: "auto",
    of: ["auto", "fp32", "fp16", "bf16", "q8", "q4"],
  }),
  device: knob.choice<NonNullable<LocalLoaderOptions["device"]>>({
    default: "auto",
    of: ["auto", "cpu", "cuda", "webgpu"],
  }),
  embedUrl: knob.optionalText(),
  embedModel: knob.optionalText(),
  embedKey: knob.optionalText(),
  embedDimension: knob.integer({ default: 0, min: 0, max: 65_536 }),
};

export interface EmbeddingConfig {
  /** Default: `models` in the data directory. */
  readonly modelsDir?: string | undefined;
  /** Used beside the built-in one wherever its files are; undefined for none. */
  readonly deepModel?: string | undefined;
  readonly memoryBytes: number;
  readonly quantization: LocalLoaderOptions["quantization"];
  readonly device: LocalLoaderOptions["device"];
  readonly remote?: Pick<RemoteOptions, "url" | "model" | "key" | "dimension"> | undefined;
}

/** throws  config.invalid for an endpoint without a model or a dimension */
export function embeddingConfig(read: Config<typeof EMBEDDING_SPEC>): EmbeddingConfig {
  const { modelsDir, deepModel, modelMemoryBytes, quantization, device } = read;
  return {
    modelsDir,
    deepModel: deepModel === "none" ? undefined : deepModel,
    memoryBytes: modelMemoryBytes,
    quantization,
    device,
    remote: remoteOf(read),
  };
}

function remoteOf({
  embedUrl,
  embedModel,
  embedKey,
  embedDimension,
}: Config<typeof EMBEDDING_SPEC>): EmbeddingConfig["remote"] {
  if (embedUrl === undefined) return undefined;
  if (embedModel !== undefined && embedDimension > 0)
    return { url: embedUrl, model: embedModel, key: embedKey, dimension: embedDimension };
  const path = embedModel === undefined ? "NEXUS_EMBED_MODEL" : "NEXUS_EMBED_DIMENSION";
  const message = "is needed beside NEXUS_EMBED_URL: the model's name there, and how many numbers its vectors have";
  throw new NexusError("config.invalid", `[nexus/local] ${path} ${message}`, { problems: [{ path, message }] });
}
