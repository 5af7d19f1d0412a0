/** What a model's own files say about how it is fed. */

import type { ModelDescription } from "../registry/description.ts";

/** Parsed files of a model's folder; an absent one is {}. */
export interface SettingsFiles {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  /** sentence-transformers' own: the length it was trained on. */
  readonly sentenceConfig: Readonly<Record<string, unknown>>;
}

/** Position tables of these begin after the pad token's number. */
const OFFSET_POSITIONS = new Set(["roberta", "xlm-roberta", "mpnet", "camembert"]);

/** The least limit that anything names, in tokens with the special ones. */
export function tokenLimit(
  model: ModelDescription,
  { config, tokenizerConfig, sentenceConfig }: SettingsFiles,
): number {
  const text = (config["text_config"] ?? config) as Readonly<Record<string, unknown>>;
  const offset = OFFSET_POSITIONS.has(String(config["model_type"])) ? padOf(config) + 1 : 0;
  const limits = [
    model.maxTokens,
    numberOf(sentenceConfig["max_seq_length"]),
    numberOf(tokenizerConfig["model_max_length"]),
    (numberOf(text["max_position_embeddings"]) ?? Infinity) - offset,
  ];
  return Math.min(...limits.filter((limit): limit is number => limit !== undefined && limit > 0));
}

export function padOf(config: Readonly<Record<string, unknown>>): number {
  return numberOf(config["pad_token_id"]) ?? 0;
}

/** Patches of an image and the one token before them; CLIP large: (224 / 14)² + 1. */
export function patchesOf(config: Readonly<Record<string, unknown>>): number {
  const vision = (config["vision_config"] ?? {}) as Readonly<Record<string, unknown>>;
  const side = (numberOf(vision["image_size"]) ?? 224) / (numberOf(vision["patch_size"]) ?? 14);
  return Math.floor(side) ** 2 + 1;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
