/** Rows of other products: told like anything else, together where all are good, one by one where one is not. */

import { NexusError } from "@nexus/core";
import { remember, type RememberDependencies } from "../remember/remember.ts";
import type { NewMemory, Writer } from "../requests.ts";
import type { ImportResult } from "./transfer-service.ts";

/** The row's own fault; anything else ends the import. */
const ROW_STATUSES = new Set([400, 409, 413, 422]);

export async function tellAll(
  writer: Writer,
  memories: readonly NewMemory[],
  deps: RememberDependencies,
): Promise<ImportResult[]> {
  try {
    const { results } = await remember(writer, memories, deps);
    return results.map(({ event }) => ({ event: event === "unchanged" ? "unchanged" : "imported" }));
  } catch (error) {
    // A collision of writers is a 409 too, and no row's fault.
    if (!(error instanceof NexusError) || error.retryable || !ROW_STATUSES.has(error.status)) throw error;
    if (memories.length === 1) return [{ event: "failed", error: { code: error.code, detail: error.message } }];
    const results: ImportResult[] = [];
    for (const memory of memories) results.push(...(await tellAll(writer, [memory], deps)));
    return results;
  }
}
