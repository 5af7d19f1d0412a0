/** Takes back what was learnt: of one user, or for the tenant. */

import { partitionOf, type TenantScope } from "@nexus/core";
import { emptyProfile } from "../engines/learning.ts";
import { WEIGHTS_SETTING } from "../engines/weights.ts";
import type { Writer } from "../requests.ts";
import type { Rating } from "./feedback-service.ts";
import type { FeedbackDependencies } from "./rate.ts";

/** Feedback rows looked through for a memory that is still there. */
const LOOKED_AT = 1_000;

export async function resetProfile(
  { scope }: Writer,
  userId: string | undefined,
  { records, clock, partitions, projector }: FeedbackDependencies,
): Promise<Rating["seqs"]> {
  const partition = partitionOf(userId);
  let memoryIds: string[] = [];
  const { seqs } = await partitions.during(scope, [partition], () =>
    records.transact(scope, [partition], async (tx) => {
      const rows = await tx.range({ table: "feedback", prefix: [partition], limit: LOOKED_AT });
      const ids = new Set(rows.flatMap(({ memoryId }) => (memoryId === undefined ? [] : [memoryId])));
      const keys = [...ids].map((id) => [id]);
      const rated = (await tx.get("memory", keys)).find((memory) => memory !== undefined);
      tx.put("profile", emptyProfile(partition, clock.now()));
      memoryIds = [];
      if (!rated) return;
      // Answers that were cached with the old preferences end with the partition's sequence, which only a change moves.
      const seq = tx.change(partition, { op: "updated", memoryId: rated.id, version: rated.version, memories: 0 });
      tx.put("memory", { ...rated, seq });
      memoryIds = [rated.id];
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
