/** A time limit for the run of a model that leaves the model alone: what cannot be stopped still counts as using it. */

import { NexusError } from "@nexus/core";
import type { Timers } from "@nexus/platform";
import type { Runner } from "../models/runner.ts";

export interface WithinOptions {
  readonly model: string;
  readonly use: <T>(work: (runner: Runner) => Promise<T>) => Promise<T>;
  readonly timers: Timers;
  /** From when the model is there. */
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Runs work with the model. When its time is over the caller goes on, work's signal aborts, and the model is in use
 * until work has ended, so that it is not unloaded under it.
 *
 * throws  embed.timeout, or what getting the model or the work throws
 */
export function runWithin<T>(
  { model, use, timers, ms, signal }: WithinOptions,
  work: (runner: Runner, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const limited = async (runner: Runner): Promise<void> => {
      const controller = new AbortController();
      const leave = (): void => controller.abort(signal.reason);
      const cancel = timers.after(ms, () => {
        const error = new NexusError("embed.timeout", `[nexus/embed:${model}] a batch took longer than ${ms} ms`);
        controller.abort(error);
        reject(error);
      });
      signal.addEventListener("abort", leave, { once: true });
      try {
        resolve(await work(runner, controller.signal));
      } finally {
        cancel();
        signal.removeEventListener("abort", leave);
      }
    };
    use(limited).catch(reject);
  });
}
