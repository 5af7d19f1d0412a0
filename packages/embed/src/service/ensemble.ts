/** Every model that is here and reads an input, side by side. */

import type { Embedding, EmbedInput, EmbedResult, ModelState } from "@nexus/core";
import { NexusError } from "@nexus/core";
import type { AccessRequest, ModelAccess } from "./model-access.ts";
import type { Outcome } from "./outcome.ts";

export interface EnsembleOptions {
  readonly access: (model: string) => ModelAccess;
  readonly states: () => Promise<readonly ModelState[]>;
}

export interface EnsembleAnswer {
  /** Per input the embeddings of the models that answered, in the registry's order, or the first error where none did. */
  readonly results: readonly (readonly Embedding[] | NexusError)[];
  readonly skipped: EmbedResult["skipped"];
}

/** A model that fails is left out and named; nothing is put in its place. `among`: only these models. */
export async function embedByAll(
  inputs: readonly EmbedInput[],
  request: AccessRequest,
  { access, states }: EnsembleOptions,
  among?: readonly string[],
): Promise<EnsembleAnswer> {
  const here = (await states()).filter(({ id, present }) => present && (among?.includes(id) ?? true));
  const answers = await Promise.all(here.map(({ id }) => embedReadable(access(id), inputs, request)));
  const results = inputs.map((input, i) => {
    const outcomes = answers.map((outcomes) => outcomes[i]).filter((outcome) => outcome !== undefined);
    const embeddings = outcomes.filter((outcome): outcome is Embedding => !(outcome instanceof NexusError));
    if (embeddings.length > 0) return embeddings;
    return outcomes.find((outcome) => outcome instanceof NexusError) ?? nobody(input);
  });
  const skipped = answers.flatMap((outcomes, at) => {
    const error = outcomes.find((outcome) => outcome instanceof NexusError);
    return error ? [{ model: here[at]?.id ?? "", code: error.code }] : [];
  });
  return { results, skipped };
}

/** Outcomes at the places of the inputs that the model reads. */
async function embedReadable(
  model: ModelAccess,
  inputs: readonly EmbedInput[],
  request: AccessRequest,
): Promise<(Outcome | undefined)[]> {
  const { modalities } = model.description;
  const places = [...inputs.keys()].filter((i) => modalities.includes((inputs[i] as EmbedInput).modality));
  const outcomes = await model.embed(
    places.map((i) => inputs[i] as EmbedInput),
    request,
  );
  const placed: (Outcome | undefined)[] = inputs.map(() => undefined);
  for (const [at, i] of places.entries()) placed[i] = outcomes[at];
  return placed;
}

function nobody({ modality }: EmbedInput): NexusError {
  return new NexusError(
    "embed.model_missing",
    `[nexus/embed] no model that reads ${modality} is here; pull or import one`,
  );
}
