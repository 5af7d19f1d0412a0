/** Changing a memory: a new version of the row, its old state kept in the history. */

import { canonicalJson, type Memory, NexusError, partitionOf } from "@nexus/core";
import { newJob } from "../jobs/queue.ts";
import type { MemoryPatch, Patched, Writer } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import { once } from "./idempotency.ts";
import { type PreparedText, prepareTexts } from "./prepare.ts";
import { notFound } from "./read.ts";
import type { RememberDependencies } from "./remember.ts";
import { putChunks, putPast, removeChunks } from "./rows.ts";

const MAX_ATTEMPTS = 5;

export async function patch(
  writer: Writer,
  id: string,
  changes: MemoryPatch,
  { ifVersion }: { readonly ifVersion?: number | undefined },
  deps: RememberDependencies,
): Promise<Patched> {
  for (let attempt = 1; ; attempt++) {
    const [before] = await deps.records.reader(writer.scope).get("memory", [[id]]);
    if (!before || hasExpired(before, deps.clock.now())) throw notFound(id);
    const text = await changedText(before, changes, deps);
    const done = await deps.partitions.during(writer.scope, [partitionOf(before.userId)], () =>
      patchOnce(writer, before, changes, ifVersion, text, deps),
    );
    if (done.value === "moved") {
      if (attempt < MAX_ATTEMPTS) continue;
      throw new NexusError(
        "store.conflict",
        "[nexus/memory] the memory kept changing while it was patched; read it and try again",
      );
    }
    const [memory] = await deps.records.reader(writer.scope).get("memory", [[id]]);
    if (!memory) throw notFound(id);
    if (memory.pendingCount > 0) deps.jobs.nudge(writer.scope);
    await deps.projector.project(writer.scope, { entries: done.seqs, memoryIds: done.seqs.map(() => id) });
    return { memory, seqs: done.seqs };
  }
}

/** The text's new chunks, when content or speaker changes (the speaker's name is among the indexed terms). */
async function changedText(
  before: Memory,
  changes: MemoryPatch,
  deps: RememberDependencies,
): Promise<PreparedText | undefined> {
  const content = changes.content ?? before.content;
  const speaker = changes.speaker === undefined ? before.speaker : (changes.speaker ?? undefined);
  if (content === before.content && speaker === before.speaker) return undefined;
  return (await prepareTexts([{ content, speaker }], deps))[0];
}

async function patchOnce(
  writer: Writer,
  before: Memory,
  changes: MemoryPatch,
  ifVersion: number | undefined,
  text: PreparedText | undefined,
  { records, clock, ids, embedder, settings }: RememberDependencies,
) {
  return await records.transact(writer.scope, [partitionOf(before.userId)], async (tx) => {
    const now = clock.now();
    return await once(
      tx,
      writer,
      { now, ttlSeconds: settings.idempotencyTtlSeconds },
      async (): Promise<"patched" | "moved"> => {
        const [memory] = await tx.get("memory", [[before.id]]);
        if (!memory || hasExpired(memory, now)) throw notFound(before.id);
        if (ifVersion !== undefined && ifVersion !== memory.version) {
          throw new NexusError(
            "memory.version_conflict",
            `[nexus/memory] the memory has version ${memory.version}, If-Match asked for ${ifVersion}; read it and decide again`,
          );
        }
        if (memory.seq !== before.seq) return "moved";
        const next = changed(memory, changes, text, new Date(now));
        if (next === memory) return "patched";
        const seq = tx.change(partitionOf(memory.userId), {
          op: "updated",
          memoryId: memory.id,
          version: next.version,
          memories: 0,
        });
        tx.put("memory", { ...next, seq, changedBy: writer.keyId });
        putPast(tx, memory);
        if (text) {
          await removeChunks(tx, memory);
          putChunks(tx, memory.id, 0, text.chunks, embedder.describe());
          if (text.pendingCount > 0) tx.put("job", newJob("chunks", { memoryId: memory.id }, { ids, clock }));
        }
        return "patched";
      },
    );
  });
}

/** The next version, or the same object when the patch changes nothing. */
function changed(memory: Memory, changes: MemoryPatch, text: PreparedText | undefined, now: Date): Memory {
  const next: Memory = {
    ...memory,
    ...(text && {
      content: text.content,
      contentHash: text.contentHash,
      language: text.language,
      tokenCount: text.tokenCount,
      chunkCount: text.chunks.length,
      pendingCount: text.pendingCount,
    }),
    metadata: changes.metadata ?? memory.metadata,
    speaker: pick(changes.speaker, memory.speaker),
    validFrom: pick(changes.validFrom, memory.validFrom),
    validTo: pick(changes.validTo, memory.validTo),
    expiresAt: pick(changes.expiresAt, memory.expiresAt),
  };
  if (canonicalJson(next) === canonicalJson(memory)) return memory;
  if (next.validTo && next.validTo <= (next.validFrom ?? next.createdAt)) {
    throw new NexusError("memory.time_invalid", "[nexus/memory] validTo must be later than validFrom (or createdAt)");
  }
  return { ...next, version: memory.version + 1, updatedAt: now };
}

/** undefined keeps, null removes. */
function pick<T>(change: T | null | undefined, present: T | undefined): T | undefined {
  return change === undefined ? present : (change ?? undefined);
}
