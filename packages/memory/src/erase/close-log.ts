/** The end of an erasure's work on the records: the log of changes, which told until now what to look for. */

import type { RecordReader } from "@nexus/core";
import { type Erasure, transactCounted } from "./erasure.ts";
import { goneOf, inSteps, pagesOf } from "./pages.ts";

const STEP = 500;

/**
 * Removes the changes up to the request, and those of memories that are gone. What stays is one change `erased` under the
 * job's id: it ends what is cached of the user, and tells readers of the log why sequences before it are missing. A
 * partition that has nothing else is left as it is.
 */
export async function closeLog(erasure: Erasure): Promise<void> {
  const { scope, userId, jobId, deps, beat } = erasure;
  const reader = deps.records.reader(scope);
  const gone = await goneOf(reader, userId);
  const { due, isMarked } = await dueChanges(erasure, reader, gone);
  if (due.length === 0) return;
  // Killed between the marker and the end: one is enough.
  if (!isMarked) {
    const { seqs } = await transactCounted(erasure, async (tx) => {
      tx.change(userId, { op: "erased", memoryId: jobId, version: 0, memories: 0 });
    });
    await deps.projector.project(scope, { entries: seqs, memoryIds: [jobId] });
    await deps.projector.settled();
  }
  for (const step of inSteps(due, STEP)) {
    await transactCounted(erasure, async (tx) => {
      for (const seq of step) tx.remove("change", [userId, seq]);
    });
    await beat();
  }
}

/** Sequences of the changes that go, none when an earlier erasure's marker is all there is; and whether this erasure's is there. */
async function dueChanges(
  { userId, jobId, reached }: Erasure,
  reader: RecordReader,
  gone: ReadonlySet<string>,
): Promise<{ readonly due: readonly number[]; readonly isMarked: boolean }> {
  const due: number[] = [];
  let hasOther = false;
  let isMarked = false;
  for await (const page of pagesOf(reader, "change", [userId])) {
    for (const { seq, op, memoryId } of page) {
      isMarked ||= memoryId === jobId;
      if (memoryId === jobId || (seq > reached && !gone.has(memoryId))) continue;
      due.push(seq);
      hasOther ||= op !== "erased";
    }
  }
  return { due: hasOther || due.length > 1 || isMarked ? due : [], isMarked };
}
