/** Ending a memory's validity by hand. */

import { type Json, type Memory, NexusError, partitionOf } from "@nexus/core";
import { dateFacts } from "../remember/facts.ts";
import { once } from "../remember/idempotency.ts";
import { notFound } from "../remember/read.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { putPast } from "../remember/rows.ts";
import type { Writer } from "../requests.ts";
import { hasExpired, heldFrom } from "../subject.ts";
import type { Changed, InvalidateRequest } from "./lifecycle-service.ts";

export async function invalidate(
  writer: Writer,
  id: string,
  { reason, validTo }: InvalidateRequest,
  { ifVersion }: { readonly ifVersion?: number | undefined },
  deps: RememberDependencies,
): Promise<Changed> {
  const { records, clock, settings } = deps;
  const [before] = await records.reader(writer.scope).get("memory", [[id]]);
  if (!before || hasExpired(before, clock.now())) throw notFound(id);
  const partition = partitionOf(before.userId);
  const { value, seqs } = await deps.partitions.during(writer.scope, [partition], () =>
    records.transact(writer.scope, [partition], async (tx) => {
      const now = clock.now();
      return await once<Json>(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
        const [memory] = await tx.get("memory", [[id]]);
        if (!memory || hasExpired(memory, now)) throw notFound(id);
        requireVersion(memory, ifVersion);
        const end = endOf(memory, validTo, now);
        const version = memory.version + 1;
        const seq = tx.change(partition, { op: "invalidated", memoryId: id, version, memories: 0 });
        putPast(tx, memory);
        const ended: Memory = {
          ...memory,
          status: "invalidated",
          invalidReason: reason,
          validTo: end,
          version,
          seq,
          updatedAt: new Date(now),
          changedBy: writer.keyId,
        };
        tx.put("memory", ended);
        await dateFacts(tx, ended);
        return [{ partition, seq }];
      });
    }),
  );
  await deps.projector.project(writer.scope, { entries: seqs, memoryIds: seqs.map(() => id) });
  const [memory] = await records.reader(writer.scope).get("memory", [[id]]);
  if (!memory) throw notFound(id);
  return { memory, seqs: value as unknown as Changed["seqs"] };
}

/** Never later than it ended anyway. Without a moment: now, or where it begins if that is still to come: then it never held. */
function endOf(memory: Memory, asked: Date | undefined, now: number): Date {
  const began = heldFrom(memory);
  if (asked && asked.getTime() <= began) throw endsBeforeItBegins();
  const end = asked?.getTime() ?? Math.max(now, began);
  return new Date(Math.min(end, memory.validTo?.getTime() ?? end));
}

function requireVersion({ version }: Memory, ifVersion: number | undefined): void {
  if (ifVersion === undefined || ifVersion === version) return;
  throw new NexusError(
    "memory.version_conflict",
    `[nexus/memory] the memory has version ${version}, If-Match asked for ${ifVersion}; read it and decide again`,
  );
}

function endsBeforeItBegins(): NexusError {
  const message = "must be later than the memory's validFrom (or createdAt)";
  return new NexusError("memory.time_invalid", `[nexus/memory] validTo ${message}`, {
    problems: [{ path: "validTo", message }],
  });
}
