/** Readiness of each store, by asking it something small. */

import { asNexusError, type TenantScope } from "@nexus/core";
import type { DependencyHealth } from "@nexus/protocol";
import type { Stores } from "./stores.ts";

/** The probe reads as `scope`, which needs to hold nothing. */
export async function healthOf(
  { records, vectors, cache, blobs }: Stores,
  scope: TenantScope,
): Promise<Record<string, DependencyHealth>> {
  const [recordsHealth, vectorsHealth, cacheHealth, blobsHealth] = await Promise.all([
    probe(() => records.reader(scope).get("partition", [["_"]])),
    probe(() => vectors.describe(scope)),
    probe(() => cache.get(scope, ["health"])),
    probe(() => blobs.get(scope, "health")),
  ]);
  return { records: recordsHealth, vectors: vectorsHealth, cache: cacheHealth, blobs: blobsHealth };
}

async function probe(ask: () => Promise<unknown>): Promise<DependencyHealth> {
  const started = performance.now();
  try {
    await ask();
    return { status: "ok", latencyMs: performance.now() - started, breaker: "closed" };
  } catch (error) {
    // An embedded store has no breaker: it is there or the process is not. A code says which of its files is at fault.
    return {
      status: asNexusError(error).retryable ? "degraded" : "down",
      latencyMs: performance.now() - started,
      breaker: null,
    };
  }
}
