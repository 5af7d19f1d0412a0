/** Gathers the inputs of all callers into batches for one model, as large as answers in time. */

import { asNexusError, type Clock, type EmbedInput, NexusError, type Telemetry } from "@nexus/core";
import type { Timers } from "@nexus/platform";
import type { Runner, RunnerOutput } from "../models/runner.ts";
import { createPace, type PaceLimits } from "./batch-pace.ts";
import { BatchQueue, type TakeOptions, type Waiting } from "./batch-queue.ts";
import { runBatch } from "./run-batch.ts";
import { runWithin } from "./run-within.ts";

export interface BatchSettings extends PaceLimits, Pick<TakeOptions, "padding" | "maxBatchTokens"> {
  /** Inputs that may wait; more are `embed.batch`. */
  readonly maxQueue: number;
  /** Batches at once: more than one only where the device overlaps them. */
  readonly overlap: number;
  readonly runTimeoutMs: number;
  /** Whether a vector must not depend on what else is in its batch. */
  readonly stable: boolean;
}

export interface BatcherOptions {
  readonly model: string;
  readonly maxTokens: number;
  /** The model in memory, loaded if need be. */
  readonly use: <T>(work: (runner: Runner) => Promise<T>) => Promise<T>;
  /** Around each batch, loading included: breaker and retries. May call several times. */
  readonly guard: <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  readonly settings: BatchSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
}

export interface EmbedOneOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default true. */
  readonly truncate?: boolean | undefined;
  /** Behind the queries. */
  readonly background?: boolean | undefined;
}

export interface Batcher {
  /**
   * throws  embed.batch with a retry-after when too many wait, embed.timeout, the signal's reason as soon as it aborts,
   *         what the model says of this input, or why the model cannot be had
   */
  embed(input: EmbedInput, options?: EmbedOneOptions): Promise<RunnerOutput>;
  /** Inputs that wait, without those that run. */
  waiting(): number;
}

export function createBatcher(options: BatcherOptions): Batcher {
  const { model, settings, clock, timers, telemetry } = options;
  const labels = { model };
  const queue = new BatchQueue();
  const pace = createPace(settings, clock);
  let running = 0;
  let isScheduled = false;
  let cancelTimer: (() => void) | undefined;

  const changed = (): void => telemetry.gauge("embed_queue", queue.size, labels);
  const stopWaiting = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
  };
  const wake = (): void => {
    if (running >= settings.overlap || queue.size === 0 || isScheduled) return;
    const ms = pace.waitMs(queue.size);
    if (ms > 0) {
      cancelTimer ??= timers.after(ms, begin);
      return;
    }
    stopWaiting();
    isScheduled = true;
    // After the caller's other inputs, which come in the same turn.
    queueMicrotask(() => {
      isScheduled = false;
      begin();
    });
  };
  const begin = (): void => {
    stopWaiting();
    if (running >= settings.overlap || queue.size === 0) return;
    running++;
    void runNext().finally(() => {
      running--;
      wake();
    });
    wake();
  };
  /** Never throws. */
  const runNext = async (): Promise<void> => {
    const batch = createRunning();
    try {
      await options.guard(
        () => runWithin({ ...options, ms: settings.runTimeoutMs, signal: batch.signal }, batch.run),
        batch.signal,
      );
    } catch (error) {
      // Without a batch the model could not be had, which goes for all that wait.
      for (const waiting of batch.taken() ?? queue.removeAll()) waiting.reject(asNexusError(error));
      changed();
    }
  };
  /** A batch that is taken once the model is there, and stays the same when it is tried again. */
  const createRunning = () => {
    const controller = new AbortController();
    let taken: Waiting[] | undefined;
    const live = (): Waiting[] => (taken ?? []).filter(({ isWanted }) => isWanted());
    const leave = (): void => {
      if (taken && live().length === 0) controller.abort();
    };
    const run = async (runner: Runner, signal: AbortSignal): Promise<void> => {
      const limits = { ...settings, limit: pace.limit(), maxTokens: options.maxTokens };
      taken ??= queue.take((input) => lengthOf(runner, input), limits);
      for (const waiting of taken) waiting.onLeave = leave;
      changed();
      const wanted = live();
      const [first] = wanted;
      if (!first) return;
      const beside = queue.size;
      const started = clock.monotonic();
      const inputs = wanted.map(({ input }) => input);
      const { truncate } = first;
      const outcomes = await runBatch(runner, inputs, { signal, truncate, stable: settings.stable });
      const ms = clock.monotonic() - started;
      pace.ran(wanted.length, beside, ms);
      telemetry.observe("embed_seconds", ms / 1_000, { model, device: runner.device });
      telemetry.observe("embed_batch_size", wanted.length, labels);
      for (const [i, waiting] of wanted.entries()) {
        const outcome = outcomes[i];
        if (outcome instanceof NexusError) waiting.reject(outcome);
        else if (outcome) waiting.resolve(outcome);
      }
    };
    return { signal: controller.signal, run, taken: () => taken };
  };
  const refuse = (): NexusError => {
    const retryAfterSeconds = Math.max(1, Math.ceil(queue.size / (pace.perSecond() ?? settings.maxQueue)));
    const message = `[nexus/embed:${model}] ${queue.size} inputs wait already, at most ${settings.maxQueue} may; try again in ${retryAfterSeconds} s`;
    return new NexusError("embed.batch", message, { retryAfterSeconds });
  };
  return {
    waiting: () => queue.size,
    embed(input, { signal, truncate = true, background = false } = {}) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        if (queue.size >= settings.maxQueue) return reject(refuse());
        let wanted = true;
        const settled = (): void => {
          wanted = false;
          signal?.removeEventListener("abort", cancel);
        };
        const waiting: Waiting = {
          input,
          truncate,
          background,
          isWanted: () => wanted,
          resolve(output) {
            settled();
            resolve(output);
          },
          reject(error) {
            settled();
            reject(error);
          },
        };
        const cancel = (): void => {
          queue.remove(waiting);
          waiting.reject(signal?.reason);
          waiting.onLeave?.();
          changed();
        };
        signal?.addEventListener("abort", cancel, { once: true });
        queue.push(waiting);
        changed();
        wake();
      });
    },
  };
}

/** An input that is too broken to be measured fails when it is run, and alone. */
function lengthOf(runner: Runner, input: EmbedInput): number {
  try {
    return runner.lengthOf(input);
  } catch {
    return 1;
  }
}
