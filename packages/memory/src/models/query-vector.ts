/** A query's vector by the deep model in use, where its time allows. */

import { asNexusError, type TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Skipped } from "../requests.ts";
import type { DenseQuery } from "../sources/source.ts";
import { type Generations, vectorNameOf } from "./generations.ts";

export interface DeepQuery {
  readonly query?: (DenseQuery & { readonly unrelatedCosine: number }) | undefined;
  /** Why there is none though there should be. */
  readonly skipped?: Skipped | undefined;
}

export type DeepQueries = (
  scope: TenantScope,
  text: string,
  options: { readonly budgetMs: number; readonly signal?: AbortSignal | undefined },
) => Promise<DeepQuery>;

/** Latest times of the model looked at, to know whether the next one would be in time. One that is late, as the first after a start, says little; most of so few are known within a second. */
const WINDOW = 8;
/** While the model seems too slow, a query tries it so often: back to speed, it is back in use after five. */
const RETRY_MS = 1_000;

/** What is known of a model's speed. */
interface Pace {
  readonly times: number[];
  triedAt: number;
}

/** A model that was late for most of the latest queries is left out, and named, but for one query a second. */
export function createDeepQueries({
  deep,
  generations,
  clock,
}: Pick<Dependencies, "deep" | "clock"> & { readonly generations: Generations }): DeepQueries {
  const paces = new Map<string, Pace>();
  const paceOf = (model: string): Pace => {
    const pace = paces.get(model) ?? { times: [], triedAt: -Infinity };
    paces.set(model, pace);
    return pace;
  };
  /** Whether the model is worth waiting for. */
  const isTried = (pace: Pace, budgetMs: number): boolean => {
    const late = pace.times.filter((ms) => ms > budgetMs).length;
    const now = clock.monotonic();
    if (2 * late > WINDOW && now - pace.triedAt < RETRY_MS) return false;
    pace.triedAt = now;
    return true;
  };
  return async (scope, text, { budgetMs, signal }) => {
    if (!deep) return {};
    const { active } = await generations.of(scope);
    if (!active) return {};
    const started = clock.monotonic();
    const skip = (reason: Skipped["reason"], code?: Skipped["code"]): DeepQuery => ({
      skipped: { source: "model", reason, elapsedMs: clock.monotonic() - started, code },
    });
    try {
      const embedder = await deep.of(active.model);
      if (!embedder) return skip("error", "embed.model_missing");
      const pace = paceOf(active.model);
      if (!isTried(pace, budgetMs)) return skip("deadline");
      const embedded = embedder.embed([text], { role: "query", signal });
      const vector = await within(budgetMs, embedded, (ms) => note(pace.times, ms));
      if (!vector) return skip("deadline");
      const [values] = vector;
      if (!values) return {};
      return {
        query: { name: vectorNameOf(active), values, unrelatedCosine: embedder.describe().unrelatedCosine },
      };
    } catch (error) {
      return skip("error", asNexusError(error).code);
    }
  };

  /** The promise's value, or undefined once the time is up; how long it took is told either way. */
  async function within<T>(ms: number, promise: Promise<T>, took: (ms: number) => void): Promise<T | undefined> {
    const started = clock.monotonic();
    promise.then(
      () => took(clock.monotonic() - started),
      () => undefined,
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), ms);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function note(times: number[], ms: number): void {
  times.push(ms);
  if (times.length > WINDOW) times.shift();
}
