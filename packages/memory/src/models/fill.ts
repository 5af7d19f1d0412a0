/** Job `embed`: gives memories the vectors that they lack, of the built-in model and of the generations in use or to come. */

import {
  asNexusError,
  type Job,
  type Json,
  type KeyPart,
  type Memory,
  type RecordReader,
  type TenantScope,
} from "@nexus/core";
import { countMemories } from "../jobs/rebuild.ts";
import type { JobContext, JobHandler } from "../jobs/runner.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { compare } from "./compare.ts";
import { fillMemories, type Target, targetsOf } from "./fill-memories.ts";
import { generationsToFill } from "./generations.ts";
import { cutOver } from "./switch.ts";

/** Memories looked at together. */
const STEP = 32;
/** Walks over all memories for one generation until one finds nothing lacking: what is written meanwhile has a job of its own. */
const MAX_WALKS = 3;

/**
 * Payload `memoryIds`: those alone, and nobody asks after the job. Without: every memory of the tenant, and then the
 * next generation takes its place. `clean`: vectors that no generation in use, to come or kept has are removed too.
 */
export function createEmbedHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, context) => {
    const only = idsOf(job);
    if (!only) return await fillAll(scope, job, context, deps());
    await fillSome(scope, only, job, context, deps());
    return undefined;
  };
}

async function fillSome(
  scope: TenantScope,
  ids: readonly string[],
  { attemptCount }: Job,
  { signal }: JobContext,
  deps: RememberDependencies,
): Promise<void> {
  const rows = await deps.records.reader(scope).get(
    "memory",
    ids.map((id) => [id]),
  );
  const memories = rows.filter((row) => row !== undefined);
  const targets = await targetsOf(scope, deps);
  try {
    for (let from = 0; from < memories.length; from += STEP)
      await fillMemories(scope, memories.slice(from, from + STEP), { targets, signal }, deps);
  } catch (error) {
    const { code, retryable } = asNexusError(error);
    const isLast = !retryable || attemptCount >= deps.settings.jobMaxAttempts;
    if (!code.startsWith("embed.") || !isLast) throw error;
    deps.telemetry.log("warn", "memories wait for vectors of a model that fails", { code });
    return await noteLacking(scope, deps);
  }
  if (!(await isWhole(scope, targets, deps))) await noteLacking(scope, deps);
}

/** Whether the models of all generations were there. */
async function isWhole(
  scope: TenantScope,
  targets: readonly Target[],
  { generations }: RememberDependencies,
): Promise<boolean> {
  const have = new Set(targets.map(({ generation, isDeep }) => (isDeep ? generation : 0)));
  return generationsToFill(await generations.of(scope)).every(({ number }) => have.has(number));
}

/** One mark for all memories: once the model is back, all are walked over (models/plan.ts). */
async function noteLacking(scope: TenantScope, { generations, clock }: RememberDependencies): Promise<void> {
  await generations.change(scope, (state) =>
    state.lackingAt === undefined ? { ...state, lackingAt: clock.now() } : undefined,
  );
}

async function fillAll(
  scope: TenantScope,
  { payload }: Job,
  { progress, giveWay, signal }: JobContext,
  deps: RememberDependencies,
): Promise<Json> {
  const reader = deps.records.reader(scope);
  const clean = payload["clean"] === true;
  let filled = 0;
  let number: number | undefined;
  let whole = false;
  for (let walk = 0; ; walk++) {
    const { next: before } = await deps.generations.of(scope);
    // One that was begun meanwhile has its walks before it.
    if (before?.number !== number) [number, walk] = [before?.number, 0];
    const targets = await targetsOf(scope, deps);
    const total = await countMemories(reader);
    let [found, done] = [0, 0];
    for await (const memories of pages(reader)) {
      signal.throwIfAborted();
      found += await fillMemories(scope, memories, { targets, clean, signal }, deps);
      done += memories.length;
      await progress(done, Math.max(done, total));
      await giveWay();
    }
    filled += found;
    whole = await isWhole(scope, targets, deps);
    const { next: after } = await deps.generations.of(scope);
    if (after?.number === number && (found === 0 || walk + 1 >= MAX_WALKS)) break;
  }
  const builtIn = deps.embedder.describe().model;
  await deps.generations.change(scope, (state) => {
    const lackingAt = whole ? undefined : state.lackingAt;
    return state.builtIn === builtIn && state.lackingAt === lackingAt ? undefined : { ...state, builtIn, lackingAt };
  });
  const { next } = await deps.generations.of(scope);
  if (!next || next.number !== number) return { filled };
  const comparison = await compare(scope, next, deps);
  const isBetter = await cutOver(scope, next.number, comparison, deps);
  return { filled, generation: next.number, comparison: { ...comparison }, inUse: isBetter };
}

function idsOf({ payload }: Job): string[] | undefined {
  const ids = payload["memoryIds"];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : undefined;
}

async function* pages(reader: RecordReader): AsyncGenerator<Memory[]> {
  let after: KeyPart[] | undefined;
  for (;;) {
    const rows = await reader.range({ table: "memory", prefix: [], after, limit: STEP });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return;
    after = [last.id];
  }
}
