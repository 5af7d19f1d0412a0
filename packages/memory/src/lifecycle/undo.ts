/** Undoing what writing a memory did to older ones. */

import { type Json, NexusError, partitionOf } from "@nexus/core";
import { once } from "../remember/idempotency.ts";
import { referencesOf, reinstate } from "../remember/links.ts";
import { notFound } from "../remember/read.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import type { Writer } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import type { Undone } from "./lifecycle-service.ts";

export async function undoMerges(writer: Writer, id: string, deps: RememberDependencies): Promise<Undone> {
  const { records, clock, settings } = deps;
  const reader = records.reader(writer.scope);
  const [before] = await reader.get("memory", [[id]]);
  if (!before || hasExpired(before, clock.now())) throw notFound(id);
  const partition = partitionOf(before.userId);
  let changed: string[] = [];
  const { value, seqs } = await deps.partitions.during(writer.scope, [partition], () =>
    records.transact(writer.scope, [partition], async (tx) => {
      const now = clock.now();
      return await once<Json>(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
        const writing = { now: new Date(now), keyId: writer.keyId };
        const restored: string[] = [];
        changed = [];
        let seq = 0;
        for (const reference of await referencesOf(tx, id)) {
          tx.put("reference", { ...reference, undoneAt: writing.now });
          const memory = reference.type === "possiblySupersedes" ? undefined : await reinstate(tx, reference, writing);
          if (!memory) continue;
          changed.push(memory.id);
          if (memory.status === "active") restored.push(memory.id);
          seq = memory.seq;
        }
        if (changed.length === 0)
          throw new NexusError(
            "memory.merge_not_found",
            `[nexus/memory] memory ${id} has merged or superseded nothing, or it was undone already`,
          );
        return { restored, seqs: [{ partition, seq }] };
      });
    }),
  );
  const undone = value as unknown as Pick<Undone, "restored" | "seqs">;
  await deps.projector.project(writer.scope, { entries: seqs, memoryIds: changed });
  const [memory] = await reader.get("memory", [[id]]);
  if (!memory) throw notFound(id);
  return { memory, ...undone };
}
