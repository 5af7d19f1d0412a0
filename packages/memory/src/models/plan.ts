/** Begins a new generation of vectors when another deep model is wanted, and fills what the built-in model lacks. */

import type { Memory, TenantScope } from "@nexus/core";
import { pointId } from "../remember/prepare.ts";
import { GENERATION } from "../remember/rows.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { openFills, putFill } from "./fill-job.ts";
import { generationsToFill, type ModelState } from "./generations.ts";

/** Asked at every sweep. Cost: a read by key a minute; nothing more while nothing changes. */
export async function planModels(scope: TenantScope, deps: RememberDependencies): Promise<void> {
  const wanted = (await deps.deep?.wanted())?.describe();
  const builtIn = deps.embedder.describe().model;
  const now = deps.clock.now();
  /** The filling ended without a comparison, or memories were written while the model failed: as when its files are gone for a while. */
  const isStalled = ({ next, lackingAt = Infinity }: ModelState): boolean =>
    now - lackingAt >= RESUME_MS ||
    (next !== undefined && !next.comparison && now - (next.resumedAt ?? next.startedAt) >= RESUME_MS);
  const resumed = ({ next, ...state }: ModelState): ModelState => ({
    ...state,
    next: next && { ...next, resumedAt: now },
    lackingAt: state.lackingAt && now,
  });
  const begin = (state: ModelState): ModelState | undefined => {
    const isOld = state.builtIn !== builtIn;
    const isNew =
      wanted &&
      state.active?.model !== wanted.model &&
      state.next?.model !== wanted.model &&
      !state.refused.includes(wanted.model);
    if (!isNew) return isStalled(state) ? resumed(state) : isOld ? { ...state } : undefined;
    const number = state.last + 1;
    const next = { number, name: wanted.name, model: wanted.model, startedAt: now };
    // What was kept from before makes room for it.
    return { ...state, next, previous: undefined, last: number };
  };
  const state = await deps.generations.of(scope);
  const planned = begin(state);
  if (!planned) return;
  const reader = deps.records.reader(scope);
  const [newest] = await reader.find({ index: "memoryByNewest", anyOf: [[]], limit: 1 });
  if (!newest) return;
  if (!planned.next && !isStalled(state) && (await hasBuiltIn(scope, newest, deps))) {
    await deps.generations.change(scope, (before) => ({ ...before, builtIn }));
    return;
  }
  // Its files are still away: nothing would come of a walk.
  if (state.last === planned.last && isStalled(state) && !(await areHere(state, deps))) return;
  const isFilling = (await openFills(reader)).length > 0;
  await deps.generations.change(scope, begin, (tx) => {
    if (!isFilling) putFill(tx, state.previous !== undefined, deps);
  });
  deps.jobs.nudge(scope);
}

/** A filling that keeps failing costs a walk over the memories each time. */
const RESUME_MS = 600_000;

async function areHere(state: ModelState, { deep }: Pick<RememberDependencies, "deep">): Promise<boolean> {
  const models = await Promise.all(generationsToFill(state).map(async ({ model }) => await deep?.of(model)));
  return models.every((model) => model !== undefined);
}

/** Whether the first and the last memory have vectors of the built-in model: then all have, since a server writes those of one. */
async function hasBuiltIn(
  scope: TenantScope,
  newest: Memory,
  { records, embedder }: Pick<RememberDependencies, "records" | "embedder">,
): Promise<boolean> {
  const reader = records.reader(scope);
  const [oldest = newest] = await reader.range({ table: "memory", prefix: [], limit: 1 });
  const { name, model } = embedder.describe();
  const rows = await reader.get(
    "vector",
    [oldest, newest].map(({ id }) => [pointId(id, 0), name, GENERATION]),
  );
  return rows.every((row) => row?.model === model);
}
