/** One batch through a model: checked, and split where one input spoils it for the others. */

import { asNexusError, type EmbedInput, type ErrorCode, NexusError } from "@nexus/core";
import type { Runner, RunnerOutput, RunOptions } from "../models/runner.ts";

export type Outcome = RunnerOutput | NexusError;

/** What may be the fault of a single input, or of too many at once. */
const SPLITS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "internal.unexpected",
  "embed.input_broken",
  "embed.input_empty",
  "embed.input_too_long",
  "embed.unsupported_modality",
  "embed.invalid_output",
  "embed.memory",
]);

/** What says that the model is ill, not what it was given. */
const ILL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "internal.unexpected",
  "embed.load_failed",
  "embed.checksum",
  "embed.tokenizer",
  "embed.invalid_output",
  "embed.memory",
  "embed.device",
  "embed.timeout",
]);

/** A run that nobody waits for any more says nothing of its model. */
export function isIll(error: unknown): boolean {
  if (error instanceof DOMException && error.name === "AbortError") return false;
  return ILL.has(asNexusError(error).code);
}

/**
 * One outcome per input, in order. A run that fails as a whole is split in halves until what spoils it is alone.
 *
 * cost    one run; at most 2n − 1 where it fails
 * throws  the model's error where no input came through for a reason of the model's, and the signal's reason
 */
export async function runBatch(runner: Runner, inputs: readonly EmbedInput[], options: RunOptions): Promise<Outcome[]> {
  const outcomes = await split(runner, inputs, options);
  const [first] = outcomes;
  if (first instanceof NexusError && outcomes.every((outcome) => outcome instanceof NexusError && isIll(outcome)))
    throw first;
  return outcomes;
}

async function split(runner: Runner, inputs: readonly EmbedInput[], options: RunOptions): Promise<Outcome[]> {
  try {
    const outcomes = await runner.run(inputs, options);
    return inputs.map((_, i) => checked(outcomes[i], runner));
  } catch (error) {
    options.signal?.throwIfAborted();
    const known = asNexusError(error);
    if (!SPLITS.has(known.code)) throw known;
    if (inputs.length === 1) return [known];
    const half = inputs.length >> 1;
    const before = await split(runner, inputs.slice(0, half), options);
    return [...before, ...(await split(runner, inputs.slice(half), options))];
  }
}

/** The output itself, or what is wrong with it: a vector of another length, of numbers that are none, or without a direction. */
function checked(outcome: Outcome | undefined, { id, dimension }: Runner): Outcome {
  if (outcome instanceof NexusError) return outcome;
  const problem = outcome ? problemOf(outcome.vector, dimension) : "nothing";
  if (outcome && problem === undefined) return outcome;
  return new NexusError(
    "embed.invalid_output",
    `[nexus/embed:${id}] gave ${problem}, expected ${dimension} numbers with a direction`,
  );
}

function problemOf(vector: Float32Array, dimension: number): string | undefined {
  if (vector.length !== dimension) return `${vector.length} numbers`;
  let square = 0;
  for (const value of vector) square += value * value;
  if (!Number.isFinite(square)) return "numbers that are not finite";
  return square === 0 ? "a zero vector" : undefined;
}
