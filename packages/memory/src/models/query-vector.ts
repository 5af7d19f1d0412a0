/** A query's vector by the deep model in use, where its time allows. */

import { asNexusError, type TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Skipped } from "../requests.ts";
import type { DenseQuery } from "../sources/source.ts";
import { type Generations, vectorNameOf } from "./generations.ts";

interface DeepQuery {
  readonly query?: (DenseQuery & { readonly unrelatedCosine: number }) | undefined;
  /** Why there is none though there should be. */
  readonly skipped?: Skipped | undefined;
}

export type DeepQueries = (
  scope: TenantScope,
  text: string,
  options: { readonly budgetMs: number; readonly signal?: AbortSignal | undefined },
) => Promise<DeepQuery>;

/** Latest times of the model looked at, to know whether the next one would be in time. One that is late, as the first after a start, says little; with so few a busy spell is soon forgotten. */
const WINDOW = 8;
/** While the model seems too slow, one query in this time tries it: once it is fast again, five of them bring it back. */
const RETRY_MS = 250;

/** What is known of a model's speed. */
interface Pace {
  readonly times: number[];
  triedAt: number;
  /** Queries that were given up and are not answered yet: as while the model is loaded, or with too many at once. */
  overdue: number;
}

/** A model that is late with a query, or was for most of the latest, is left out, and named, but for four queries a second. */
export function createDeepQueries({
  deep,
  generations,
  clock,
}: Pick<Dependencies, "deep" | "clock"> & { readonly generations: Generations }): DeepQueries {
  const paces = new Map<string, Pace>();
  const paceOf = (model: string): Pace => {
    const pace = paces.get(model) ?? { times: [], triedAt: -Infinity, overdue: 0 };
    paces.set(model, pace);
    return pace;
  };
  /** Whether the model is worth waiting for. */
  const isTried = (pace: Pace, budgetMs: number): boolean => {
    if (pace.overdue > 0) return false;
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
      const vector = await within(budgetMs, embedded, pace);
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

  /** The promise's value, or undefined once the time is up; how long it took is noted either way. */
  async function within<T>(ms: number, promise: Promise<T>, pace: Pace): Promise<T | undefined> {
    const started = clock.monotonic();
    let isLate = false;
    const settled = (): void => void (pace.overdue -= Number(isLate));
    promise.then(() => {
      note(pace.times, clock.monotonic() - started);
      return settled();
    }, settled);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      const giveUp = (): void => {
        isLate = true;
        pace.overdue++;
        resolve(undefined);
      };
      // In a process that is busy the vector may be there, behind the timer that is late itself: one more turn lets it in.
      timer = setTimeout(() => {
        timer = setTimeout(giveUp, 0);
      }, ms);
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
