/** Taking a generation into use, and back; the vectors of the one before stay until they are retired. */

import { NexusError, type TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { openFills, putFill } from "./fill-job.ts";
import type { Comparison, Generation, ModelState } from "./generations.ts";

/** A memory that its own beginning does not find says that vectors are wrong, not that meanings differ. */
const LEAST_SELF = 0.5;

/** The comparison is kept either way. False when the new vectors find what they are of much less often than those in use: then it waits for an operator. */
export async function cutOver(
  scope: TenantScope,
  number: number,
  comparison: Comparison,
  { generations, telemetry }: Pick<RememberDependencies, "generations" | "telemetry">,
): Promise<boolean> {
  const isSound = comparison.queries === 0 || comparison.selfAt10 >= LEAST_SELF * comparison.selfAt10InUse;
  const { active } = await generations.change(scope, (state) => {
    if (state.next?.number !== number) return undefined;
    return isSound ? taken(state) : { ...state, next: { ...state.next, comparison } };
  });
  const isActive = active?.number === number;
  if (!isActive) telemetry.log("warn", "a generation of vectors was filled and not taken into use", { ...comparison });
  return isActive;
}

/** What an operator asks for. `refill`: begin again with what was rolled back, or with a filling that failed. */
export type ModelAction = "cutOver" | "rollBack" | "retire" | "refill";

/** throws  embed.generation_missing when there is nothing to take into use, to roll back or to retire */
export async function switchModels(
  scope: TenantScope,
  action: ModelAction,
  deps: RememberDependencies,
): Promise<ModelState> {
  const clean = action === "retire" || action === "rollBack";
  const open = await openFills(deps.records.reader(scope));
  // One that runs may have passed what this one is for.
  const isQueued = open.some(({ status, payload }) => status === "queued" && (!clean || payload["clean"] === true));
  const state = await deps.generations.change(
    scope,
    (before) => after(before, action),
    (tx) => {
      if (needsWalk(action) && !isQueued) putFill(tx, clean, deps);
    },
  );
  if (needsWalk(action)) deps.jobs.nudge(scope);
  return state;
}

/** What was written since a generation was left has no vectors of it; those of one that is dropped are to go. */
function needsWalk(action: ModelAction): boolean {
  return action !== "cutOver";
}

function after(state: ModelState, action: ModelAction): ModelState {
  switch (action) {
    case "cutOver":
      if (!state.next?.comparison) throw nothing("is filled and waits to be taken into use");
      return taken(state);
    case "rollBack": {
      const { active, previous } = state;
      if (!active) throw nothing("is in use that could be rolled back");
      // Twice would bring back what was rolled back, and refuse what was good.
      if (previous && state.refused.includes(previous.model)) throw nothing("is kept that was not rolled back itself");
      return {
        ...state,
        active: previous,
        previous: active,
        next: undefined,
        refused: [...state.refused, active.model],
      };
    }
    case "retire":
      if (!state.previous) throw nothing("is kept from before");
      return { ...state, previous: undefined };
    default:
      return { ...state, refused: [] };
  }
}

function taken(state: ModelState): ModelState {
  const { next, active } = state;
  if (!next) return state;
  const { number, name, model, startedAt } = next;
  return {
    ...state,
    active: { number, name, model, startedAt } satisfies Generation,
    previous: active,
    next: undefined,
  };
}

function nothing(what: string): NexusError {
  return new NexusError("embed.generation_missing", `[nexus/memory] no generation of vectors ${what}`);
}
