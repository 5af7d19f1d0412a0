/** The write path: prepare, commit, project. Resolves after the commit; what the projection has not managed by then, reads overlay. */

import { asNexusError, LIMITS, type Memory, NexusError, type PartitionSeq } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Volatile } from "../erase/volatile.ts";
import type { JobRunner } from "../jobs/runner.ts";
import { type Generations, generationsToFill } from "../models/generations.ts";
import type { Partitions } from "../partitions.ts";
import type { NewMemory, Remembered, RememberResult, Writer } from "../requests.ts";
import { forgetBatch } from "../jobs/forget-many.ts";
import { hasExpired } from "../subject.ts";
import { findCandidates } from "./candidates.ts";
import { commit, type CommitOptions, type Committed, partitionsOf } from "./commit.ts";
import { ExpiredHolders } from "./identity.ts";
import { type PreparedMemory, prepareAll } from "./prepare.ts";
import { pointsOf } from "./points.ts";
import type { Projector } from "./project.ts";

export interface RememberDependencies extends Dependencies {
  readonly partitions: Partitions;
  readonly projector: Projector;
  readonly jobs: JobRunner;
  readonly volatile: Volatile;
  readonly generations: Generations;
}

export async function remember(
  writer: Writer,
  inputs: readonly NewMemory[],
  deps: RememberDependencies,
): Promise<Remembered> {
  requireFewUsers(inputs);
  if (inputs.length <= LIMITS.maxAtomicBatch) return await rememberPart(writer, inputs, { onConflict: "refuse" }, deps);
  const results: RememberResult[] = [];
  const seqs = new Map<string, number>();
  let projected = true;
  for (let from = 0; from < inputs.length; from += LIMITS.maxAtomicBatch) {
    const part = inputs.slice(from, from + LIMITS.maxAtomicBatch);
    const done = await laterPart(writer, part, from, deps);
    results.push(...done.results);
    for (const { partition, seq } of done.seqs) seqs.set(partition, seq);
    projected &&= done.projected;
  }
  return { results, seqs: [...seqs].map(([partition, seq]): PartitionSeq => ({ partition, seq })), projected };
}

/**
 * A part of a large batch. Once earlier parts are stored, a store that fails must not hide that behind an error:
 * the items of this part are `failed`, and the same request under its idempotency key does the rest.
 */
async function laterPart(
  writer: Writer,
  inputs: readonly NewMemory[],
  from: number,
  deps: RememberDependencies,
): Promise<Remembered> {
  try {
    return await rememberPart(writer, inputs, { onConflict: "report", part: `#${from}` }, deps);
  } catch (error) {
    const { code, message } = asNexusError(error);
    if (from === 0 || !(error instanceof NexusError) || code === "idempotency.mismatch") throw error;
    const failed = { event: "failed", relatedId: null, error: { code, detail: message } } as const;
    return { results: inputs.map(({ id = null }) => ({ id, ...failed })), seqs: [], projected: true };
  }
}

async function rememberPart(
  writer: Writer,
  inputs: readonly NewMemory[],
  options: CommitOptions,
  deps: RememberDependencies,
): Promise<Remembered> {
  const batch = await prepareAll(inputs, deps);
  const { results, seqs, added, changed } = await commitFreeing(writer, batch, options, deps);
  for (const { event } of results) deps.telemetry.count("remember_total", { event });
  const isOwed = added.length > 0 && generationsToFill(await deps.generations.of(writer.scope)).length > 0;
  if (isOwed || added.some(({ pendingCount }) => pendingCount > 0)) deps.jobs.nudge(writer.scope);
  const pending = { entries: seqs, memoryIds: [...added, ...changed].map(({ id }) => id) };
  const projected = await deps.projector.project(writer.scope, pending, knownPoints(batch, added, deps));
  return { results, seqs, projected };
}

/** Commits. Expired memories in the way are forgotten first, each in its own partition, and the commit decides anew. */
async function commitFreeing(
  writer: Writer,
  batch: readonly PreparedMemory[],
  options: CommitOptions,
  deps: RememberDependencies,
): Promise<Committed> {
  for (;;) {
    const candidates = await findCandidates(writer.scope, batch, deps);
    try {
      return await deps.partitions.during(writer.scope, partitionsOf(batch), () =>
        commit(writer, batch, candidates, options, deps),
      );
    } catch (error) {
      if (!(error instanceof ExpiredHolders)) throw error;
      await forgetBatch(writer.scope, error.memories, (memory) => hasExpired(memory, deps.clock.now()), deps);
    }
  }
}

function knownPoints(batch: readonly PreparedMemory[], added: readonly Memory[], deps: RememberDependencies) {
  const texts = new Map(batch.map(({ id, text }) => [id, text]));
  const name = deps.embedder.describe().name;
  return new Map(added.map((memory) => [memory.id, pointsOf(memory, texts.get(memory.id)?.chunks ?? [], name)]));
}

function requireFewUsers(inputs: readonly NewMemory[]): void {
  const users = new Set(inputs.map(({ userId }) => userId));
  if (users.size > LIMITS.maxUsersPerWrite) {
    const message = `a write may name at most ${LIMITS.maxUsersPerWrite} users, this one names ${users.size}; split it by user`;
    throw new NexusError("body.invalid", `[nexus/memory] ${message}`, { problems: [{ path: "memories", message }] });
  }
}
