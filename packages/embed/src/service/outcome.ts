/** What becomes of one input, and whose fault a failure is. */

import { type Embedding, type EmbedInput, type ErrorCode, NexusError } from "@nexus/core";

export type Outcome = Embedding | NexusError;

/** Faults of the input, which no other model would mend. */
const OF_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "embed.input_empty",
  "embed.input_too_long",
  "embed.input_broken",
  "embed.unsupported_modality",
]);

function isOfInput(error: NexusError): boolean {
  return OF_INPUT.has(error.code);
}

/** A failure that another model may make up for. That too many wait is no such thing: the caller should come again. */
export function isOfModel(outcome: Outcome): outcome is NexusError {
  return outcome instanceof NexusError && !isOfInput(outcome) && outcome.code !== "embed.batch";
}

/** Why there is nothing in the input to embed; undefined where there is something. */
export function emptiness(input: EmbedInput): NexusError | undefined {
  if (sizeOf(input) > 0) return undefined;
  return new NexusError(
    "embed.input_empty",
    `[nexus/embed] an input of modality ${input.modality} is empty; leave it out`,
  );
}

/** More than spaces, control and format characters and halves of pairs: models have no token for those, and would embed the frame around them. */
const ANYTHING = /[^\s\p{Cc}\p{Cf}\p{Cs}]/u;

function sizeOf(input: EmbedInput): number {
  if ("content" in input) return ANYTHING.test(input.content) ? 1 : 0;
  return "bytes" in input ? input.bytes.length : input.samples.length;
}
