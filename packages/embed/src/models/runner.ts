/** The seam between the models and whoever runs batches through them: a loaded model, and the pool that loads it. */

import type { EmbedInput, ModelState, NexusError } from "@nexus/core";

import type { ModelDescription } from "../registry/description.ts";

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** false: an input longer than the model reads is `embed.input_too_long` instead of being cut. */
  readonly truncate?: boolean | undefined;
  /**
   * Vectors that do not depend on the other inputs of the call: the runner splits it into batches of one length, and
   * runs an int8 model one input at a time (its activation range is taken over the whole batch). For what is stored or
   * cached; slower.
   */
  readonly stable?: boolean | undefined;
}

export interface RunnerOutput {
  readonly vector: Float32Array;
  /** Tokens (text, code), patches (image) or frames of 20 ms (audio) that the model read. */
  readonly tokens: number;
  readonly truncated: boolean;
}

/** A model in memory. */
export interface Runner {
  /** Of the registry: "e1". */
  readonly id: string;
  readonly dimension: number;
  /** Resident, as well as known. */
  readonly bytes: number;
  readonly device: string;
  readonly quantization?: string | undefined;
  /** Stands for the contents of its files. */
  readonly weights?: string | undefined;
  /** It ended by itself and has to be loaded again. */
  readonly lost?: boolean | undefined;
  /**
   * One outcome per input, in order; an input that cannot be read is an error of its own and the others are embedded.
   * Inputs come in one batch as they are run: the caller sorts and sizes it.
   */
  run(inputs: readonly EmbedInput[], options?: RunOptions): Promise<readonly (RunnerOutput | NexusError)[]>;
  /** How long an input is to the model, in tokens or frames: for sorting and bucketing; cheap, an estimate for text. */
  lengthOf(input: EmbedInput): number;
  close(): Promise<void>;
}

/** The models that are there: loads one when it is asked for. */
export interface ModelPool {
  /** throws  embed.model_unknown */
  describe(id: string): ModelDescription;
  /**
   * Runs work with the model in memory; it is not unloaded meanwhile. Loads at most once at a time per model, ≤ 3 at
   * once; unloads the least recently used when the budget would be exceeded, never one in use.
   *
   * throws  embed.model_unknown, embed.model_missing, embed.licence, embed.checksum, embed.tokenizer,
   *         embed.load_failed, embed.memory, embed.device; and whatever work throws
   */
  use<T>(id: string, work: (runner: Runner) => Promise<T>): Promise<T>;
  states(): Promise<readonly ModelState[]>;
  /** Waits for the work that runs, then unloads every model. */
  close(): Promise<void>;
}
