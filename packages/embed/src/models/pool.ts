/** Keeps models in memory: loads one when it is asked for, unloads the least recently used when memory runs short. */

import { type ModelState, NexusError } from "@nexus/core";
import { createSingleFlight } from "@nexus/platform";

import type { ModelDescription } from "../registry/description.ts";
import { describeModel, MODELS } from "../registry/registry.ts";
import { createGate } from "./gate.ts";
import type { ModelPool, Runner } from "./runner.ts";

/** What is known of a model that is not loaded. */
export interface ModelFiles {
  readonly present: boolean;
  /** Memory it will take, estimated. */
  readonly bytes?: number | undefined;
  readonly quantization?: string | undefined;
  readonly weights?: string | undefined;
}

export interface ModelLoader {
  files(model: ModelDescription): Promise<ModelFiles>;
  /** throws  embed.model_missing, embed.licence, embed.checksum, embed.tokenizer, embed.load_failed, embed.device */
  load(model: ModelDescription): Promise<Runner>;
}

export interface ModelPoolOptions {
  readonly loader: ModelLoader;
  /** Always in memory, outside the budget: E0. */
  readonly builtIn?: readonly Runner[] | undefined;
  /** Bytes all loaded models may take together. Default 8 GiB. */
  readonly memoryBytes?: number | undefined;
  /** Loads that run at once. Default 3. */
  readonly maxLoads?: number | undefined;
  readonly models?: readonly ModelDescription[] | undefined;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly onLoad?: ((event: LoadEvent) => void) | undefined;
}

/** A model came into memory; what had to go for it is in it, so its time is that of the swap. */
export interface LoadEvent {
  readonly id: string;
  readonly ms: number;
  readonly bytes: number;
  readonly device: string;
  readonly unloaded: readonly string[];
}

interface PreloadOutcome {
  readonly id: string;
  /** Absent when it is loaded. */
  readonly error?: NexusError | undefined;
}

export interface PreloadingPool extends ModelPool {
  /** Loads those of the models whose files are here. One that fails is told of and stops none of the others. */
  preload(ids: readonly string[]): Promise<readonly PreloadOutcome[]>;
}

interface Loaded {
  readonly runner: Runner;
  users: number;
  usedAt: number;
}

const DEFAULT_MEMORY_BYTES = 8 * 2 ** 30;
const DEFAULT_MAX_LOADS = 3;

