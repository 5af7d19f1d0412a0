/** Takes back what was learnt: of one user, or for the tenant. */

import { partitionOf, type TenantScope } from "@nexus/core";
import { emptyProfile } from "../engines/learning.ts";
import { WEIGHTS_SETTING } from "../engines/weights.ts";
import type { Writer } from "../requests.ts";
import type { Rating } from "./feedback-service.ts";
import type { FeedbackDependencies } from "./rate.ts";

export async function resetProfile(
  { scope }: Writer,
  userId: string | undefined,
  { records, clock, partitions, projector }: FeedbackDependencies,
): Promise<Rating["seqs"]> {
  const partition = partitionOf(userId);
  let memoryIds: string[] = [];
  const { seqs } = await partitions.during(scope, [partition], () =>
    records.transact(scope, [partition], async (tx) => {
      const [memory] = await tx.find({ index: "memoryByUserNewest", anyOf: [[partition]], limit: 1 });
      tx.put("profile", emptyProfile(partition, clock.now()));
      memoryIds = [];
      if (!memory) return;
      // Answers that were cached with the old preferences end with the partition's sequence, which only a change moves.
      const seq = tx.change(partition, { op: "updated", memoryId: memory.id, version: memory.version, memories: 0 });
      tx.put("memory", { ...memory, seq });
      memoryIds = [memory.id];
    }),
  );
  await projector.project(scope, { entries: seqs, memoryIds });
  return seqs;
}

/** The moment is kept, so that ratings before it do not teach the same again. */
export async function resetWeights(scope: TenantScope, { records, clock }: FeedbackDependencies): Promise<void> {
  await records.transact(scope, [], async (tx) => {
    const [row] = await tx.get("setting", [[WEIGHTS_SETTING]]);
    tx.put("setting", {
      name: WEIGHTS_SETTING,
      value: { since: clock.now() },
      version: (row?.version ?? 0) + 1,
      updatedAt: new Date(clock.now()),
    });
  });
}
