/** One model as the service uses it: cached vectors first, then batches, behind a breaker and retries. */

import {
  asNexusError,
  type Clock,
  type Embedding,
  type EmbedInput,
  NexusError,
  type Random,
  silent,
  type Telemetry,
} from "@nexus/core";
import { type BreakerState, createBreaker, type Timers, withRetry } from "@nexus/platform";
import { createBatcher, type EmbedOneOptions } from "../batching/batcher.ts";
import { isIll } from "../batching/run-batch.ts";
import type { EmbeddingCache } from "../cache/embedding-cache.ts";
import { embeddingKey } from "../cache/key.ts";
import type { EmbeddingSettings } from "../defaults.ts";
import type { ModelPool } from "../models/runner.ts";
import type { ModelDescription } from "../registry/description.ts";
import { emptiness, type Outcome } from "./outcome.ts";

export interface AccessOptions {
  readonly pool: ModelPool;
  readonly cache?: EmbeddingCache | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry?: Telemetry | undefined;
  readonly settings: EmbeddingSettings;
}

export interface AccessRequest extends EmbedOneOptions {
  /** Whose cache it is; without one nothing is cached. */
  readonly tenant?: string | undefined;
}

export interface ModelAccess {
  readonly description: ModelDescription;
  /**
   * One outcome per input, in order. Equal inputs are embedded once.
   *
   * throws  the signal's reason only
   */
  embed(inputs: readonly EmbedInput[], request: AccessRequest): Promise<Outcome[]>;
  /** The vector that the cache has of an input, however old. */
  remembered(input: EmbedInput, tenant: string | undefined): Promise<Embedding | undefined>;
  /** What its vectors depend on beside the registry's revision: how its weights are stored. */
  precision(): Promise<string>;
}

const STATE_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

/** throws  embed.model_unknown */
export function createModelAccess(model: string, options: AccessOptions): ModelAccess {
  const { pool, cache, clock, timers, random, settings, telemetry = silent } = options;
  const description = pool.describe(model);
  // A static model is faster than the key's hash.
  const cached = description.pooling === "static" ? undefined : cache;
  const revision = description.source?.revision ?? description.name;
  let precision: string | undefined;

  const breaker = createBreaker({
    name: `model ${model}`,
    clock,
    ...settings.breaker,
    isFailure: isIll,
    onState: (state) => telemetry.gauge("breaker_state", STATE_VALUES[state], { dependency: `embed-${model}` }),
  });
  const batcher = createBatcher({
    model,
    maxTokens: description.maxTokens,
    use: (work) =>
      pool.use(model, (runner) => {
        precision = runner.quantization ?? precision;
        return work(runner);
      }),
    guard: (call, signal) => withRetry(() => breaker.run(call), { policy: settings.retry, random, timers, signal }),
    settings: settings.batch,
    clock,
    timers,
    telemetry,
  });

  const precisionOf = async (): Promise<string> => {
    precision ??= (await pool.states()).find(({ id }) => id === model)?.quantization ?? "";
    return precision;
  };
  const keyOf = async (input: EmbedInput, tenant: string | undefined): Promise<string | undefined> =>
    cached && tenant !== undefined
      ? await embeddingKey(input, { tenant, model, revision, precision: await precisionOf() })
      : undefined;
  const run = async (input: EmbedInput, key: string | undefined, request: AccessRequest): Promise<Outcome> => {
    const expected = precision;
    try {
      const output = await batcher.embed(input, request);
      // Once it is loaded a model may turn out to be stored in another way than its files promised.
      const own = precision === expected ? key : await keyOf(input, request.tenant);
      if (own !== undefined) cached?.set(own, output);
      return { ...output, model, cached: false };
    } catch (error) {
      request.signal?.throwIfAborted();
      return asNexusError(error);
    }
  };
  const look = (key: string | undefined, truncate: boolean | undefined): Outcome | undefined => {
    const found = key === undefined ? undefined : cached?.get(key);
    // A text that was cut is to be refused: the model says so.
    return found && !(truncate === false && found.truncated) ? { ...found, model, cached: true } : undefined;
  };
  return {
    description,
    precision: precisionOf,
    async embed(inputs, request) {
      request.signal?.throwIfAborted();
      const outcomes: (Outcome | undefined)[] = inputs.map(
        (input) => emptiness(input) ?? unreadable(description, input),
      );
      const keys = await Promise.all(
        inputs.map(async (input, i) => (outcomes[i] ? undefined : await keyOf(input, request.tenant))),
      );
      const first = new Map<string, number>();
      const missing: number[] = [];
      for (const [i, key] of keys.entries()) {
        if (outcomes[i]) continue;
        if (key !== undefined && first.has(key)) continue;
        if (key !== undefined) first.set(key, i);
        outcomes[i] = look(key, request.truncate);
        if (!outcomes[i]) missing.push(i);
      }
      await inWindow(missing, settings.requestWindow, async (i) => {
        outcomes[i] = await run(inputs[i] as EmbedInput, keys[i], request);
      });
      return outcomes.map((outcome, i) => outcome ?? copyOf(outcomes[first.get(keys[i] ?? "") ?? -1]));
    },
    async remembered(input, tenant) {
      const key = await keyOf(input, tenant);
      const found = key === undefined ? undefined : cached?.get(key, { ended: true });
      return found && { ...found, model, cached: true };
    },
  };
}

function unreadable({ id, modalities }: ModelDescription, { modality }: EmbedInput): NexusError | undefined {
  if (modalities.includes(modality)) return undefined;
  return new NexusError(
    "embed.unsupported_modality",
    `[nexus/embed] model ${id} reads ${modalities.join(" and ")}, not ${modality}; name another model, or none`,
  );
}

/** For an input that stood in the request before; its vector is the caller's own. */
function copyOf(outcome: Outcome | undefined): Outcome {
  if (outcome instanceof NexusError) return outcome;
  if (outcome) return { ...outcome, vector: outcome.vector.slice() };
  return new NexusError("internal.unexpected", "[nexus/embed] an input was left without an outcome");
}

/** Runs the work for each item, at most `limit` at a time, begun in order. */
async function inWindow(items: readonly number[], limit: number, work: (item: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as number);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