export function createModelPool(options: ModelPoolOptions): PreloadingPool {
  const { loader, now, onLoad, models = MODELS, memoryBytes = DEFAULT_MEMORY_BYTES } = options;
  const builtIn = new Map((options.builtIn ?? []).map((runner) => [runner.id, runner]));
  const loaded = new Map<string, Loaded>();
  const loading = createSingleFlight<Loaded>();
  /** Bytes promised to loads that run. */
  const reserved = new Map<string, number>();
  const gate = createGate(options.maxLoads ?? DEFAULT_MAX_LOADS);
  const working = new Set<Promise<unknown>>();
  let closed = false;

  const unload = async (id: string): Promise<void> => {
    const entry = loaded.get(id);
    loaded.delete(id);
    await entry?.runner.close();
  };

  /** Makes room, oldest first; what is in use stays. */
  const makeRoom = async (id: string, bytes: number): Promise<string[]> => {
    const unloaded: string[] = [];
    const others = () => [...reserved].reduce((sum, [other, size]) => (other === id ? sum : sum + size), 0);
    const held = () => [...loaded.values()].reduce((sum, { runner }) => sum + runner.bytes, 0);
    const busy = () => [...loaded.values()].reduce((sum, { runner, users }) => sum + (users > 0 ? runner.bytes : 0), 0);
    // Nobody is sent away for a model that will not fit even so.
    if (busy() + others() + bytes > memoryBytes) throw outOfMemory(id, bytes, memoryBytes);
    while (held() + others() + bytes > memoryBytes) {
      const idle = [...loaded].filter(([, { users }]) => users === 0);
      const [oldest] = idle.toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
      if (!oldest) throw outOfMemory(id, bytes, memoryBytes);
      unloaded.push(oldest[0]);
      await unload(oldest[0]);
    }
    return unloaded;
  };

  const load = async (model: ModelDescription): Promise<Loaded> => {
    const startedAt = now();
    const { bytes = 0 } = await loader.files(model);
    // Reserved before the first wait below, so that two loads never count the same room.
    const room = makeRoom(model.id, bytes);
    reserved.set(model.id, bytes);
    try {
      const unloaded = await room;
      const runner = await loader.load(model);
      const entry = { runner, users: 0, usedAt: now() };
      loaded.set(model.id, entry);
      onLoad?.({ id: model.id, ms: now() - startedAt, bytes: runner.bytes, device: runner.device, unloaded });
      return entry;
    } finally {
      reserved.delete(model.id);
    }
  };

  const acquire = async (model: ModelDescription): Promise<Loaded> => {
    const here = loaded.get(model.id);
    if (here && here.runner.lost !== true) {
      here.users++;
      return here;
    }
    loaded.delete(model.id);
    const entry = await loading.run(model.id, () => gate(() => load(model)));
    // It may have been unloaded between its load and this turn.
    if (loaded.get(model.id) !== entry) return acquire(model);
    entry.users++;
    return entry;
  };

  const useLoaded = async <T>(model: ModelDescription, work: (runner: Runner) => Promise<T>): Promise<T> => {
    const entry = await acquire(model);
    try {
      return await work(entry.runner);
    } finally {
      entry.users--;
      entry.usedAt = now();
    }
  };

  const use = async <T>(id: string, work: (runner: Runner) => Promise<T>): Promise<T> => {
    if (closed) {
      throw new NexusError("overload.shed", "[nexus/embed] the models are being unloaded; the server is stopping");
    }
    const always = builtIn.get(id);
    const run = always ? work(always) : useLoaded(describeModel(id, models), work);
    working.add(run);
    return run.finally(() => working.delete(run));
  };

  return {
    describe: (id) => describeModel(id, models),
    use,
    states: () =>
      Promise.all(models.map((model) => stateOf(model, builtIn.get(model.id) ?? loaded.get(model.id)?.runner, loader))),
    preload: (ids) =>
      Promise.all(
        ids.map(async (id): Promise<PreloadOutcome> => {
          try {
            const { present } = builtIn.has(id) ? { present: false } : await loader.files(describeModel(id, models));
            if (present) await use(id, async () => {});
            return { id };
          } catch (error) {
            if (error instanceof NexusError) return { id, error };
            throw error;
          }
        }),
      ),
    async close() {
      closed = true;
      await Promise.allSettled(working);
      await Promise.all([...loaded.keys()].map(unload));
      await Promise.all([...builtIn.values()].map((runner) => runner.close()));
    },
  };
}

async function stateOf(model: ModelDescription, runner: Runner | undefined, loader: ModelLoader): Promise<ModelState> {
  const { id, name, dimension, modalities, licence } = model;
  const common = { id, name, dimension, modalities, licence };
  if (runner) {
    const { device, quantization, weights, bytes } = runner;
    return { ...common, present: true, loaded: true, device, quantization, weights, bytes };
  }
  const files = model.source === undefined ? { present: false } : await loader.files(model);
  return { ...common, ...files, loaded: false };
}

function outOfMemory(id: string, bytes: number, budget: number): NexusError {
  const mebibytes = (count: number): string => `${Math.ceil(count / 2 ** 20)} MiB`;
  return new NexusError(
    "embed.memory",
    `[nexus/embed] model ${id} takes ${mebibytes(bytes)}, and the models in use leave no room for it in ${mebibytes(budget)}; try again, or allow more memory`,
  );
}
