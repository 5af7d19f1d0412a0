/** Takes rows in: runs of one kind together, at most 16 users at once, each row with a result of its own. */

import { LIMITS, partitionOf } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import type { Writer } from "../requests.ts";
import { restoreFeedback, restoreReferences } from "./restore-links.ts";
import { restoreMemories } from "./restore-memories.ts";
import { tellAll } from "./tell.ts";
import type { ImportItem, ImportResult } from "./transfer-service.ts";

export async function importItems(
  writer: Writer,
  items: readonly ImportItem[],
  deps: RememberDependencies,
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const run of runsOf(items)) results.push(...(await importRun(writer, run, deps)));
  return results;
}

type Run = {
  [K in ImportItem["kind"]]: { readonly kind: K; readonly items: Extract<ImportItem, { readonly kind: K }>[] };
}[ImportItem["kind"]];

function importRun(writer: Writer, run: Run, deps: RememberDependencies): Promise<ImportResult[]> {
  if (run.kind === "reference") return restoreReferences(writer, rowsOf(run.items), deps);
  if (run.kind === "feedback") return restoreFeedback(writer, rowsOf(run.items), deps);
  return run.kind === "memory"
    ? restoreMemories(writer, memoriesOf(run.items), deps)
    : tellAll(writer, memoriesOf(run.items), deps);
}

function rowsOf<T>(items: readonly { readonly row: T }[]): T[] {
  return items.map(({ row }) => row);
}

function memoriesOf<T>(items: readonly { readonly memory: T }[]): T[] {
  return items.map(({ memory }) => memory);
}

/** Neighbours of one kind, cut where a transaction would name too many partitions. */
function runsOf(items: readonly ImportItem[]): Run[] {
  const runs: Run[] = [];
  let partitions = new Set<string>();
  for (const item of items) {
    const partition = partitionOfItem(item);
    const last = runs.at(-1);
    const fits = partitions.has(partition) || partitions.size < LIMITS.maxUsersPerWrite;
    if (last?.kind === item.kind && fits) (last.items as ImportItem[]).push(item);
    else {
      runs.push({ kind: item.kind, items: [item] } as unknown as Run);
      partitions = new Set();
    }
    partitions.add(partition);
  }
  return runs;
}

function partitionOfItem(item: ImportItem): string {
  return "memory" in item ? partitionOf(item.memory.userId) : item.row.partition;
}
