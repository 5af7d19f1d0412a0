/** How much work waits, for the gauges: read after each sweep, summed over tenants, so that no label names one. */

import type { Telemetry, TenantScope } from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";

export interface Backlog {
  readonly pending: number;
  readonly oldestSeconds: number;
  readonly deadLetters: number;
  readonly indexBytes: number;
}

/** Rows counted exactly; beyond it the gauge says "at least". */
const LIMIT = 1_000;

export async function backlogOf(
  scope: TenantScope,
  { records, vectors, clock }: Pick<Dependencies, "records" | "vectors" | "clock">,
): Promise<Backlog> {
  const reader = records.reader(scope);
  const entries = await reader.range({ table: "outbox", prefix: [], limit: LIMIT });
  const failed = await reader.find({ index: "jobByStatus", anyOf: [["failed"]], limit: LIMIT });
  const ages = entries.map(({ createdAt }) => (clock.now() - createdAt.getTime()) / 1_000);
  return {
    pending: entries.reduce((sum, { memoryIds }) => sum + memoryIds.length, 0),
    oldestSeconds: Math.max(0, ...ages),
    deadLetters: failed.length,
    indexBytes: (await vectors.describe(scope)).bytes,
  };
}

export function report(backlogs: readonly Backlog[], telemetry: Telemetry): void {
  const sum = (of: (backlog: Backlog) => number): number => backlogs.reduce((total, backlog) => total + of(backlog), 0);
  telemetry.gauge(
    "outbox_pending",
    sum(({ pending }) => pending),
  );
  telemetry.gauge("outbox_oldest_seconds", Math.max(0, ...backlogs.map(({ oldestSeconds }) => oldestSeconds)));
  telemetry.gauge(
    "dead_letters",
    sum(({ deadLetters }) => deadLetters),
  );
  telemetry.gauge(
    "index_bytes",
    sum(({ indexBytes }) => indexBytes),
  );
}
