/** The embedding models the product knows: E0, which is built in, and the twelve it can load. */

import { NexusError } from "@nexus/core";

import type { ModelDescription } from "./description.ts";
import { LARGE_MODELS } from "./large-models.ts";
import { SMALL_MODELS } from "./small-models.ts";

/** E0's place in the registry; its own module says how it was trained. */
const BUILT_IN: ModelDescription = {
  id: "e0",
  name: "memory-nexus/static-256",
  dimension: 256,
  modalities: ["text", "code"],
  pooling: "static",
  maxTokens: 8_192,
  queryPrefix: "",
  passagePrefix: "",
  dot: false,
  licence: "MIT",
  nonCommercial: false,
  gigabytes: 0.008,
  alternatives: [],
};

/** In the order of their numbers. */
export const MODELS: readonly ModelDescription[] = [BUILT_IN, ...SMALL_MODELS, ...LARGE_MODELS].toSorted(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);

/** throws  embed.model_unknown */
export function describeModel(id: string, models: readonly ModelDescription[] = MODELS): ModelDescription {
  const found = models.find((model) => model.id === id);
  if (found) return found;
  throw new NexusError(
    "embed.model_unknown",
    `[nexus/embed] there is no model of that name; there are ${models.map((model) => model.id).join(", ")}`,
  );
}
