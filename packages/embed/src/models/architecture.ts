/** Tells by its config.json which model a folder holds. */

import { NexusError } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";
import { MODELS } from "../registry/registry.ts";

type Config = Readonly<Record<string, unknown>>;

/** The one model of the registry that config.json fits. throws  embed.model_unknown */
export function guessModel(config: Config): string {
  const candidates = MODELS.filter((model) => fits(model, config));
  const [only] = candidates;
  if (only && candidates.length === 1) return only.id;
  const { type, hidden, layers } = architectureOf(config);
  const which = candidates.length === 0 ? "no model" : candidates.map(({ id }) => id).join(" or ");
  throw new NexusError(
    "embed.model_unknown",
    `[nexus/embed] a ${type} of ${layers} layers and width ${hidden} is ${which} of the registry; say which with --as`,
  );
}

/** throws  embed.load_failed where the folder holds another model */
export function checkArchitecture(model: ModelDescription, config: Config): void {
  if (!model.architecture || fits(model, config)) return;
  const { modelType, hidden, layers } = model.architecture;
  const seen = architectureOf(config);
  throw new NexusError(
    "embed.load_failed",
    `[nexus/embed] the folder holds a ${seen.type} of ${seen.layers} layers and width ${seen.hidden}; ${model.id} (${model.name}) is a ${modelType} of ${layers} layers and width ${hidden}`,
  );
}

function architectureOf(config: Config): { type: string; hidden: number; layers: number } {
  const number = (source: Config, ...keys: readonly string[]): number =>
    keys.map((key) => source[key]).find((value) => typeof value === "number") ?? 0;
  const vision = (config["vision_config"] ?? {}) as Record<string, unknown>;
  return {
    type: String(config["model_type"]),
    hidden: number(config, "hidden_size", "d_model", "projection_dim"),
    layers: number(config, "num_hidden_layers", "num_layers", "encoder_layers") || number(vision, "num_hidden_layers"),
  };
}

function fits({ architecture }: ModelDescription, config: Config): boolean {
  const { type, hidden, layers } = architectureOf(config);
  return architecture?.modelType === type && architecture.hidden === hidden && architecture.layers === layers;
}
