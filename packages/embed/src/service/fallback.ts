/** What stands in for a model that fails: its alternative, a vector from before, or the built-in model. */

import { type EmbedInput, type EmbedResult, NexusError } from "@nexus/core";
import type { AccessRequest, ModelAccess } from "./model-access.ts";
import { isOfModel, type Outcome } from "./outcome.ts";

const BUILT_IN = "e0";

export interface FallbackOptions {
  readonly access: (model: string) => ModelAccess;
  /** Whether a model may stand in: that it gives the dimension that was asked for. */
  readonly allows: (model: string) => boolean;
}

export type Skipped = EmbedResult["skipped"][number];

export interface Answered {
  readonly outcomes: readonly Outcome[];
  readonly skipped: readonly Skipped[];
}

/**
 * The model's outcomes; where it failed, and not the input, those of its alternatives in the registry's order, then
 * what the cache has of the model however old, then E0's. What answered instead says so in `insteadOf`.
 */
export async function embedWithFallback(
  model: string,
  inputs: readonly EmbedInput[],
  request: AccessRequest,
  { access, allows }: FallbackOptions,
): Promise<Answered> {
  const asked = access(model);
  const outcomes = await asked.embed(inputs, request);
  const skipped = skippedOf(model, outcomes);
  const failed = (): number[] => [...outcomes.keys()].filter((i) => isOfModel(outcomes[i] as Outcome));
  const tryModel = async (other: string): Promise<void> => {
    const open = failed().filter((i) =>
      access(other).description.modalities.includes((inputs[i] as EmbedInput).modality),
    );
    if (open.length === 0) return;
    const theirs = await access(other).embed(
      open.map((i) => inputs[i] as EmbedInput),
      request,
    );
    for (const [at, i] of open.entries()) {
      const outcome = theirs[at];
      if (outcome && !(outcome instanceof NexusError)) outcomes[i] = { ...outcome, insteadOf: model };
    }
    skipped.push(...skippedOf(other, theirs));
  };
  const others = asked.description.alternatives.filter((other) => other !== BUILT_IN && allows(other));
  for (const other of others) await tryModel(other);
  for (const i of failed()) {
    const known = await asked.remembered(inputs[i] as EmbedInput, request.tenant);
    if (known) outcomes[i] = known;
  }
  if (model !== BUILT_IN && allows(BUILT_IN)) await tryModel(BUILT_IN);
  return { outcomes, skipped };
}

/** The model with the reason for its first failure that was not the input's. */
export function skippedOf(model: string, outcomes: readonly Outcome[]): Skipped[] {
  const failure = outcomes.find(isOfModel);
  return failure ? [{ model, code: failure.code }] : [];
}
