/** Forgetting one memory: all that is kept of it goes in one transaction. */

import { type Json, partitionOf } from "@nexus/core";
import type { Forgotten, Writer } from "../requests.ts";
import { hasExpired } from "../subject.ts";
import { earlierAnswer, once } from "./idempotency.ts";
import { notFound } from "./read.ts";
import type { RememberDependencies } from "./remember.ts";
import { removeMemory } from "./remove.ts";

export async function forget(writer: Writer, id: string, deps: RememberDependencies): Promise<Forgotten> {
  const { records, clock, settings } = deps;
  const reader = records.reader(writer.scope);
  // The same DELETE sent again finds no memory, and must get its first answer all the same.
  const earlier = await earlierAnswer<Json>(reader, writer, { now: clock.now() });
  if (earlier !== undefined) return earlier as unknown as Forgotten;
  const [before] = await reader.get("memory", [[id]]);
  if (!before || hasExpired(before, clock.now())) throw notFound(id);
  const partition = partitionOf(before.userId);
  let memoryIds: readonly string[] = [];
  const { value, seqs } = await deps.partitions.during(writer.scope, [partition], () =>
    records.transact(writer.scope, [partition], async (tx) =>
      once(tx, writer, { now: clock.now(), ttlSeconds: settings.idempotencyTtlSeconds }, async () => {
        const removed = await removeMemory(tx, id, { now: new Date(clock.now()), keyId: writer.keyId });
        if (!removed) throw notFound(id);
        ({ memoryIds } = removed);
        return { id, seqs: [{ partition, seq: removed.seq }] };
      }),
    ),
  );
  await deps.projector.project(writer.scope, { entries: seqs, memoryIds });
  return value;
}
