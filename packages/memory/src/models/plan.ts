/** Begins a new generation of vectors when another deep model is wanted, and fills what the built-in model lacks. */

import type { Memory, TenantScope } from "@nexus/core";
import { newJob } from "../jobs/queue.ts";
import { pointId } from "../remember/prepare.ts";
import { GENERATION } from "../remember/rows.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import type { ModelState } from "./generations.ts";

/** Asked at every sweep. Cost: a read by key a minute; nothing more while nothing changes. */
export async function planModels(scope: TenantScope, deps: RememberDependencies): Promise<void> {
  const wanted = (await deps.deep?.wanted())?.describe();
  const builtIn = deps.embedder.describe().model;
  const begin = (state: ModelState): ModelState | undefined => {
    const isOld = state.builtIn !== builtIn;
    const isNew =
      wanted &&
      state.active?.model !== wanted.model &&
      state.next?.model !== wanted.model &&
      !state.refused.includes(wanted.model);
    if (!isNew) return isOld ? { ...state } : undefined;
    const number = state.last + 1;
    const next = { number, name: wanted.name, model: wanted.model, startedAt: deps.clock.now() };
    // What was kept from before makes room for it.
    return { ...state, next, previous: undefined, last: number };
  };
  const state = await deps.generations.of(scope);
  const planned = begin(state);
  if (!planned) return;
  const reader = deps.records.reader(scope);
  const [newest] = await reader.find({ index: "memoryByNewest", anyOf: [[]], limit: 1 });
  if (!newest) return;
  if (!planned.next && (await hasBuiltIn(scope, newest, deps))) {
    await deps.generations.change(scope, (before) => ({ ...before, builtIn }));
    return;
  }
  const open = await reader.find({ index: "jobByStatus", anyOf: [["queued"], ["running"]], limit: OPEN_JOBS });
  const isFilling = open.some(({ kind, payload }) => kind === "embed" && payload["memoryIds"] === undefined);
  await deps.generations.change(scope, begin, (tx) => {
    if (!isFilling) tx.put("job", newJob("embed", { clean: state.previous !== undefined }, deps));
  });
  deps.jobs.nudge(scope);
}

const OPEN_JOBS = 1_000;

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
