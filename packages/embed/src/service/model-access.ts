/** One model as the service uses it: cached vectors first, then batches, behind a breaker and retries. */

import {
  asNexusError,
  type Clock,
  type Embedding,
  type EmbedInput,
  type ModelState,
  NexusError,
  type Random,
  silent,
  type Telemetry,
} from "@nexus/core";
import { type BreakerState, createBreaker, createSingleFlight, type Timers, withRetry } from "@nexus/platform";
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
  /** What its vectors depend on beside the registry's revision: how its weights are stored, and which they are. */
  precision(): Promise<string>;
}

/** A key and what it was made with. */
interface Key {
  readonly text: string;
  readonly tenant: string;
  readonly precision: string;
}

const STATE_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };

/** throws  embed.model_unknown */
export function createModelAccess(model: string, options: AccessOptions): ModelAccess {
  const { pool, cache, clock, timers, random, settings, telemetry = silent } = options;
  const description = pool.describe(model);
  // A static model is faster than the key's hash.
  const cached = description.pooling === "static" ? undefined : cache;
  const revision = revisionOf(description);
  const asking = createSingleFlight<string>();
  let stored = { precision: "", at: -Infinity };

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
        stored = { precision: storageOf(runner), at: clock.monotonic() };
        return work(runner);
      }),
    guard: (call, signal) => withRetry(() => breaker.run(call), { policy: settings.retry, random, timers, signal }),
    settings: settings.batch,
    clock,
    timers,
    telemetry,
  });

  const precisionNow = (): Promise<string> =>
    asking.run(model, async () => {
      const state = (await pool.states()).find(({ id }) => id === model);
      stored = { precision: state ? storageOf(state) : "", at: clock.monotonic() };
      return stored.precision;
    });
  const keyOf = (input: EmbedInput, tenant: string, precision: string): Promise<string> =>
    embeddingKey(input, { tenant, model, revision, precision });
  /** What keys are made with: files are exchanged by hand, so it may be a little old. */
  const precisionOfKeys = async (): Promise<string> =>
    clock.monotonic() - stored.at < settings.presenceMs ? stored.precision : await precisionNow();
  /** Of the inputs that are to have one. */
  const keysOf = async (
    inputs: readonly EmbedInput[],
    tenant: string | undefined,
    wants: (i: number) => boolean,
  ): Promise<(Key | undefined)[]> => {
    if (!cached || tenant === undefined) return inputs.map(() => undefined);
    const precision = await precisionOfKeys();
    return await Promise.all(
      inputs.map(async (input, i) =>
        wants(i) ? { text: await keyOf(input, tenant, precision), tenant, precision } : undefined,
      ),
    );
  };
  const run = async (input: EmbedInput, key: Key | undefined, request: AccessRequest): Promise<Outcome> => {
    try {
      const output = await batcher.embed(input, request);
      // Once it is loaded a model may turn out to be stored in another way than its files promised.
      const isOwn = key === undefined || key.precision === stored.precision;
      const own = isOwn ? key?.text : await keyOf(input, key.tenant, stored.precision);
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
    precision: precisionNow,
    async embed(inputs, request) {
      request.signal?.throwIfAborted();
      const outcomes: (Outcome | undefined)[] = inputs.map(
        (input) => emptiness(input) ?? unreadable(description, input),
      );
      const keys = await keysOf(inputs, request.tenant, (i) => outcomes[i] === undefined);
      const first = new Map<string, number>();
      const missing: number[] = [];
      for (const [i, key] of keys.map((each) => each?.text).entries()) {
        if (outcomes[i]) continue;
        if (key !== undefined && first.has(key)) continue;
        if (key !== undefined) first.set(key, i);
        outcomes[i] = look(key, request.truncate);
        if (!outcomes[i]) missing.push(i);
      }
      await inWindow(missing, settings.requestWindow, async (i) => {
        outcomes[i] = await run(inputs[i] as EmbedInput, keys[i], request);
      });
      return outcomes.map((outcome, i) => outcome ?? copyOf(outcomes[first.get(keys[i]?.text ?? "") ?? -1]));
    },
    async remembered(input, tenant) {
      const [key] = await keysOf([input], tenant, () => true);
      const found = key && cached?.get(key.text, { ended: true });
      return found && { ...found, model, cached: true };
    },
  };
}

/** What of the registry's entry shapes a vector: an entry may change between releases, that of a remote model with its settings. */
function revisionOf({ source, name, dimension, maxTokens, queryPrefix, passagePrefix }: ModelDescription): string {
  return JSON.stringify([source?.revision ?? "", name, dimension, maxTokens, queryPrefix, passagePrefix]);
}

function storageOf({ quantization = "", weights = "" }: Pick<ModelState, "quantization" | "weights">): string {
  return [quantization, weights].filter((part) => part !== "").join("-");
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
