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

/** Latest times looked at, to know whether the next one would be in time. */
const WINDOW = 64;
/** While the model seems too slow, one query in so many tries it. */
const RETRY = 16;

/** A model whose 95th percentile exceeds the budget is left out, and named, but for one query in sixteen. */
export function createDeepQueries({
  deep,
  generations,
  clock,
}: Pick<Dependencies, "deep" | "clock"> & { readonly generations: Generations }): DeepQueries {
  const times: number[] = [];
  let asked = 0;
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
      if (p95(times) > budgetMs && asked++ % RETRY !== 0) return skip("deadline");
      const vector = await within(budgetMs, embedder.embed([text], { role: "query", signal }), (ms) => note(times, ms));
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

function p95(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(0.95 * sorted.length)] ?? 0;
}
