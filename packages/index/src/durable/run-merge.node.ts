/** Has a merge done where it does not hold up the event loop: in a worker thread of its own. */

import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { type ErrorCode, NexusError } from "@nexus/core";
import type { OpenFile } from "./files.node.ts";
import { merge, type MergeResult, type MergeTask } from "./merge.node.ts";
import type { MergeAnswer } from "./merge-worker.node.ts";

/**
 * `signal` ends it early; a file begun is left for the caller to remove.
 *
 * cost     some 40 ms of another thread to start it; a file opener that cannot travel to a thread (a test's) makes it run here
 * throws   as `merge`
 */
export async function runMerge(task: MergeTask, openFile: OpenFile, signal: AbortSignal): Promise<MergeResult> {
  if (openFile !== open) return await merge(task, openFile, signal);
  signal.throwIfAborted();
  const worker = new Worker(new URL("merge-worker.node.ts", import.meta.url), { workerData: task });
  const stop = (): void => void worker.terminate();
  signal.addEventListener("abort", stop);
  try {
    const answer = await new Promise<MergeAnswer>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(signal.aborted ? signal.reason : new Error("the merge's thread ended")));
    });
    if ("result" in answer) return answer.result;
    const { kind, code, message } = answer.problem;
    throw kind === "nexus" ? new NexusError(code as ErrorCode, message) : Object.assign(new Error(message), { code });
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}
