/** Changing a memory: a new version of the row, its old state kept in the history. */

import {
  canonicalJson,
  type Json,
  type Memory,
  NexusError,
  partitionOf,
  type PartitionSeq,
  type Transacted,
} from "@nexus/core";
import { newJob } from "../jobs/queue.ts";
import { putOwed } from "../models/owed.ts";
import type { MemoryPatch, Patched, Writer } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import { once } from "./idempotency.ts";
import { type PreparedText, prepareTexts } from "./prepare.ts";
import { notFound } from "./read.ts";
import { reconsider } from "./reconsider.ts";
import type { RememberDependencies } from "./remember.ts";
import { dateFacts, putFacts, removeFacts } from "./facts.ts";
import { readEntityRows } from "./entity-rows.ts";
import { putChunks, putPast, removeChunks, understoodFields } from "./rows.ts";
import type { Told } from "./understand.ts";
import { regraded } from "./worth.ts";

const MAX_ATTEMPTS = 5;

export async function patch(
  writer: Writer,
  id: string,
  changes: MemoryPatch,
  { ifVersion }: { readonly ifVersion?: number | undefined },
  deps: RememberDependencies,
): Promise<Patched> {
  const reader = deps.records.reader(writer.scope);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const [before] = await reader.get("memory", [[id]]);
    if (!before || hasExpired(before, deps.clock.now())) throw notFound(id);
    const draft = draftOf(before, changes);
    const text = draft && (await prepareTexts([told(before, draft, changes)], deps))[0];
    let patched: Memory | undefined;
    let changed: readonly string[] = [];
    const { value, seqs } = await deps.partitions.during(writer.scope, [partitionOf(before.userId)], () =>
      patchOnce(writer, id, partitionOf(before.userId), { changes, ifVersion, draft, text }, deps, (memory, others) => {
        patched = memory;
        changed = others.map((other) => other.id);
      }),
    );
    if (!value) continue;
    // An answer given again under its idempotency key: the change was made then, the memory is as it is now.
    patched ??= (await reader.get("memory", [[id]]))[0];
    if (!patched) throw notFound(id);
    if (patched.pendingCount > 0 || text) deps.jobs.nudge(writer.scope);
    await deps.projector.project(writer.scope, { entries: seqs, memoryIds: [...seqs.map(() => id), ...changed] });
    return { memory: patched, seqs: value };
  }
  throw new NexusError(
    "store.conflict",
    "[nexus/memory] the memory's text kept changing while it was patched; read it and try again",
  );
}

/** The text to be indexed anew, when content, speaker or tags change (the speaker's name and the tags are among the indexed terms). */
interface Draft {
  readonly content: string;
  readonly speaker: string | undefined;
  readonly tags: Json;
}

/** The memory as it will be: what it names and states follows its text. */
function told({ userId, metadata, createdAt }: Memory, draft: Draft, changes: MemoryPatch): Told {
  return { ...draft, userId, createdAt, metadata: changes.metadata ?? metadata };
}

function draftOf(memory: Memory, changes: MemoryPatch): Draft | undefined {
  const tags = (changes.metadata ?? memory.metadata)["tags"] ?? null;
  const draft = { content: changes.content ?? memory.content, speaker: pick(changes.speaker, memory.speaker), tags };
  const before = { content: memory.content, speaker: memory.speaker, tags: memory.metadata["tags"] ?? null };
  return canonicalJson(draft) === canonicalJson(before) ? undefined : draft;
}

interface Prepared {
  readonly changes: MemoryPatch;
  readonly ifVersion: number | undefined;
  readonly draft: Draft | undefined;
  /** `draft`, indexed. */
  readonly text: PreparedText | undefined;
}

/** The sequences of the change (none when it changes nothing), or undefined when the memory needs another text than the one prepared. `onDone` is told of the memory as this very call leaves it. */
async function patchOnce(
  writer: Writer,
  id: string,
  partition: string,
  { changes, ifVersion, draft, text }: Prepared,
  { records, clock, ids, embedder, settings, generations }: RememberDependencies,
  onDone: (memory: Memory, others: readonly Memory[]) => void,
): Promise<Transacted<PartitionSeq[] | undefined>> {
  const state = await generations.of(writer.scope);
  return await records.transact(writer.scope, [partition], async (tx) => {
    const now = clock.now();
    return await once(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
      const [memory] = await tx.get("memory", [[id]]);
      if (!memory || hasExpired(memory, now)) throw notFound(id);
      if (ifVersion !== undefined && ifVersion !== memory.version) {
        throw new NexusError(
          "memory.version_conflict",
          `[nexus/memory] the memory has version ${memory.version}, If-Match asked for ${ifVersion}; read it and decide again`,
        );
      }
      if (canonicalJson([draftOf(memory, changes)]) !== canonicalJson([draft])) return undefined;
      const next = changed(memory, changes, text, new Date(now));
      if (next === memory) {
        onDone(memory, []);
        return [];
      }
      const seq = tx.change(partition, { op: "updated", memoryId: id, version: next.version, memories: 0 });
      const written = { ...next, seq, changedBy: writer.keyId };
      tx.put("memory", written);
      putPast(tx, memory);
      if (text) {
        const partitionEntities = [...(memory.entities ?? []), ...(written.entities ?? [])];
        const entities = await readEntityRows(tx, [{ partition, entities: partitionEntities }]);
        entities.discount(memory);
        entities.count(written);
        entities.write();
        removeFacts(tx, memory);
        putFacts(tx, written, text.understood);
        await removeChunks(tx, memory);
        putChunks(tx, id, 0, text.chunks, embedder.describe());
        putOwed(tx, [id], { state, ids, clock });
        if (text.pendingCount > 0) tx.put("job", newJob("chunks", { memoryId: id }, { ids, clock }));
      } else {
        await dateFacts(tx, written);
      }
      const writing = { now: new Date(now), keyId: writer.keyId };
      const isNewText = text !== undefined && written.content !== memory.content;
      const after = isNewText ? await reconsider(tx, written, text, writing) : { memory: written, others: [] };
      onDone(after.memory, after.others);
      return [{ partition, seq: Math.max(after.memory.seq, ...after.others.map((one) => one.seq)) }];
    });
  });
}

/** The next version, or the same object when the patch changes nothing. */
function changed(memory: Memory, changes: MemoryPatch, text: PreparedText | undefined, now: Date): Memory {
  const next: Memory = {
    ...memory,
    ...(text && {
      content: text.content,
      contentHash: text.contentHash,
      tokenCount: text.tokenCount,
      chunkCount: text.chunks.length,
      pendingCount: text.pendingCount,
      ...understoodFields(text),
      quality: regraded(memory, text.understood.contentQuality),
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
