/** The part of a runner that all modalities share: every input fails alone, and batches stay within bounds. */

import { type EmbedInput, NexusError } from "@nexus/core";

import type { RunnerOutput, RunOptions } from "../models/runner.ts";
import { normalise } from "./pooling.ts";

export interface Prepared {
  /** Tokens or frames: what a row of the batch is padded to. */
  readonly length: number;
  readonly tokens: number;
  readonly truncated: boolean;
}

export interface Stages<P extends Prepared> {
  readonly id: string;
  readonly dimension: number;
  /** Vectors keep their norm. */
  readonly dot: boolean;
  /** Each input alone, even among those of its length, when stable vectors are asked for. */
  readonly alone: boolean;
  /** Rows × longest of one call to the model: bounds its memory. */
  readonly maxBatchTokens: number;
  /** throws  a NexusError for an input that cannot be read */
  prepare(input: EmbedInput, options: RunOptions): P | Promise<P>;
  /** One vector a row, not normalised, or what is wrong with the row. */
  compute(rows: readonly P[]): Promise<readonly (Float32Array | NexusError)[]>;
  /** Rows of different groups cannot share a call. */
  group?(row: P): string;
}

type Outcome = RunnerOutput | NexusError;

export async function runInBatches<P extends Prepared>(
  stages: Stages<P>,
  inputs: readonly EmbedInput[],
  options: RunOptions = {},
): Promise<readonly Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const rows: { at: number; row: P }[] = [];
  for (const [at, input] of inputs.entries()) {
    try {
      rows.push({ at, row: await stages.prepare(input, options) });
    } catch (error) {
      outcomes.set(at, asInputError(error));
    }
  }
  for (const batch of split(rows, stages, options.stable === true)) {
    options.signal?.throwIfAborted();
    const vectors = await computeEach(
      stages,
      batch.map(({ row }) => row),
    );
    for (const [i, { at, row }] of batch.entries()) {
      outcomes.set(at, finish(vectors[i], row, stages));
    }
  }
  return inputs.map((_, at) => outcomes.get(at) ?? invalid(stages.id, "nothing at all"));
}

/** Batches of rows of like length: of one group, within the bound, and for stable vectors of one length or of one row. */
function split<P extends Prepared>(
  rows: readonly { at: number; row: P }[],
  stages: Stages<P>,
  stable: boolean,
): { at: number; row: P }[][] {
  const groupOf = ({ row }: { row: P }): string => stages.group?.(row) ?? "";
  const ordered = rows.toSorted((a, b) => groupOf(a).localeCompare(groupOf(b)) || a.row.length - b.row.length);
  const batches: { at: number; row: P }[][] = [];
  for (const entry of ordered) {
    const batch = batches.at(-1);
    const first = batch?.[0];
    const joins =
      batch !== undefined &&
      first !== undefined &&
      groupOf(first) === groupOf(entry) &&
      entry.row.length * (batch.length + 1) <= stages.maxBatchTokens &&
      (!stable || (!stages.alone && first.row.length === entry.row.length));
    if (joins) batch.push(entry);
    else batches.push([entry]);
  }
  return batches;
}

/** A batch that fails as a whole is tried row by row, so that one bad row does not take the others with it. */
async function computeEach<P extends Prepared>(
  stages: Stages<P>,
  rows: readonly P[],
): Promise<readonly (Float32Array | NexusError)[]> {
  try {
    return await stages.compute(rows);
  } catch (error) {
    if (rows.length === 1) return [asRunError(error, stages.id)];
    const alone: (Float32Array | NexusError)[] = [];
    for (const row of rows) alone.push(...(await computeEach(stages, [row])));
    return alone;
  }
}

function finish<P extends Prepared>(
  vector: Float32Array | NexusError | undefined,
  row: P,
  { id, dimension, dot }: Stages<P>,
): Outcome {
  if (vector === undefined) return invalid(id, "no vector");
  if (vector instanceof NexusError) return vector;
  if (vector.length !== dimension) return invalid(id, `${vector.length} numbers, expected ${dimension}`);
  if (!vector.every((value) => Number.isFinite(value))) return invalid(id, "a number that is not finite");
  if (!dot && !normalise(vector)) return invalid(id, "a vector without direction");
  return { vector, tokens: row.tokens, truncated: row.truncated };
}

function invalid(id: string, seen: string): NexusError {
  return new NexusError(
    "embed.invalid_output",
    `[nexus/embed] model ${id} gave ${seen}; check its files with: nexus models list`,
  );
}

function asInputError(error: unknown): NexusError {
  if (error instanceof NexusError) return error;
  return new NexusError("embed.input_broken", "[nexus/embed] an input cannot be read", { cause: error });
}

function asRunError(error: unknown, id: string): NexusError {
  if (error instanceof NexusError) return error;
  return new NexusError("embed.invalid_output", `[nexus/embed] model ${id} failed on an input; see the server's log`, {
    cause: error,
  });
}
