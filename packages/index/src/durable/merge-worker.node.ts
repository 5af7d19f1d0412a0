/** What runs in the worker thread of a merge: one task, one answer. */

import { open } from "node:fs/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { NexusError } from "@nexus/core";
import { merge, type MergeResult, type MergeTask } from "./merge.node.ts";

/** What comes back: errors of ours by code and message, those of the file system by code. */
export type MergeAnswer =
  | { readonly result: MergeResult }
  | { readonly problem: { readonly kind: "nexus" | "system"; readonly code: string; readonly message: string } };

try {
  answer({ result: await merge(workerData as MergeTask, open) });
} catch (error) {
  const { code = "", message } = error as NodeJS.ErrnoException;
  answer({ problem: { kind: error instanceof NexusError ? "nexus" : "system", code, message } });
}

function answer(message: MergeAnswer): void {
  const port: MessagePort = parentPort!;
  port.postMessage(message, []);
}
