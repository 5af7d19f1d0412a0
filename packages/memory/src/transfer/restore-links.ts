/** Puts references and ratings of an export back, once the memories that they are about are there. */

import { type Feedback, type KeyPart, type Memory, partitionOf, type RecordTx, type Reference } from "@nexus/core";
import { learnAnew } from "../feedback/learn-anew.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import type { Writer } from "../requests.ts";
import type { ImportResult } from "./transfer-service.ts";

/** Which memory took in or replaced which: so that it can be undone. No answer depends on them. */
export async function restoreReferences(
  writer: Writer,
  rows: readonly Reference[],
  { records }: RememberDependencies,
): Promise<ImportResult[]> {
  const { value } = await records.transact(writer.scope, [], async (tx) => {
    const [stored, sources, targets] = await Promise.all([
      tx.get(
        "reference",
        rows.map(({ memoryId, type, targetId }) => [memoryId, type, targetId]),
      ),
      memoriesOf(
        tx,
        rows.map(({ memoryId }) => memoryId),
      ),
      memoriesOf(
        tx,
        rows.map(({ targetId }) => targetId),
      ),
    ]);
    return rows.map((row, i): ImportResult => {
      if (stored[i]) return { event: "unchanged" };
      if (!isOf(row.partition, sources.get(row.memoryId)) || !isOf(row.partition, targets.get(row.targetId)))
        return missing("reference");
      tx.put("reference", row);
      return { event: "imported" };
    });
  });
  return value;
}

/** Ratings, and what they taught of their users' preferences. What they did to the memories is in those already. */
export async function restoreFeedback(
  writer: Writer,
  rows: readonly Feedback[],
  { records, partitions, projector }: RememberDependencies,
): Promise<ImportResult[]> {
  const named = [...new Set(rows.map(({ partition }) => partition))].sort();
  const { value, seqs } = await partitions.during(writer.scope, named, () =>
    records.transact(writer.scope, named, async (tx) => {
      const stored = await tx.get(
        "feedback",
        rows.map(({ partition, id }): KeyPart[] => [partition, id]),
      );
      const rated = await memoriesOf(
        tx,
        rows.flatMap(({ memoryId }) => memoryId ?? []),
      );
      const results = rows.map((row, i): ImportResult => {
        if (stored[i]) return { event: "unchanged" };
        if (row.memoryId !== undefined && !isOf(row.partition, rated.get(row.memoryId))) return missing("rating");
        tx.put("feedback", row);
        return { event: "imported" };
      });
      const fresh = rows.filter((_, i) => results[i]?.event === "imported");
      const changed: string[] = [];
      for (const partition of named) {
        const taught = fresh.find((row) => row.partition === partition && row.memoryId !== undefined);
        const memory = taught?.memoryId === undefined ? undefined : rated.get(taught.memoryId);
        if (!memory) continue;
        await learnAnew(tx, partition);
        // Its change ends the cached answers of its user, which preferences are a part of.
        const seq = tx.change(partition, { op: "updated", memoryId: memory.id, version: memory.version, memories: 0 });
        tx.put("memory", { ...memory, seq });
        changed.push(memory.id);
      }
      return { results, changed };
    }),
  );
  await projector.project(writer.scope, { entries: seqs, memoryIds: value.changed });
  return value.results;
}

async function memoriesOf(tx: RecordTx, ids: readonly string[]): Promise<Map<string, Memory>> {
  const rows = await tx.get(
    "memory",
    ids.map((id) => [id]),
  );
  return new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
}

function isOf(partition: string, memory: Memory | undefined): boolean {
  return memory !== undefined && partitionOf(memory.userId) === partition;
}

function missing(what: string): ImportResult {
  const detail = `a memory that this ${what} is about is not there; import the memories first`;
  return { event: "failed", error: { code: "memory.not_found", detail } };
}
